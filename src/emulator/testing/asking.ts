// What the emulator's tests ask with: a started emulator per test file, a plain request, a small valid body.
// Leaves judging the answers to the tests.

import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../index.ts";
import { isJsonObject, type JsonObject, objectAt, parseJson, textAt } from "../json.ts";

/** An answer, read to its end. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as an object; an empty one when it is none. */
  readonly json: JsonObject;
}

/** Starts an emulator for the tests of one file; log and plan are emptied before each test. */
export function useEmulator(options: EmulatorOptions = {}): () => Emulator {
  let emulator: Emulator | null = null;
  const get = (): Emulator => {
    if (emulator === null) throw new Error("the emulator is not started yet");
    return emulator;
  };
  beforeAll(async () => {
    emulator = await startEmulator(options);
  });
  beforeEach(() => {
    get().clearFaults();
    get().clearRequests();
  });
  afterAll(async () => get().close());
  return get;
}

/** Sends a request; a body that is no text is sent as JSON. */
export async function ask(
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
  method?: string,
): Promise<Answered> {
  const init: RequestInit = { method: method ?? (body === undefined ? "GET" : "POST"), headers, redirect: "manual" };
  if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: objectOf(text) };
}

/** The message of a Google error. */
export function messageOf(answer: Answered): string {
  return textAt(objectAt(answer.json, "error"), "message") ?? "";
}

/** The reason in the first ErrorInfo of a Google error. */
export function reasonOf(answer: Answered): string | null {
  return /"reason": ?"([A-Z_]+)"/.exec(answer.text)?.[1] ?? null;
}

/** A request for a picture. */
export function pictureRequest(prompt: string, generationConfig: JsonObject = {}): JsonObject {
  return {
    contents: [{ role: "user", parts: [{ text: prompt }] }],
    generationConfig: { responseModalities: ["IMAGE"], ...generationConfig },
  };
}

/** The bytes and label of the pictures in an answer. */
export function picturesIn(answer: Answered): { mimeType: string; bytes: Buffer }[] {
  const found: { mimeType: string; bytes: Buffer }[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (typeof value === "object" && value !== null) {
      if ("mimeType" in value && "data" in value) {
        found.push({ mimeType: String(value.mimeType), bytes: Buffer.from(String(value.data), "base64") });
      } else for (const item of Object.values(value)) walk(item);
    }
  };
  walk(answer.json);
  for (const event of eventsOf(answer)) walk(event);
  return found;
}

/** The data of an event stream's events. */
export function eventsOf(answer: Answered): JsonObject[] {
  return answer.text
    .split("\n\n")
    .filter((block) => block.startsWith("data: "))
    .map((block) => objectOf(block.slice(6)));
}

function objectOf(text: string): JsonObject {
  try {
    const document = parseJson(text);
    return isJsonObject(document) ? document : {};
  } catch {
    return {};
  }
}

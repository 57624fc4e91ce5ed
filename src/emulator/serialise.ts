// An answer's chunks → the bytes of a JSON document, an event stream, or a JSON list, with the oddities that faults ask for.
// Leaves the socket to delivery.ts.

import type { TextShape } from "./answer-shape.ts";
import { googleErrorBody } from "./google-error.ts";
import { isJsonObject, type Json, type JsonObject, listAt, objectAt } from "./json.ts";

/** How an answer is asked for. */
export type AnswerForm = "json" | "sse" | "list";

/** How one service writes it. */
export interface Writing {
  /** Puts a chunk into the service's envelope. */
  readonly wrap: (chunk: JsonObject) => JsonObject;
  /** Google's front ends indent unary JSON by two spaces; Go programs do not. */
  readonly indents: boolean;
  /** The event that ends a broken stream. */
  readonly streamError: (status: number) => string;
}

/** Google's own way of ending a broken stream: a chunk that is an error. */
export function googleStreamError(status: number): string {
  const message =
    status === 503 ? "The model is overloaded. Please try again later." : "An internal error has occurred.";
  return `data: ${JSON.stringify(googleErrorBody({ code: status, message }))}`;
}

/** The content type that goes with a form. */
export function contentTypeOf(form: AnswerForm): string {
  return form === "sse" ? "text/event-stream" : "application/json; charset=UTF-8";
}

/** The bytes of an answer, in pieces as they would be flushed. */
export function writeAnswer(
  chunks: readonly JsonObject[],
  form: AnswerForm,
  writing: Writing,
  shape: TextShape,
): Buffer[] {
  if (form === "json") {
    const document = decorate(writing.wrap(mergeChunks(chunks)), shape);
    return [oddBytes(stringify(document, writing.indents ? 2 : 0, shape), shape)];
  }
  const sent = streamChunks(chunks, shape).map((chunk) => stringify(decorate(writing.wrap(chunk), shape), 0, shape));
  if (form === "list") {
    return sent.map((text, index) =>
      Buffer.from(`${index === 0 ? "[" : ",\r\n"}${text}${index === sent.length - 1 ? "\n]\n" : "\n"}`),
    );
  }
  const events = sent.map((text) => oddBytes(`data: ${text.replaceAll("\n", "\ndata: ")}${shape.separator}`, shape));
  if (shape.streamErrorStatus !== null)
    events.push(Buffer.from(`${writing.streamError(shape.streamErrorStatus)}${shape.separator}`));
  return events;
}

function streamChunks(chunks: readonly JsonObject[], shape: TextShape): readonly JsonObject[] {
  if (shape.streamErrorStatus !== null) return chunks.filter((chunk) => !hasPicture(chunk) && !isFinal(chunk));
  const last = chunks.at(-1);
  if (shape.finalChunks === 1 || last === undefined) return chunks;
  return [...chunks.slice(0, -1), ...Array.from({ length: shape.finalChunks }, () => last)];
}

function isFinal(chunk: JsonObject): boolean {
  return listAt(chunk, "candidates").some((candidate) => isJsonObject(candidate) && "finishReason" in candidate);
}

function hasPicture(chunk: JsonObject): boolean {
  return partsOf(chunk).some((part) => isJsonObject(part) && "inlineData" in part);
}

function partsOf(chunk: JsonObject): Json[] {
  const candidate = listAt(chunk, "candidates")[0];
  return isJsonObject(candidate) ? listAt(objectAt(candidate, "content"), "parts") : [];
}

/** One document of all chunks: parts in order, the empty closing text left out, the last chunk's other fields. */
function mergeChunks(chunks: readonly JsonObject[]): JsonObject {
  const last = chunks.at(-1) ?? {};
  const candidate = listAt(last, "candidates")[0];
  if (chunks.length <= 1 || !isJsonObject(candidate)) return last;
  const parts = chunks.flatMap(partsOf).filter((part) => !isJsonObject(part) || part["text"] !== "");
  return { ...last, candidates: [{ ...candidate, content: { parts, role: "model" } }] };
}

function decorate(document: JsonObject, shape: TextShape): Json {
  const decorated: JsonObject = { ...document };
  if (shape.proto) {
    Object.defineProperty(decorated, "__proto__", {
      value: { polluted: true, isAdmin: true },
      enumerable: true,
      configurable: true,
      writable: true,
    });
    decorated["constructor"] = { prototype: { polluted: true } };
  }
  return shape.wrapsInArray ? [decorated] : decorated;
}

function stringify(document: Json, indent: number, shape: TextShape): string {
  let text = JSON.stringify(document, null, shape.prettyEscapes ? 2 : indent);
  if (shape.prettyEscapes) text = text.replaceAll("/", "\\/").replaceAll("=", "\\u003d");
  if (shape.nestedDepth > 0)
    text = addField(text, `"nested":${"[".repeat(shape.nestedDepth)}${"]".repeat(shape.nestedDepth)}`);
  if (shape.oddity === "duplicate-keys") text = addField(text, '"responseId":"first","responseId":"second"');
  if (shape.oddity === "cut-short") text = text.slice(0, -Math.min(40, text.length));
  return indent > 0 ? `${text}\n` : text;
}

function addField(text: string, field: string): string {
  const at = text.indexOf("{") + 1;
  return `${text.slice(0, at)}${field},${text.slice(at)}`;
}

function oddBytes(text: string, shape: TextShape): Buffer {
  if (shape.oddity === "bom") return Buffer.from(`\ufeff${text}`);
  if (shape.oddity === "trailing-garbage") return Buffer.from(`${text}\u0000\u0000}]garbage`);
  if (shape.oddity !== "invalid-utf8") return Buffer.from(text);
  const at = text.indexOf('"modelVersion"');
  const split = at === -1 ? text.length : at + 16;
  return Buffer.concat([
    Buffer.from(text.slice(0, split)),
    Buffer.from([0xff, 0xc3, 0x28]),
    Buffer.from(text.slice(split)),
  ]);
}

// Google's own SDK uploads to the emulator, and what our client sends for a file is what the SDK sends for it.

import { GoogleGenAI, createPartFromUri } from "@google/genai";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";
import { startUpload, UPLOAD_PIECE_BYTES, uploadPiece } from "../../src/google/wire/files-api.ts";

let emulator: Emulator;
let sdk: GoogleGenAI;

beforeAll(async () => {
  emulator = await startEmulator({ keepBodies: true });
  const baseUrl = `${emulator.url}/generativelanguage.googleapis.com`;
  sdk = new GoogleGenAI({ vertexai: false, apiKey: emulator.credentials.apiKey, httpOptions: { baseUrl } });
});
beforeEach(() => emulator.clearRequests());
afterAll(async () => emulator.close());

const png = (): Promise<Buffer> =>
  sharp({ create: { width: 20, height: 10, channels: 3, background: "#246" } })
    .png()
    .toBuffer();

const blobOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)], { type: "image/png" });

test("ai.files: upload, get, list and delete, and the file is drawn in a request", async () => {
  const bytes = await png();
  const file = await sdk.files.upload({ file: blobOf(bytes), config: { displayName: "a fox" } });
  expect(file).toMatchObject({
    displayName: "a fox",
    mimeType: "image/png",
    sizeBytes: String(bytes.length),
    state: "ACTIVE",
  });
  const { name = "", uri = "" } = file;
  expect(await sdk.files.get({ name })).toMatchObject({ name, uri });
  const listed: unknown[] = [];
  for await (const each of await sdk.files.list({ config: { pageSize: 1 } })) listed.push(each.name);
  expect(listed).toContain(name);

  const answer = await sdk.models.generateContent({
    model: "gemini-3-pro-image",
    contents: ["Make it red", createPartFromUri(uri, "image/png")],
  });
  expect(answer.usageMetadata?.promptTokensDetails).toContainEqual({ modality: "IMAGE", tokenCount: 560 });
  expect(emulator.bill()).toMatchObject({ billed: 1, images: 1 });

  await sdk.files.delete({ name });
  await expect(sdk.files.get({ name })).rejects.toThrow("You do not have permission to access the File");
});

test("ai.files.upload of more than one piece arrives whole, under the name that it was given", async () => {
  const file = await sdk.files.upload({
    file: blobOf(new Uint8Array(UPLOAD_PIECE_BYTES + 1_000)),
    config: { name: "files/my-own", mimeType: "image/png" },
  });
  expect(file).toMatchObject({ name: "files/my-own", sizeBytes: String(UPLOAD_PIECE_BYTES + 1_000) });
});

/** Headers of the protocol, as the emulator saw them. */
const protocol = (headers: Readonly<Record<string, string>> | null): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.startsWith("x-goog-upload")));

test("announcement and pieces of ours carry the same words as the SDK's", async () => {
  const bytes = new Uint8Array(UPLOAD_PIECE_BYTES + 1_000);
  const config = { name: "files/another", mimeType: "image/png" };
  await sdk.files.upload({ file: blobOf(bytes), config });
  const [announced, ...sent] = emulator.requests();
  const url = "https://files.example/upload";
  const start = startUpload({ url, headers: {}, ...config, sizeBytes: bytes.length });
  expect(protocol(start.headers)).toEqual(protocol(announced?.headers ?? null));
  expect(JSON.parse(new TextDecoder().decode(start.body ?? undefined))).toEqual(JSON.parse(announced?.body ?? ""));
  const pieces = [0, UPLOAD_PIECE_BYTES].map((offset) => {
    const piece = bytes.subarray(offset, offset + UPLOAD_PIECE_BYTES);
    return uploadPiece({ url, headers: {}, bytes: piece, offset, isLast: offset > 0 });
  });
  expect(pieces.map(({ headers }) => protocol(headers))).toEqual(sent.map(({ headers }) => protocol(headers)));
  expect(pieces.map(({ body }) => body?.length)).toEqual(sent.map(({ bodyBytes }) => bodyBytes));
});

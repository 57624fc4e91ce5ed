// A clip in the Files API and in an order that names it: Google's own SDK against the emulator.

import { FileState, GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";

// Each look at the clock is a second later, so that nobody waits for a clip that is worked on.
let nowMs = Date.parse("2026-11-24T12:00:00Z");
const clock = { nowMs: () => (nowMs += 1_000), wait: async () => {} };
const model = "veo-3.1-lite-generate-preview";

let emulator: Emulator;
let sdk: GoogleGenAI;
beforeAll(async () => {
  emulator = await startEmulator({ servesRetired: true, clock });
  const baseUrl = `${emulator.url}/generativelanguage.googleapis.com`;
  sdk = new GoogleGenAI({ apiKey: emulator.credentials.apiKey, httpOptions: { baseUrl } });
});
afterAll(() => emulator.close());

async function finished(started: Awaited<ReturnType<typeof sdk.models.generateVideos>>): Promise<string> {
  let operation = started;
  while (operation.done !== true) operation = await sdk.operations.getVideosOperation({ operation });
  return operation.response?.generatedVideos?.[0]?.video?.uri ?? "";
}

async function clip(): Promise<Blob> {
  const started = await sdk.models.generateVideos({
    model,
    source: { prompt: "a tide" },
    config: { durationSeconds: 4 },
  });
  const headers = { "x-goog-api-key": emulator.credentials.apiKey };
  return new Blob([await (await fetch(await finished(started), { headers })).arrayBuffer()], { type: "video/mp4" });
}

test("an uploaded clip is worked on, then extended; before that, or when it is a picture, it is refused", async () => {
  const file = await sdk.files.upload({ file: await clip(), config: { mimeType: "video/mp4" } });
  expect(file.state).toBe(FileState.PROCESSING);
  const extend = (uri = ""): ReturnType<typeof sdk.models.generateVideos> =>
    sdk.models.generateVideos({ model, source: { prompt: "out it goes", video: { uri } } });
  await expect(extend(file.uri)).rejects.toThrow("not in an ACTIVE state");
  let seen = file;
  while (seen.state === FileState.PROCESSING) seen = await sdk.files.get({ name: file.name ?? "" });
  expect(seen.state).toBe(FileState.ACTIVE);
  expect(await finished(await extend(file.uri))).toContain(":download");
  const picture = new Blob(["no clip"], { type: "image/png" });
  const other = await sdk.files.upload({ file: picture, config: { mimeType: "image/png" } });
  await expect(extend(other.uri)).rejects.toThrow("Unsupported video MIME type");
  await sdk.files.delete({ name: file.name ?? "" });
  await expect(extend(file.uri)).rejects.toThrow("was not found");
});

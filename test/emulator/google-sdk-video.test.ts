// Google's own SDK, unchanged, orders clips from the emulator.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GenerateVideosOperation, GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ servesRetired: true });
});
afterAll(async () => emulator.close());

test("Vertex AI: a clip within the answer of the operation", async () => {
  const client = new GoogleGenAI({
    vertexai: true,
    apiKey: emulator.credentials.vertexKey,
    httpOptions: { baseUrl: `${emulator.url}/aiplatform.googleapis.com` },
  });
  const started = await client.models.generateVideos({
    model: "veo-3.1-lite-generate-001",
    source: { prompt: "a tide" },
    config: { durationSeconds: 4, generateAudio: false, seed: 7, negativePrompt: "boats" },
  });
  const done: GenerateVideosOperation = await client.operations.getVideosOperation({ operation: started });
  expect(done.done).toBe(true);
  const video = done.response?.generatedVideos?.[0]?.video;
  expect(video?.mimeType).toBe("video/mp4");
  expect(Buffer.from(video?.videoBytes ?? "", "base64").toString("latin1", 4, 8)).toBe("ftyp");
});

test("the Gemini API: a clip to be downloaded", async () => {
  const client = new GoogleGenAI({
    vertexai: false,
    apiKey: emulator.credentials.apiKey,
    httpOptions: { baseUrl: `${emulator.url}/generativelanguage.googleapis.com` },
  });
  const started = await client.models.generateVideos({
    model: "veo-3.1-lite-generate-preview",
    source: { prompt: "a tide" },
    config: { durationSeconds: 4 },
  });
  const done = await client.operations.getVideosOperation({ operation: started });
  // The SDK knows the id of a file in an address only when that begins with https.
  const id = /files\/([a-z0-9]+)/.exec(done.response?.generatedVideos?.[0]?.video?.uri ?? "")?.[1];
  const downloadPath = join(mkdtempSync(join(tmpdir(), "clip-")), "tide.mp4");
  await client.files.download({ file: `files/${id}`, downloadPath });
  expect(readFileSync(downloadPath).toString("latin1", 4, 8)).toBe("ftyp");
});

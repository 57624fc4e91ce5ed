// Google's own SDK, unchanged, orders a clip from the emulator over the Interactions API.

import { GoogleGenAI, type Interactions } from "@google/genai";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";

let emulator: Emulator;
let client: GoogleGenAI;
beforeAll(async () => {
  emulator = await startEmulator();
  client = new GoogleGenAI({
    vertexai: false,
    apiKey: emulator.credentials.apiKey,
    httpOptions: { baseUrl: `${emulator.url}/generativelanguage.googleapis.com` },
  });
});
afterAll(async () => emulator.close());

const format = { type: "video", aspect_ratio: "9:16", resolution: "360p", duration: "3s" } as const;

function videoOf({ steps = [] }: Interactions.Interaction): Interactions.VideoContent | undefined {
  return steps
    .flatMap((step) => (step.type === "model_output" ? (step.content ?? []) : []))
    .find((content) => content.type === "video");
}

test("a clip in the background, with a first frame, asked for until it is there", async () => {
  const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: "red" } }).png();
  const started = await client.interactions.create({
    model: "gemini-omni-1.2-flash",
    input: [
      { type: "image", mime_type: "image/png", data: (await picture.toBuffer()).toString("base64") },
      { type: "text", text: "a tide" },
    ],
    response_format: { ...format, delivery: "uri" },
    generation_config: { video_config: { task: "image_to_video" } },
    background: true,
  });
  expect(started.status).toBe("in_progress");
  const done = await client.interactions.get(started.id);
  expect(done).toMatchObject({ status: "completed", model: "gemini-omni-1.2-flash" });
  const { uri } = videoOf(done) ?? {};
  const file = await fetch(uri ?? "", { headers: { "x-goog-api-key": emulator.credentials.apiKey } });
  expect(Buffer.from(await file.arrayBuffer()).toString("latin1", 4, 8)).toBe("ftyp");
  expect(done.usage?.output_tokens_by_modality).toEqual([{ modality: "video", tokens: 5_793 }]);
});

test("a clip within the answer, waited for", async () => {
  const done = await client.interactions.create({
    model: "gemini-omni-1.1-flash",
    input: "a tide",
    response_format: format,
  });
  expect(done.status).toBe("completed");
  expect(Buffer.from(videoOf(done)?.data ?? "", "base64").toString("latin1", 4, 8)).toBe("ftyp");
  expect(Buffer.from(done.output_video?.data ?? "", "base64").toString("latin1", 4, 8)).toBe("ftyp");
});

test("an interaction is cancelled, and one is deleted", async () => {
  emulator.plan([{ action: { type: "operation", end: "never", takesMs: 60_000 } }]);
  const order = { model: "gemini-omni-1.2-flash", input: "a tide", response_format: format, background: true };
  const started = await client.interactions.create({ ...order, stream: false });
  expect(await client.interactions.cancel(started.id)).toMatchObject({ status: "cancelled" });
  await client.interactions.delete(started.id);
  await expect(client.interactions.get(started.id)).rejects.toThrow(/Invalid interaction name/);
});

test.each([
  ["an unknown model", { model: "gemini-omni-9-flash" }, /gemini-omni-9-flash/],
  ["a model that was shut down", { model: "gemini-omni-flash-preview" }, /gemini-omni-1\.2-flash/],
  ["a length that it does not make", { response_format: { ...format, duration: "20s" } }, /3s to 15s/],
  ["a size that nobody makes", { response_format: { ...format, resolution: "8k" } }, /360p, 720p, 1080p, 4k/],
  ["a bucket", { response_format: { ...format, gcs_uri: "gs://b/o" } }, /response_format\.gcs_uri/],
])("%s is refused in words that the SDK passes on", async (_what, change, words) => {
  const order = { model: "gemini-omni-1.2-flash", input: "a tide", response_format: format, background: true };
  await expect(client.interactions.create({ ...order, ...change, stream: false })).rejects.toThrow(words);
});

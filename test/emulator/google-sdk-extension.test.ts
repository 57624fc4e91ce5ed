// Google's own SDK, unchanged, uploads a clip to the emulator and has it extended; and which files may not be used so.

import { type File, type GenerateVideosOperation, GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";
import { renamedCodec, type SmallClip, smallClip } from "../../src/generate/testing/small-clip.ts";

let nowMs = Date.parse("2026-11-24T12:00:00Z");
let emulator: Emulator;
let client: GoogleGenAI;
beforeAll(async () => {
  emulator = await startEmulator({ servesRetired: true, clock: { nowMs: () => nowMs, wait: async () => {} } });
  client = new GoogleGenAI({
    vertexai: false,
    apiKey: emulator.credentials.apiKey,
    httpOptions: { baseUrl: `${emulator.url}/generativelanguage.googleapis.com` },
  });
});
afterAll(async () => emulator.close());

/** Clips are worked on for five seconds. */
async function uploaded(bytes: Buffer, mimeType = "video/mp4"): Promise<File> {
  const file = await client.files.upload({ file: new Blob([new Uint8Array(bytes)]), config: { mimeType } });
  nowMs += 5_000;
  return file;
}

const extend = (uri: string | undefined, mimeType?: string): Promise<GenerateVideosOperation> =>
  client.models.generateVideos({
    model: "veo-3.1-lite-generate-preview",
    source: { prompt: "and the tide goes out", video: { uri: uri ?? "", ...(mimeType ? { mimeType } : {}) } },
  });

const refusal = (message: RegExp): object => ({ status: 400, message: expect.stringMatching(message) });

test("a clip is worked on, then extended by seven seconds, and can be deleted", async () => {
  const file = await client.files.upload({
    file: new Blob([new Uint8Array(await smallClip())]),
    config: { mimeType: "video/mp4" },
  });
  const name = file.name ?? "";
  expect([file.state, (await client.files.get({ name })).state]).toEqual(["PROCESSING", "PROCESSING"]);
  await expect(extend(file.uri)).rejects.toMatchObject(refusal(/not in an ACTIVE state/));
  nowMs += 5_000;
  expect((await client.files.get({ name })).state).toBe("ACTIVE");
  emulator.clearRequests();
  const operation = await extend(file.uri, "video/mp4");
  const done = await client.operations.getVideosOperation({ operation });
  expect(done.response?.generatedVideos?.[0]?.video?.uri).toMatch(/\/files\/\w+:download/);
  expect(emulator.bill()).toMatchObject({ microUsd: 7 * 50_000 });
  await client.files.delete({ name });
  await expect(extend(file.uri)).rejects.toMatchObject(refusal(/was not found/));
});

describe("refused, and not billed, is", () => {
  test.each<[string, Partial<SmallClip>, RegExp]>([
    ["a clip that is too long", { seconds: 142 }, /between 1 and 141 seconds/],
    ["a clip that is too short", { seconds: 0.5, framesPerSecond: 2 }, /between 1 and 141 seconds/],
    ["a clip of another size", { width: 1920, height: 1080 }, /1920x1080/],
  ])("%s", async (_what, wish, message) => {
    const { uri } = await uploaded(await smallClip(wish));
    emulator.clearRequests();
    await expect(extend(uri)).rejects.toMatchObject(refusal(message));
    expect(emulator.bill()).toMatchObject({ billed: 0 });
  });

  test("a clip in another codec, and what is no clip", async () => {
    const { uri } = await uploaded(renamedCodec(await smallClip(), "vp09"));
    await expect(extend(uri)).rejects.toMatchObject(refusal(/codec vp09/));
    const text = await uploaded(Buffer.from("Once upon a time"));
    await expect(extend(text.uri)).rejects.toMatchObject(refusal(/could not be decoded/));
  });

  test("a file of another kind, or said to be of another one", async () => {
    const clip = await smallClip();
    const picture = await uploaded(clip, "image/png");
    await expect(extend(picture.uri)).rejects.toMatchObject(refusal(/MIME type: image\/png/));
    const { uri } = await uploaded(clip);
    await expect(extend(uri, "video/webm")).rejects.toMatchObject(refusal(/is video\/mp4, not video\/webm/));
  });

  test("a file that nobody has, and what is no address of a file", async () => {
    const base = "https://generativelanguage.googleapis.com/v1beta";
    await expect(extend(`${base}/files/nobodys`)).rejects.toMatchObject(refusal(/was not found/));
    await expect(extend(`${base}/models/x`)).rejects.toMatchObject(refusal(/was not found/));
    await expect(extend("gs://films/main.mp4")).rejects.toMatchObject(refusal(/was not found/));
  });
});

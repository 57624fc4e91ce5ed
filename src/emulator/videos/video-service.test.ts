import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { objectAt, textAt } from "../json.ts";
import { ask, messageOf, useEmulator } from "../testing/asking.ts";
import { readClipHeader } from "./clip-header.ts";

const emulator = useEmulator({ servesRetired: true });
const model = "veo-3.1-fast-generate-001";

function vertexUrl(method: string): string {
  const { url, credentials } = emulator();
  return `${url}/aiplatform.googleapis.com/v1/projects/${credentials.projectId}/locations/global/publishers/google/models/${model}:${method}`;
}

const start = (instance: object, parameters: object = {}) =>
  ask(vertexUrl("predictLongRunning"), { instances: [instance], parameters }, bearer());
const poll = (operationName: string) => ask(vertexUrl("fetchPredictOperation"), { operationName }, bearer());
const bearer = () => ({ authorization: `Bearer ${emulator().credentials.accessToken}` });

async function finished(instance: object, parameters: object = {}): Promise<Record<string, unknown>> {
  const started = await start(instance, parameters);
  expect(started.text).toContain("/operations/");
  return (await poll(textAt(started.json, "name") ?? "")).json;
}

function clipIn(document: Record<string, unknown>): Buffer {
  return Buffer.from(/"bytesBase64Encoded":"([^"]+)"/.exec(JSON.stringify(document))?.[1] ?? "", "base64");
}

const picture = async (background: string) => ({
  bytesBase64Encoded: (
    await sharp({ create: { width: 320, height: 180, channels: 3, background } })
      .png()
      .toBuffer()
  ).toString("base64"),
  mimeType: "image/png",
});

describe("a clip on Vertex AI", () => {
  test("has the size and the length that were asked for, and is billed by the second", async () => {
    const clip = clipIn(await finished({ prompt: "a tide" }, { durationSeconds: 4, aspectRatio: "9:16" }));
    expect(readClipHeader(clip)).toEqual({ seconds: 4, width: 720, height: 1280, codec: "avc1" });
    expect(emulator().bill()).toMatchObject({ billed: 1, images: 0, microUsd: 400_000 });
    expect(emulator().requests()[0]).toMatchObject({ rpc: "predictLongRunning", model, videoSeconds: 4 });
  });

  test("is extended by seven seconds, and only these are billed", async () => {
    const four = clipIn(await finished({ prompt: "a tide" }, { durationSeconds: 4 }));
    const video = { bytesBase64Encoded: four.toString("base64"), mimeType: "video/mp4" };
    const longer = clipIn(await finished({ prompt: "credits", video, lastFrame: await picture("red") }));
    expect(readClipHeader(longer)?.seconds).toBe(11);
    expect(emulator().bill().microUsd).toBe(400_000 + 700_000);
  });

  test("is the same clip when others are made at the same time", async () => {
    const orders = ["a tide", "a dune", "a wood"].map((prompt) => () => finished({ prompt }, { durationSeconds: 4 }));
    const together = (await Promise.all(orders.map((order) => order()))).map(clipIn);
    for (const [index, order] of orders.entries()) {
      // Equal but for the time that it was made at.
      const alone = clipIn(await order());
      const differing = [...alone.keys()].filter((at) => together[index]?.[at] !== alone[at]);
      expect([together[index]?.length, differing.length < 32]).toEqual([alone.length, true]);
    }
  });

  test.each([
    [{}, true],
    [{ generateAudio: true }, true],
    [{ generateAudio: false }, false],
  ])("has sound unless it is not wanted: %j", async (wish, hasSound) => {
    const clip = clipIn(await finished({ prompt: "a bell" }, { durationSeconds: 4, ...wish }));
    expect(clip.includes("mp4a")).toBe(hasSound);
  });

  test("goes to a bucket where one is named", async () => {
    const document = await finished({ prompt: "a tide" }, { durationSeconds: 4, storageUri: "gs://films/tide/" });
    expect(JSON.stringify(document)).toMatch(/"gcsUri":"gs:\/\/films\/tide\/[^"]+\/sample_0\.mp4"/);
  });
});

describe("what a model does not take is refused by name and not billed", () => {
  test.each([
    [{ prompt: "x", promptt: "y" }, {}, "Unknown name \"promptt\" at 'instances[0]'"],
    [{ prompt: "x" }, { duration: 8 }, "Unknown name \"duration\" at 'parameters'"],
    [{ prompt: "" }, {}, "prompt must not be empty"],
    [{ prompt: "x" }, { durationSeconds: 5 }, "duration 5 seconds"],
    [{ prompt: "x" }, { durationSeconds: 4, resolution: "1080p" }, "8 seconds is needed"],
    [{ prompt: "x" }, { aspectRatio: "1:1" }, "aspect ratio 1:1"],
    [{ prompt: "x" }, { resolution: "480p" }, "resolution 480p"],
    [{ prompt: "x" }, { sampleCount: 5 }, "sampleCount"],
    [{ prompt: "x", video: { bytesBase64Encoded: "AAAA", mimeType: "video/mp4" } }, {}, "could not be decoded"],
    [{ prompt: "x", image: { bytesBase64Encoded: "AAAA", mimeType: "image/png" } }, {}, "Unable to process"],
  ])("%j %j", async (instance, parameters, message) => {
    const refused = await start(instance, parameters);
    expect(refused.status).toBe(400);
    expect(messageOf(refused)).toContain(message);
    expect(emulator().bill().billed).toBe(0);
  });

  test("a last frame needs a first one or a clip", async () => {
    expect(messageOf(await start({ prompt: "x", lastFrame: await picture("red") }))).toContain("needs an `image`");
  });
});

describe("operations", () => {
  test("take their time", async () => {
    emulator().plan([{ action: { type: "operation", takesMs: 3_600_000 } }]);
    const started = await start({ prompt: "a tide" }, { durationSeconds: 4 });
    const name = textAt(started.json, "name") ?? "";
    expect((await poll(name)).json).toEqual({ name });
  });

  test.each([
    ["failed", '"code":13', 0],
    ["filtered", "raiMediaFilteredReasons", 0],
    ["never", "{}", 1],
  ] as const)("may end as planned: %s", async (end, shown, billed) => {
    emulator().plan([{ action: { type: "operation", end } }]);
    const { name: _name, ...rest } = await finished({ prompt: "a tide" }, { durationSeconds: 4 });
    expect(JSON.stringify(rest)).toContain(shown);
    expect(emulator().bill().billed).toBe(billed);
  });

  test("are gone when they have expired, and belong to one model", async () => {
    emulator().plan([{ action: { type: "operation", end: "expired" } }]);
    const started = await start({ prompt: "a tide" }, { durationSeconds: 4 });
    expect((await poll(textAt(started.json, "name") ?? "")).status).toBe(404);
    expect((await poll("projects/other/operations/1")).status).toBe(400);
  });
});

const headers = () => ({ "x-goog-api-key": emulator().credentials.apiKey });
const base = () => `${emulator().url}/generativelanguage.googleapis.com/v1beta`;

describe("the Gemini API", () => {
  test("names an operation, and its clip is a file for those who have the key", async () => {
    const url = `${base()}/models/veo-3.1-generate-preview:predictLongRunning`;
    const body = { instances: [{ prompt: "a tide" }], parameters: { durationSeconds: 4 } };
    const started = await ask(url, body, headers());
    const done = await ask(`${base()}/${textAt(started.json, "name")}`, undefined, headers());
    const [sample] = JSON.stringify(objectAt(done.json, "response")).match(/http:[^"]+/) ?? [];
    const clip = await fetch(sample ?? "", { headers: headers() });
    expect(readClipHeader(Buffer.from(await clip.arrayBuffer()))?.seconds).toBe(4);
    expect((await ask(sample ?? "")).status).toBe(403);
  });

  test("does not know the fields that only Vertex AI has", async () => {
    const url = `${base()}/models/veo-3.1-generate-preview:predictLongRunning`;
    const body = { instances: [{ prompt: "a tide" }], parameters: { generateAudio: true } };
    expect(messageOf(await ask(url, body, headers()))).toContain('Unknown name "generateAudio"');
  });
});

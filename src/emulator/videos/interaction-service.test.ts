import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { listAt, objectAt, textAt } from "../json.ts";
import { ask, useEmulator } from "../testing/asking.ts";
import { readClipHeader } from "./clip-header.ts";

const emulator = useEmulator();

const url = (rest = ""): string => `${emulator().url}/generativelanguage.googleapis.com/v1beta/interactions${rest}`;
const key = (): Record<string, string> => ({ "x-goog-api-key": emulator().credentials.apiKey });
const format = { type: "video", resolution: "360p", duration: "3s" };
const order = {
  model: "gemini-omni-1.2-flash",
  input: [{ type: "text", text: "a tide" }],
  response_format: format,
  background: true,
};
const create = (change: object = {}) => ask(url(), { ...order, ...change }, key());
const get = (id: string) => ask(url(`/${id}`), undefined, key());
const errorAt = (json: Parameters<typeof objectAt>[0]): string => textAt(objectAt(json, "error"), "message") ?? "";

async function picture(): Promise<object> {
  const shape = { width: 64, height: 36, channels: 3, background: "red" } as const;
  const bytes = await sharp({ create: shape }).png().toBuffer();
  return { type: "image", mime_type: "image/png", data: bytes.toString("base64") };
}

describe("an interaction", () => {
  test("is made in the background, and its clip has the size and the length that were asked for", async () => {
    emulator().plan([{ action: { type: "operation", takesMs: 0 } }]);
    const started = await create({ response_format: { ...format, aspect_ratio: "9:16", delivery: "inline" } });
    expect(started.json).toMatchObject({ status: "in_progress", model: "gemini-omni-1.2-flash" });
    const { json } = await get(textAt(started.json, "id") ?? "");
    expect(json).toMatchObject({ status: "completed", steps: [{ type: "thought" }, { type: "model_output" }] });
    const data = /"data":"([^"]+)"/.exec(JSON.stringify(json))?.[1] ?? "";
    expect(readClipHeader(Buffer.from(data, "base64"))).toMatchObject({ seconds: 3, width: 360, height: 640 });
  });

  test("is billed by its tokens, pictures that are given too", async () => {
    const done = await create({ background: false, input: [await picture(), { type: "text", text: "a tide" }] });
    expect(objectAt(done.json, "usage")).toMatchObject({
      total_input_tokens: 260,
      total_output_tokens: 5_793,
      output_tokens_by_modality: [{ modality: "video", tokens: 5_793 }],
    });
    expect(emulator().bill().microUsd).toBe(Math.ceil(260 * 1.5 + 5_793 * 17.5));
  });

  test.each([
    ["failed", { status: "failed", errors: [{ code: "internal" }] }, 0],
    ["filtered", { status: "completed", usage: { total_output_tokens: 27 } }, 1],
    ["incomplete", { status: "incomplete" }, 1],
  ] as const)("may end as %s", async (end, told, billed) => {
    emulator().plan([{ action: { type: "operation", end } }]);
    const started = await create();
    const { json } = await get(textAt(started.json, "id") ?? "");
    expect(json).toMatchObject(told);
    expect(JSON.stringify(listAt(json, "steps"))).not.toContain("video/mp4");
    expect(emulator().bill().billed).toBe(billed);
  });

  test("that has expired, was never there, or was not stored is a 400 by its name", async () => {
    emulator().plan([{ action: { type: "operation", end: "expired" } }]);
    const expired = textAt((await create()).json, "id") ?? "";
    const unstored = await create({ background: false, store: false });
    for (const id of [expired, "v1_nothing", textAt(unstored.json, "id") ?? ""]) {
      const { status, json } = await get(id);
      expect(status).toBe(400);
      expect(json).toMatchObject({ error: { code: "invalid_request" } });
      expect(errorAt(json)).toContain("Invalid interaction name");
    }
  });

  test("cannot be cancelled when it has ended", async () => {
    const id = textAt((await create()).json, "id") ?? "";
    expect((await ask(url(`/${id}/cancel`), {}, key())).status).toBe(400);
  });

  test("of a stranger's is refused by the front end, in a list", async () => {
    const refused = await ask(url(), order, { "x-goog-api-key": "AIzaSyinvalid" });
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject([{ error: { code: 400, status: "INVALID_ARGUMENT" } }]);
  });
});

test.each([
  ["an unknown field", { inputs: [] }, "'inputs'"],
  ["an unknown field of the format", { response_format: { ...format, seconds: 3 } }, "'seconds' at 'response_format'"],
  ["camel case", { response_format: { ...format, aspectRatio: "16:9" } }, "aspectRatio"],
  ["a number of seconds", { response_format: { ...format, duration: 3 } }, "response_format.duration"],
  ["too few seconds", { response_format: { ...format, duration: "2s" } }, "response_format.duration"],
  ["a bucket", { response_format: { ...format, gcs_uri: "gs://b/o" } }, "response_format.gcs_uri"],
  ["an odd shape", { response_format: { ...format, aspect_ratio: "1:1" } }, "response_format.aspect_ratio"],
  ["a format without a type", { response_format: { resolution: "720p" } }, "response_format.type"],
  ["a seed", { generation_config: { seed: 1 } }, "generation_config.seed"],
  ["an unknown task", { generation_config: { video_config: { task: "dance" } } }, "video_config.task"],
  ["an extension", { generation_config: { video_config: { task: "extend" } } }, "extend"],
  ["frames without pictures", { generation_config: { video_config: { task: "image_to_video" } } }, "1 or 2 images"],
  ["another clip to go on with", { previous_interaction_id: "v1_a" }, "previous_interaction_id"],
  ["a clip", { input: [{ type: "video", data: "AAAA" }] }, "input[0]"],
  [
    "a picture of no kind",
    {
      input: [
        { type: "text", text: "a tide" },
        { type: "image", data: "AAAA" },
      ],
    },
    "mime_type",
  ],
  ["no words", { input: [] }, "'input'"],
  ["no store", { store: false }, "'store'"],
  ["a stream", { stream: true }, "'stream'"],
])("%s is refused by name", async (_what, change, named) => {
  const { status, json } = await create(change);
  expect(status).toBe(400);
  expect(errorAt(json)).toContain(named);
  expect(emulator().bill().billed).toBe(0);
});

test("a model of another call is no model of this one", async () => {
  expect((await create({ model: "veo-3.1-generate-preview" })).status).toBe(404);
  const veo = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-omni-1.2-flash:predictLongRunning`;
  expect((await ask(veo, { instances: [{ prompt: "a tide" }] }, key())).status).toBe(404);
});

// Clips that are no clips, or not for this model: refused before anything is sent, with what was given and what is allowed.

import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { ClipRequest } from "../../core/clip.ts";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import { useEmulator } from "../testing/emulated.ts";
import { createVideoGen } from "./create-video-gen.ts";

const { emulator, folder, settings } = useEmulator({ servesRetired: true });

let tide: Buffer | undefined;

beforeEach(async () => {
  if (tide !== undefined) return;
  const request = {
    prompt: "a tide",
    model: "veo-3.1-lite-generate-001",
    durationSeconds: 4,
    audio: false,
    output: "first.mp4",
  };
  const outcome = await createVideoGen(settings({ auth: "vertex-key" })).generate(request);
  if (outcome.status !== "ok") throw new Error(outcome.error.message);
  tide = readFileSync(join(folder(), "first.mp4"));
  emulator().clearRequests();
});

/** The clip with other values in its index: whole, but not what it was. */
function patched(change: (clip: Buffer) => void): Buffer {
  const clip = Buffer.from(tide ?? "");
  change(clip);
  return clip;
}

/** Where a box's contents begin: the one that describes the pictures. */
const inside = (clip: Buffer, box: string): number =>
  clip.indexOf(box, clip.indexOf("vide", 0, "latin1"), "latin1") + 4;
const lasting = (factor: number) =>
  patched((clip) => {
    // One entry: so many pictures, each so many ticks long.
    const at = inside(clip, "stts") + 12;
    clip.writeUInt32BE(Math.round(clip.readUInt32BE(at) * factor), at);
  });
const sized = (width: number, height: number) =>
  patched((clip) => {
    const at = inside(clip, "avc1") + 24;
    clip.writeUInt16BE(width, at);
    clip.writeUInt16BE(height, at + 2);
  });
const coded = (codec: string) => patched((clip) => void clip.write(codec, inside(clip, "avc1") - 4, "latin1"));

async function problemsOf(request: Partial<ClipRequest>, options: Parameters<typeof settings>[0] = {}) {
  const library = createVideoGen(settings({ auth: "vertex-key", ...options }));
  const error: unknown = await library
    .plan({ prompt: "on", extendVideo: "given.mp4", ...request })
    .catch((thrown) => thrown);
  if (!isToolError(error)) throw new Error("The plan was accepted.");
  expect(emulator().requests()).toEqual([]);
  const { problems = [] } = error.details;
  return problems.length > 0 ? problems : [{ code: error.code, message: error.message, field: "" } satisfies Problem];
}

describe("a clip on Vertex AI", () => {
  test.each([
    ["too long", () => lasting(10), "40 s long; veo-3.1-generate-001 extends clips of 1 to 30 s"],
    ["too short", () => lasting(0.1), "0.4 s long"],
    ["of another size", () => sized(640, 360), "640 x 360 pixels; veo-3.1-generate-001 extends 720p and 1080p"],
    ["in a codec that is not taken", () => coded("vp09"), "H.264 and H.265 are taken"],
  ])("that is %s", async (_, clip, words) => {
    writeFileSync(join(folder(), "given.mp4"), clip());
    expect(await problemsOf({})).toMatchObject([
      { code: "clip-not-extendable", message: expect.stringContaining(words) },
    ]);
  });

  test.each([
    ["no video", () => Buffer.from("<!doctype html><title>Not found</title>"), "no MP4 whose index can be read"],
    ["without its index", () => (tide ?? Buffer.alloc(0)).subarray(0, 60), "no MP4 whose index can be read"],
    ["empty", () => Buffer.alloc(0), "is empty"],
  ])("that is %s", async (_, clip, words) => {
    writeFileSync(join(folder(), "given.mp4"), clip());
    const [problem] = await problemsOf({});
    expect(problem?.message).toContain(words);
    expect(problem?.code).toMatch(/^(?:clip|reference)-unreadable$/);
  });

  test("that does not exist, or is a folder", async () => {
    expect((await problemsOf({}))[0]?.message).toContain("does not exist");
    mkdirSync(join(folder(), "given.mp4"));
    expect((await problemsOf({}))[0]?.message).toContain("is a folder");
  });

  test("that is larger than a request", async () => {
    const file = join(folder(), "given.mp4");
    writeFileSync(file, tide ?? "");
    // Behind the clip: a hole that takes no room on the disk.
    truncateSync(file, 80_000_000);
    expect(await problemsOf({})).toMatchObject([
      {
        code: "reference-too-large",
        message: expect.stringMatching(/80.0 MB.*at most 70.0 MB.*gs:\/\/bucket\/object/),
      },
    ]);
  });

  test("all that is wrong is said at once", async () => {
    writeFileSync(join(folder(), "given.mp4"), lasting(10));
    const problems = await problemsOf({ durationSeconds: 4, resolution: "4k", aspectRatio: "9:16", prompt: " " });
    expect(problems.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["prompt", "--extend-video", "--duration", "--resolution", "--ar"]),
    );
  });
});

describe("a clip on the Gemini API", () => {
  const preview = { model: "veo-3.1-generate-preview", allowRetired: true };
  const plan = async (request: Partial<ClipRequest> = {}) =>
    await problemsOf({ ...preview, ...request }, { auth: "api-key" });

  test("has 720p and at most 141 s", async () => {
    writeFileSync(join(folder(), "given.mp4"), sized(1920, 1080));
    expect(await plan()).toMatchObject([{ code: "clip-not-extendable", allowed: ["720p"] }]);
    writeFileSync(join(folder(), "given.mp4"), lasting(40));
    expect(await plan()).toMatchObject([{ message: expect.stringContaining("160 s long") }]);
  });

  test("does not lie in a bucket", async () => {
    expect(await plan({ extendVideo: "gs://films/a.mp4" })).toMatchObject([
      { code: "option-not-offered", message: expect.stringContaining("does not read Cloud Storage") },
    ]);
  });

  test("is not for Omni, which names who can", async () => {
    writeFileSync(join(folder(), "given.mp4"), tide ?? "");
    const [problem] = await problemsOf({}, { auth: "api-key" });
    expect(problem?.message).toContain("veo-3.1-generate-001 on Vertex AI");
  });
});

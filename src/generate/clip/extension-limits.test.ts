// Which files are extended, and what is said of the others: before anything is held, uploaded or sent.

import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { ClipRequest } from "../../core/clip.ts";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import type { ImageGenOptions } from "../options.ts";
import { useEmulator } from "../testing/emulated.ts";
import { grown, indexFirst, renamedCodec, type SmallClip, smallClip } from "../testing/small-clip.ts";
import { createVideoGen } from "./create-video-gen.ts";

const { emulator, folder, settings } = useEmulator({ servesRetired: true });

const way = {
  vertex: { auth: "vertex-key", model: "veo-3.1-lite-generate-001" },
  gemini: { auth: "api-key", model: "veo-3.1-lite-generate-preview" },
} as const;
type Way = keyof typeof way;

async function problemsOf(
  where: Way,
  bytes: Buffer | string,
  more: Partial<ClipRequest> = {},
  options: Partial<ImageGenOptions> = {},
): Promise<readonly Pick<Problem, "code" | "message" | "allowed">[]> {
  const extendVideo = typeof bytes === "string" ? bytes : "main.mp4";
  if (typeof bytes !== "string") writeFileSync(join(folder(), extendVideo), bytes);
  const { auth, model } = way[where];
  const videoGen = createVideoGen(settings({ auth, ...options }));
  const request = { prompt: "on and on", model, allowRetired: true, extendVideo, ...more };
  try {
    await videoGen.plan(request);
    return [];
  } catch (error) {
    if (!isToolError(error)) throw error;
    const outcome = await videoGen.generate(request);
    const { code, exitCode, billed } = outcome.status === "error" ? outcome.error : {};
    if (code !== error.code || exitCode !== 2 || billed !== "no")
      throw new Error(`Made all the same: ${code}`, { cause: error });
    return error.details.problems ?? [error];
  } finally {
    videoGen.close();
    expect(emulator().requests()).toEqual([]);
  }
}

describe("a file that can be extended", () => {
  test.each<[Way, Partial<SmallClip>]>([
    ["vertex", { seconds: 1 }],
    ["vertex", { seconds: 30 }],
    ["vertex", { width: 1080, height: 1920 }],
    ["gemini", { seconds: 1 }],
    ["gemini", { seconds: 141 }],
    ["gemini", { width: 720, height: 1280 }],
  ])("on %s: %o", async (where, wish) => {
    expect(await problemsOf(where, await smallClip(wish))).toEqual([]);
  });

  test.each(["hvc1", "hev1", "avc3"])("may be in the codec that is called %s", async (name) => {
    expect(await problemsOf("vertex", renamedCodec(await smallClip(), name))).toEqual([]);
  });
});

describe("a file that is not extended is told with what it is and what is allowed", () => {
  test.each<[Way, Partial<SmallClip>, RegExp, string[]]>([
    ["vertex", { seconds: 0.5, framesPerSecond: 2 }, /is 0\.5 s long; .* of 1 to 30 s/, ["1 to 30 s"]],
    ["vertex", { seconds: 31 }, /is 31 s long; .* of 1 to 30 s/, ["1 to 30 s"]],
    ["gemini", { seconds: 142 }, /is 142 s long; .* of 1 to 141 s/, ["1 to 141 s"]],
    ["vertex", { width: 640, height: 360 }, /has 640 x 360 pixels; .* 720p and 1080p/, ["720p", "1080p"]],
    ["gemini", { width: 1920, height: 1080 }, /has 1920 x 1080 pixels; .* 720p/, ["720p"]],
  ])("on %s: %o", async (where, wish, message, allowed) => {
    expect(await problemsOf(where, await smallClip(wish))).toMatchObject([
      { code: "clip-not-extendable", message: expect.stringMatching(message), allowed },
    ]);
  });

  test.each([
    ["vp09", "VP9"],
    ["av01", "AV1"],
    ["zzzz", "a codec that is not known"],
  ])("in the codec %s", async (name, word) => {
    const told = [vi.spyOn(console, "warn"), vi.spyOn(console, "error")];
    const message = expect.stringContaining(`pictures in ${word}; H.264 and H.265 are taken`);
    expect(await problemsOf("vertex", renamedCodec(await smallClip(), name))).toMatchObject([
      { code: "clip-not-extendable", message, allowed: ["H.264", "H.265"] },
    ]);
    for (const spy of told) expect(spy).not.toHaveBeenCalled();
  });

  test("with all that is wrong at once, the command's own mistakes among them", async () => {
    const clip = renamedCodec(await smallClip({ width: 640, height: 360, seconds: 31 }), "vp09");
    const found = await problemsOf("vertex", clip, { prompt: " ", durationSeconds: 4, seed: -1 });
    expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringContaining("prompt-empty"),
      expect.stringContaining("The seed is"),
      expect.stringContaining("VP9"),
      expect.stringContaining("31 s long"),
      expect.stringContaining("640 x 360"),
      expect.stringContaining("adds 7 seconds"),
    ]);
  });
});

describe("what is no clip", () => {
  const webm = Buffer.concat([Buffer.from("1a45dfa3", "hex"), Buffer.alloc(900, 1)]);
  test.each([
    ["a text file", Buffer.from("Once upon a time,\nthere was a tide.\n"), "is a text file"],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1"), "is a picture"],
    ["WebM", webm, "is a WebM or Matroska file"],
    ["noise", Buffer.from("00ff00fe01020300", "hex"), "is no whole MP4: it is no MP4"],
    ["nothing", Buffer.alloc(0), "is empty"],
  ])("%s is refused for what it is", async (_name, bytes, words) => {
    for (const where of ["vertex", "gemini"] as const) {
      expect(await problemsOf(where, bytes)).toMatchObject([
        { code: "clip-unreadable", message: expect.stringContaining(`main.mp4 ${words}`) },
      ]);
    }
  });

  test("an MP4 without pictures is refused", async () => {
    const clip = await smallClip();
    clip.write("soun", clip.indexOf("vide"), "latin1");
    expect(await problemsOf("gemini", clip)).toMatchObject([{ code: "clip-unreadable" }]);
  });

  test("a clip that was cut off anywhere is refused", async () => {
    const clip = await smallClip();
    for (const share of [0.001, 0.01, 0.3, 0.6, 0.9, 0.999]) {
      const [problem, ...rest] = await problemsOf("gemini", clip.subarray(0, Math.ceil(clip.length * share)));
      expect([share, problem?.code, rest]).toEqual([share, "clip-unreadable", []]);
    }
  });

  test("a clip whose index comes first, as on the web, is refused without its end all the same", async () => {
    const clip = indexFirst(await smallClip());
    expect(await problemsOf("vertex", clip)).toEqual([]);
    expect(await problemsOf("vertex", clip.subarray(0, -1))).toMatchObject([
      { code: "clip-unreadable", message: "main.mp4 is no whole MP4: it ends too early." },
    ]);
  });

  test("what is not there, and a folder", async () => {
    mkdirSync(join(folder(), "folder.mp4"));
    const unreadable = { code: "clip-unreadable" } as const;
    expect(await problemsOf("gemini", "none.mp4")).toMatchObject([
      { ...unreadable, message: "none.mp4 does not exist." },
    ]);
    expect(await problemsOf("gemini", "folder.mp4")).toMatchObject([
      { ...unreadable, message: "folder.mp4 is a folder." },
    ]);
  });

  test("what lies outside the allowed folders", async () => {
    writeFileSync(`${folder()}.mp4`, await smallClip());
    expect(await problemsOf("gemini", `${folder()}.mp4`)).toMatchObject([{ code: "reference-forbidden" }]);
  });
});

describe("a clip that is too large", () => {
  test("for a request to Vertex AI is told to go to a bucket, with the numbers", async () => {
    const clip = grown(await smallClip(), 70_000_001);
    expect(await problemsOf("vertex", clip)).toMatchObject([
      {
        code: "clip-not-extendable",
        message: expect.stringMatching(/has 70\.0 MB.*at most 70\.0 MB.*gs:\/\/bucket\/object/),
        allowed: ["up to 70.0 MB", "gs://bucket/object"],
      },
    ]);
    expect(await problemsOf("gemini", "main.mp4")).toEqual([]);
  });

  test("for the Files API is not even read", async () => {
    const path = join(folder(), "main.mp4");
    writeFileSync(path, await smallClip());
    truncateSync(path, 2_000_000_001);
    expect(await problemsOf("gemini", "main.mp4")).toMatchObject([
      { code: "clip-not-extendable", message: "main.mp4 has 2000.0 MB; at most 2000.0 MB are read." },
    ]);
  });
});

describe("an address", () => {
  test.each<[Way, string, boolean]>([
    ["vertex", "gs://films/main.mp4", true],
    ["vertex", "https://films.example/main.mp4", false],
    ["gemini", "https://generativelanguage.googleapis.com/v1beta/files/abc", true],
    ["gemini", "gs://films/main.mp4", false],
  ])("on %s: %s", async (where, uri, isTaken) => {
    const found = await problemsOf(where, uri);
    expect(found.map(({ code }) => code)).toEqual(isTaken ? [] : ["option-not-offered"]);
  });
});

test("a model that extends nothing names one that does", async () => {
  const [problem, ...rest] = await problemsOf("gemini", await smallClip(), { model: "gemini-omni-1.2-flash" });
  expect(problem).toMatchObject({
    code: "option-not-offered",
    message: expect.stringContaining("veo-3.1-generate-001 on Vertex AI"),
  });
  expect(rest).toEqual([]);
});

// What is planned of a clip by Omni, and what is refused before anything is sent: without the network.

import { expect, test } from "vitest";
import type { ClipRequest } from "../../core/clip.ts";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import { useEmulator } from "../testing/emulated.ts";
import { createVideoGen } from "./create-video-gen.ts";

const { settings } = useEmulator();

const plan = async (request: Partial<ClipRequest>, auth: "api-key" | "vertex-key" = "api-key") =>
  await createVideoGen(settings({ auth })).plan({ prompt: "a tide", ...request });

/** The first problem, or the whole error as one. */
async function problemOf(
  request: Partial<ClipRequest>,
  auth: "api-key" | "vertex-key" = "api-key",
): Promise<Pick<Problem, "code" | "message" | "suggestion">> {
  const thrown: unknown = await plan(request, auth).catch((error: unknown) => error);
  if (!isToolError(thrown)) throw new Error("It was planned.");
  return thrown.details.problems?.[0] ?? { code: thrown.code, message: thrown.message };
}

test("each of the two places that make clips has a model of its own", async () => {
  expect(await plan({})).toMatchObject({
    route: { model: "gemini-omni-1.2-flash" },
    wire: "interactions",
    request: { seconds: 8, resolution: "720p", aspectRatio: "16:9" },
    expected: { width: 1280, height: 720, seconds: 8 },
  });
  expect(await plan({}, "vertex-key")).toMatchObject({ route: { model: "veo-3.1-generate-001" }, wire: "predict" });
});

test.each([
  ["360p", 640, 360],
  ["1080p", 1920, 1080],
  ["4k", 3840, 2160],
])("%s is %i x %i pixels, of any length", async (resolution, width, height) => {
  const planned = await plan({ resolution, durationSeconds: 15 });
  expect(planned.expected).toEqual({ width, height, seconds: 15 });
  expect((await plan({ resolution, aspectRatio: "9:16" })).expected).toMatchObject({ width: height, height: width });
});

test("the price is that of the seconds and of the words", async () => {
  const { cost } = await plan({ durationSeconds: 3, prompt: "x".repeat(1_000) });
  expect(cost).toMatchObject({ perSecondMicroUsd: 101_360, inputMicroUsd: 1_500, estimatedMicroUsd: 305_580 });
  expect(cost.assumed).toBe(false);
  expect(await plan({ resolution: "4k" })).toMatchObject({ cost: { assumed: true } });
  expect((await plan({ resolution: "4k" })).warnings.join()).toContain("assumed");
});

test.each([
  ["too short", { durationSeconds: 2 }, "value-not-allowed", /3 to 15/],
  ["no whole second", { durationSeconds: 3.5 }, "value-not-allowed", /3 to 15/],
  ["too long for 1.1", { durationSeconds: 11, model: "gemini-omni-1.1-flash" }, "value-not-allowed", /3 to 10/],
  ["of an odd shape", { aspectRatio: "1:1" }, "ratio-not-offered", /16:9 and 9:16/],
  ["of a size that it does not make", { resolution: "2k" }, "size-not-offered", /360p, 720p, 1080p, 4k/],
  ["with a seed", { seed: 1 }, "option-not-offered", /veo-3\.1-generate-001 on Vertex AI/],
  ["without sound", { audio: false }, "option-not-offered", /--no-audio/],
  ["with unwanted things", { negativePrompt: "boats" }, "option-not-offered", /Say it in the prompt/],
  ["into a bucket", { storageUri: "gs://films/tide" }, "option-not-offered", /--storage-uri/],
  ["with rules for people", { personGeneration: "allow-none" }, "option-not-offered", /--person-generation/],
  ["to go on with another", { extendVideo: "https://h.example/files/a" }, "option-not-offered", /does not extend/],
  ["from a bucket", { firstFrame: "gs://films/first.png" }, "option-not-offered", /does not read gs:/],
] as const)("a clip %s is refused", async (_what, request, code, message) => {
  const problem = await problemOf(request);
  expect(problem.code).toBe(code);
  expect(problem.message).toMatch(message);
});

test.each([
  ["veo-3.1-generate-preview", "api-key", "model-retired", /2026-10-22.*gemini-omni-1\.2-flash/],
  ["gemini-omni-flash-preview", "api-key", "model-retired", /2026-09-30.*gemini-omni-1\.2-flash/],
  ["veo-3.1-generate-001", "api-key", "model-not-on-route", /Vertex AI serves it: --auth adc/],
  ["gemini-omni-1.2-flash", "vertex-key", "model-not-on-route", /The Gemini API serves it: --auth api-key/],
] as const)("%s with --auth %s is refused, and what can be taken is named", async (model, auth, code, message) => {
  const problem = await problemOf({ model }, auth);
  expect(problem.code).toBe(code);
  expect(problem.message).toMatch(message);
});

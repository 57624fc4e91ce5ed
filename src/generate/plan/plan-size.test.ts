// What follows from a request's size, with small limits in the place of the real ones.

import { describe, expect, test } from "vitest";
import type { InputPart } from "../../core/input-part.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import { noPast, type PastSize, planSize } from "./plan-size.ts";

const gemini = endpointFor("generativelanguage");
if (gemini.files === null) throw new Error("The Gemini API has a Files API.");
const small: Endpoint = {
  ...gemini,
  inlineRequestLimitBytes: 10_000,
  files: { ...gemini.files, mostBytesPerFile: 50_000, mostBytesInAll: 90_000 },
};

const picture = (bytes: number): InputPart => ({
  kind: "picture",
  mimeType: "image/png",
  bytes: new Uint8Array(bytes),
});

function plan(
  parts: readonly InputPart[],
  { endpoint = small, past = noPast }: { endpoint?: Endpoint; past?: PastSize } = {},
) {
  const problems: Problem[] = [];
  const uploads = planSize({ endpoint, prompt: "a fox", system: undefined, parts, past }, problems);
  return { uploads, problems };
}

const limited = (name: "aiplatform" | "cliproxyapi") => ({ ...endpointFor(name), inlineRequestLimitBytes: 10_000 });

test("the limits are those that Google documents", () => {
  expect([gemini.inlineRequestLimitBytes, gemini.files?.mostBytesPerFile, gemini.files?.mostBytesInAll]).toEqual([
    100_000_000, 2_000_000_000, 20_000_000_000,
  ]);
});

test("what fits goes inside, base64 counted", () => {
  expect(plan([picture(4_400)])).toEqual({ uploads: null, problems: [] });
  expect(plan([picture(4_500)])).toEqual({ uploads: { pictures: 1, bytes: 4_500 }, problems: [] });
});

test("what does not is uploaded, all of it, with the pictures that were given earlier in the conversation", () => {
  const past = { fixedBytes: 100, pictureBytes: [1_000, 2_000] };
  expect(plan([picture(5_000), picture(10)], { past }).uploads).toEqual({ pictures: 4, bytes: 8_010 });
});

describe("too large is", () => {
  test.each<[string, InputPart[], PastSize, string]>([
    ["one file", [picture(50_001)], noPast, "takes at most 50.0 kB for one file"],
    ["all files", [picture(50_000), picture(40_001)], noPast, "takes at most 90.0 kB for all files of a project"],
    ["text beside pictures", [picture(9), { kind: "text", text: "x".repeat(9_000) }], noPast, "beside the pictures"],
    ["a past that must come inside", [picture(9)], { fixedBytes: 9_000, pictureBytes: [] }, "beside the pictures"],
  ])("%s, with its numbers", (_what, parts, past, words) => {
    const { uploads, problems } = plan(parts, { past });
    expect([uploads, problems.length]).toEqual([null, 1]);
    expect(problems[0]).toMatchObject({ code: "input-too-large", message: expect.stringContaining(words) });
  });

  test("any picture above the limit of an endpoint without files; Vertex AI is told of Cloud Storage", () => {
    const vertex = plan([picture(9_000)], { endpoint: limited("aiplatform") });
    expect(vertex.problems[0]?.message).toMatch(/would have .* at most 10\.0 kB\. .*gs:\/\//);
    const proxy = plan([picture(9_000)], { endpoint: limited("cliproxyapi") });
    expect(proxy.problems[0]?.message).not.toContain("gs://");
  });
});

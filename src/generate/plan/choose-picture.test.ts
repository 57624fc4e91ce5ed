import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { choosePicture } from "./choose-picture.ts";

const catalogue = createCatalogue();

function choose(request: Partial<GenerateRequest>, id = "gemini-3-pro-image") {
  const model = catalogue.find(id)?.model ?? catalogue.default;
  const problems: Problem[] = [];
  const picture = choosePicture({ prompt: "a fox", ...request }, model, problems);
  return { ...picture, problems };
}

describe("without a wish", () => {
  test("the model's own ratio at 1K, and a square is expected", () => {
    expect(choose({})).toEqual({
      aspectRatio: null,
      size: "1K",
      expected: { width: 1024, height: 1024 },
      problems: [],
    });
  });
});

describe("ratios", () => {
  test.each(["16:9", "16/9", "16x9", " 16 : 9 ", "16：9", "16×9"])("%j is 16:9", (aspectRatio) => {
    expect(choose({ aspectRatio })).toMatchObject({ aspectRatio: "16:9", problems: [] });
  });

  test.each([
    ["17:9", "16:9"],
    ["1.8:1", "16:9"],
    ["2:1", "16:9"],
    ["9:17", "9:16"],
    ["1:3", "9:16"],
    ["3:1", "21:9"],
    ["16;9", "16:9"],
  ])("%s is refused, and %s suggested", (aspectRatio, suggestion) => {
    expect(choose({ aspectRatio }).problems).toMatchObject([
      { code: "ratio-not-offered", field: "--ar", given: aspectRatio, suggestion },
    ]);
  });

  test.each(["0:1", "1:0", "__proto__", "", "∞:1", "99999:1"])("%j does not break anything", (aspectRatio) => {
    expect(choose({ aspectRatio }).problems).toHaveLength(1);
  });

  test("one that only another model draws is refused with those of this one", () => {
    const [problem] = choose({ aspectRatio: "8:1" }).problems;
    expect(problem?.allowed).toEqual(catalogue.default.ratios);
    expect(choose({ aspectRatio: "8:1" }, "gemini-nano-banana-2.1").problems).toEqual([]);
  });
});

describe("sizes", () => {
  test.each(["2k", "2K", " 2k "])("%j is 2K", (size) => {
    expect(choose({ size })).toMatchObject({ size: "2K", problems: [] });
  });

  test.each([
    ["512", "gemini-3-pro-image", "1K"],
    ["4K", "gemini-3.1-flash-lite-image", "1K"],
    ["3K", "gemini-3-pro-image", "1K"],
  ])("%s with %s is refused, and %s suggested", (size, id, suggestion) => {
    expect(choose({ size }, id).problems).toMatchObject([{ code: "size-not-offered", field: "--size", suggestion }]);
  });

  test("what is allowed is told, exact pixels too", () => {
    expect(choose({ size: "8K" }).problems[0]?.allowed).toEqual(["1K", "2K", "4K", "WxH in pixels"]);
  });

  test("wrong ratio and wrong size are told together", () => {
    expect(choose({ size: "8K", aspectRatio: "7:5" }).problems.map(({ field }) => field)).toEqual(["--ar", "--size"]);
  });
});

describe("exact pixels", () => {
  test.each([
    ["1024x1024", "1:1", "1K"],
    ["5504X3072", "16:9", "4K"],
    ["2048×2048", "1:1", "2K"],
  ])("%s is %s at %s", (size, aspectRatio, found) => {
    expect(choose({ size })).toMatchObject({ aspectRatio, size: found, problems: [] });
  });

  test("the same ratio beside them may be said", () => {
    expect(choose({ size: "2752x1536", aspectRatio: "16/9" }).problems).toEqual([]);
  });

  test("those that no picture has are refused with the nearest that one has", () => {
    expect(choose({ size: "1920x1080" }).problems).toMatchObject([
      { code: "size-not-offered", given: "1920x1080", suggestion: "1376x768" },
    ]);
  });

  test.each(["0x0", "00x10", "1x99999", "00000x00000"])("%s does not break anything", (size) => {
    expect(choose({ size }).problems).toHaveLength(1);
  });
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { metadataName, type OutputWish, planOutput } from "./naming.ts";

const base: OutputWish = {
  output: undefined,
  count: 1,
  workingDirectory: "/work-folder",
  nowMs: new Date(2026, 0, 21, 14, 5, 9).getTime(),
  isFolder: (path) => path === "/work-folder/existing.d",
  isWindows: false,
};

const plan = (output: string | undefined, more: Partial<OutputWish> = {}) => planOutput({ ...base, output, ...more });

describe("where pictures go", () => {
  test("by default generated_images, named by the local time", () => {
    expect(plan(undefined)).toEqual({
      target: {
        directory: "/work-folder/generated_images",
        stem: "image_20260121_140509",
        format: null,
        extension: null,
        numbered: true,
      },
      problems: [],
    });
  });

  test.each([
    ["fox.png", "png", ".png"],
    ["deep/fox.JPG", "jpeg", ".JPG"],
    ["fox.jpeg", "jpeg", ".jpeg"],
    ["แมวน้ำ.webp", "webp", ".webp"],
  ])("%s is that file", (output, format, extension) => {
    const { target, problems } = plan(output);
    expect(problems).toEqual([]);
    expect(target).toMatchObject({ format, extension, numbered: false });
    expect(join(target.directory, target.stem + extension)).toBe(join("/work-folder", output));
  });

  test.each(["out/", "out", "existing.d", "out.png/"])("%s is a folder", (output) => {
    expect(plan(output).target).toMatchObject({
      directory: join("/work-folder", output).replace(/\/$/, ""),
      numbered: true,
    });
  });

  test("a named file is numbered when there are several pictures", () => {
    expect(plan("fox.png", { count: 3 }).target).toMatchObject({ stem: "fox", numbered: true });
  });
});

describe("what cannot be a name", () => {
  test("another extension, with the nearest that can", () => {
    expect(plan("fox.pgn").problems).toMatchObject([
      { field: "--output", allowed: [".png", ".jpg", ".webp"], suggestion: "fox.png" },
    ]);
  });

  test.each([
    ["", /empty/],
    ["-", /standard output/],
    ["a\u0000b.png", /control/],
    [`${"ก".repeat(100)}.png`, /bytes/],
  ])("%j", (output, said) => {
    expect(plan(output).problems).toMatchObject([{ code: "value-not-allowed", message: expect.stringMatching(said) }]);
  });

  test.each(["con.png", "LPT1.jpg", "a:b.png", "what?.webp"])("%s on Windows alone", (output) => {
    expect(plan(output, { isWindows: true }).problems).toHaveLength(1);
    expect(plan(output).problems).toEqual([]);
  });
});

test("the record has the picture's name with another extension", () => {
  expect(metadataName("/a/b.c/fox.tail.jpg")).toBe("/a/b.c/fox.tail.json");
});

describe("a format in so many words", () => {
  test.each(["png", "jpeg", "webp"] as const)("%s decides where no file name does", (format) => {
    expect(plan(undefined, { format })).toMatchObject({
      target: { format, extension: null, numbered: true },
      problems: [],
    });
    expect(plan("out/", { format })).toMatchObject({ target: { format }, problems: [] });
  });

  test("it may say the same as the name", () => {
    expect(plan("fox.JPG", { format: "jpeg" })).toMatchObject({ target: { extension: ".JPG" }, problems: [] });
  });

  test("it may not say another than the name, and the name that would fit is told", () => {
    expect(plan("deep/fox.png", { format: "webp" }).problems).toMatchObject([
      { field: "--format", given: "webp", suggestion: "deep/fox.webp", message: expect.stringContaining(".png") },
    ]);
  });

  test.each([
    ["fox.jpg", 80],
    ["fox.webp", 1],
    ["fox.jpeg", 100],
  ])("%s takes the quality %i", (output, quality) => {
    expect(plan(output, { quality })).toMatchObject({ target: { quality }, problems: [] });
  });

  test.each([0, 101, 7.5, Number.NaN])("%d is no quality", (quality) => {
    expect(plan("fox.jpg", { quality }).problems).toMatchObject([{ field: "--quality", given: String(quality) }]);
  });

  test.each([undefined, "fox.png", "out/"])("with %s there is no quality to choose", (output) => {
    expect(plan(output, { quality: 80 }).problems).toMatchObject([{ field: "--quality", given: "80" }]);
  });

  test("transparent parts make a PNG where nothing else is said, keep WebP, and refuse JPEG", () => {
    expect(plan(undefined, { needsAlpha: true })).toMatchObject({ target: { format: "png" }, problems: [] });
    expect(plan("fox.webp", { needsAlpha: true })).toMatchObject({ target: { format: "webp" }, problems: [] });
    expect(plan("fox.jpg", { needsAlpha: true }).problems).toMatchObject([
      { field: "--transparent", suggestion: "png" },
    ]);
    expect(plan(undefined, { needsAlpha: true, format: "jpeg" }).problems).toMatchObject([{ field: "--transparent" }]);
  });
});

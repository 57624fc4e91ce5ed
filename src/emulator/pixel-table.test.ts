import { expect, test } from "vitest";
import { nearestRatio, pixelsOf } from "./pixel-table.ts";

test.each([
  ["gemini-3-pro-image", "1:1", "1K", 1024, 1024],
  ["gemini-3-pro-image", "21:9", "2K", 3168, 1344],
  ["gemini-3-pro-image", "9:16", "4K", 3072, 5504],
  ["gemini-3.1-flash-image", "2:3", "512", 424, 632],
  ["gemini-3.1-flash-image", "8:1", "4K", 12_288, 1536],
  ["gemini-2.5-flash-image", "5:4", "1K", 1152, 896],
])("%s at %s and %s is %i × %i", (model, ratio, size, width, height) => {
  expect(pixelsOf(model, ratio, size)).toEqual({ width, height });
});

test("there are no pixels for a ratio or size that no table has", () => {
  expect(pixelsOf("gemini-3-pro-image", "7:5", "1K")).toBeUndefined();
  expect(pixelsOf("gemini-3-pro-image", "1:1", "8K")).toBeUndefined();
});

test("the nearest ratio is measured by shape, not by difference", () => {
  const ratios = ["1:1", "16:9", "9:16", "1:8", "8:1"];
  expect(nearestRatio({ width: 1920, height: 1080 }, ratios)).toBe("16:9");
  expect(nearestRatio({ width: 100, height: 700 }, ratios)).toBe("1:8");
  expect(nearestRatio({ width: 500, height: 490 }, ratios)).toBe("1:1");
});

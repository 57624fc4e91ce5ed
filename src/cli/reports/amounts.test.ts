import { expect, test } from "vitest";
import { counted, formatBytes, formatDuration } from "./amounts.ts";

test.each([
  [0, "0 bytes"],
  [1023, "1023 bytes"],
  [1_258_291, "1.2 MB"],
  [3 * 1024 ** 4, "3072.0 GB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [-5, "0 s"],
  [59_999, "59 s"],
  [83_000, "1 min 23 s"],
])("%i ms are %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("one image, two images", () => {
  expect([counted(1, "image"), counted(2, "image")]).toEqual(["1 image", "2 images"]);
});

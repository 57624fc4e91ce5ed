import { expect, test } from "vitest";
import { mediaAddress } from "./media-address.ts";

const file = "https://generativelanguage.googleapis.com/v1beta/files/abc";

test.each([
  [`${file}:download?alt=media`, `${file}:download?alt=media`],
  [`${file}:download`, `${file}:download?alt=media`],
  [file, `${file}?alt=media`],
  [`${file}?key=1`, `${file}?key=1&alt=media`],
  ["https://storage.googleapis.com/films/tide.mp4", "https://storage.googleapis.com/films/tide.mp4"],
])("the bytes of %s are at %s", (given, wanted) => {
  expect(mediaAddress(new URL(given))).toBe(wanted);
});

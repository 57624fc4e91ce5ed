import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readPictureHeader } from "../requests/picture-header.ts";
import { createPainter, type PictureSpec } from "./painter.ts";
import { rehearsalMark } from "./picture-mark.ts";

const painter = createPainter();
const spec: PictureSpec = {
  prompt: "A sunset",
  caption: "model",
  width: 512,
  height: 256,
  mimeType: "image/png",
  quality: 90,
};

describe("a painted picture", () => {
  test.each(["image/png", "image/jpeg"] as const)(
    "is a sound %s of the exact size with the mark in its metadata",
    async (mimeType) => {
      const bytes = await painter.paint({ ...spec, mimeType });
      expect(readPictureHeader(bytes)).toEqual({ mimeType, size: { width: 512, height: 256 } });
      expect(bytes.includes(rehearsalMark)).toBe(true);
      const { data, info } = await sharp(bytes, { failOn: "warning" }).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([512, 256, 3]);
      expect(new Set(data).size).toBeGreaterThan(50);
    },
  );

  test("is drawn once for the same order", async () => {
    expect(await painter.paint(spec)).toBe(await painter.paint({ ...spec }));
  });

  test("is the same from two painters", async () => {
    expect((await createPainter().paint(spec)).equals(await painter.paint(spec))).toBe(true);
  });

  test("shows the warning band in yellow at its foot", async () => {
    const { data, info } = await sharp(await painter.paint(spec))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const foot = data.subarray((info.height - 4) * info.width * 3);
    let yellow = 0;
    for (let at = 0; at < foot.length; at += 3) {
      if ((foot[at] ?? 0) > 240 && (foot[at + 1] ?? 0) > 180 && (foot[at + 2] ?? 0) < 40) yellow += 1;
    }
    expect(yellow).toBeGreaterThan(info.width);
  });

  test.each<[string, string]>([
    ["controls, escapes and lone surrogates", "\u0000\u0007\u001b[31m\ud800 <text>&amp;]]> \ufffe"],
    ["nothing", ""],
    ["a megabyte", "word ".repeat(200_000)],
    ["one unbroken word", "x".repeat(5000)],
    ["every script at once", "ไทย 日本語 한국어 العربية עברית हिन्दी বাংলা 🐱 𝔘"],
  ])("can be drawn from a prompt of %s", async (_name, prompt) => {
    const bytes = await painter.paint({ ...spec, prompt });
    expect(readPictureHeader(bytes)?.size).toEqual({ width: 512, height: 256 });
  });

  test("of another prompt differs where the prompt is written", async () => {
    const first = await painter.paint({ ...spec, prompt: "ก" });
    expect(first.equals(await painter.paint({ ...spec, prompt: "ข" }))).toBe(false);
  });
});

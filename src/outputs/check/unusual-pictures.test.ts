import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { createPictureCheck, type PictureFinding } from "./picture-check.ts";

function check(...pieces: readonly Buffer[]): PictureFinding {
  const running = createPictureCheck();
  for (const piece of pieces) running.write(piece);
  return running.end();
}

const onePixel = sharp({ create: { width: 1, height: 1, channels: 3, background: "#123456" } });

test.each(["png", "jpeg", "webp"] as const)("a %s of one pixel is whole", async (format) => {
  const bytes = await onePixel.clone().toFormat(format).toBuffer();
  expect(check(bytes)).toMatchObject({ format, width: 1, height: 1, damage: null, trailingBytes: 0 });
});

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

/** Frame of 16×8, one component. */
const jpegFrame = bytes("\u00ff\u00c0\u0000\u000b\u0008\u0000\u0008\u0000\u0010\u0001\u0001\u0011\u0000");
const jpegScan = bytes("\u00ff\u00da\u0000\u0008\u0001\u0001\u0000\u0000\u003f\u0000");
const jpeg = (...middle: readonly Buffer[]): Buffer =>
  Buffer.concat([bytes("\u00ff\u00d8"), ...middle, bytes("\u00ff\u00d9")]);

describe("a JPEG", () => {
  test("with restart markers, stuffed zeros and fill bytes in its data goes on to its end", () => {
    const data = bytes("\u0011\u00ff\u0000\u0022\u00ff\u00d0\u0033\u00ff\u00d7\u00ff\u00ff\u0000\u0044");
    expect(check(jpeg(jpegFrame, jpegScan, data))).toMatchObject({ width: 16, height: 8, damage: null });
  });

  test("does not end with a picture inside one of its segments", () => {
    const thumbnail = bytes("\u00ff\u00e1\u0000\u0008\u00ff\u00d8\u00ff\u00d9\u00ff\u00da");
    const whole = jpeg(thumbnail, jpegFrame, jpegScan, bytes("\u0011"));
    expect(check(whole)).toMatchObject({ damage: null, trailingBytes: 0 });
    expect(check(whole.subarray(0, -1)).damage).toBe("it breaks off");
  });

  test.each([
    ["no picture data", jpeg(jpegFrame)],
    ["data before its header", jpeg(jpegScan, bytes("\u0011"))],
    ["a second beginning", jpeg(jpegFrame, bytes("\u00ff\u00d8"), jpegScan)],
    ["a missing marker", jpeg(bytes("\u0011"), jpegFrame, jpegScan)],
    ["a segment shorter than its own length", jpeg(bytes("\u00ff\u00e1\u0000\u0001"), jpegFrame, jpegScan)],
    [
      "no width",
      jpeg(bytes("\u00ff\u00c0\u0000\u000b\u0008\u0000\u0008\u0000\u0000\u0001\u0001\u0011\u0000"), jpegScan),
    ],
  ])("with %s is damaged", (_what, picture) => {
    expect(check(picture).damage).toEqual(expect.any(String));
  });
});

function chunk(name: string, body: Buffer, padding = Buffer.alloc(body.length % 2)): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, padding]);
}

function webp(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat(chunks);
  const head = Buffer.from("RIFF\u0000\u0000\u0000\u0000WEBP", "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

/** 16×8, lossy. */
const lossy = chunk("VP8 ", bytes("\u0000\u0000\u0000\u009d\u0001\u002a\u0010\u0000\u0008\u0000\u0001"));
/** A canvas of 16×8. */
const extended = chunk("VP8X", bytes("\u0000\u0000\u0000\u0000\u000f\u0000\u0000\u0007\u0000\u0000"));

describe("a WebP", () => {
  test("with chunks of odd length is whole", () => {
    expect(check(webp(extended, chunk("ICCP", bytes("abc")), lossy))).toMatchObject({
      width: 16,
      height: 8,
      damage: null,
    });
  });

  test("with a C2PA chunk carries its provenance mark", () => {
    expect(check(webp(extended, lossy, chunk("C2PA", bytes("jumb"))))).toMatchObject({
      damage: null,
      hasProvenance: true,
    });
  });

  test("has the size of its canvas, not of a frame in it", () => {
    const small = chunk("VP8 ", bytes("\u0000\u0000\u0000\u009d\u0001\u002a\u0002\u0000\u0002\u0000\u0001"));
    expect(check(webp(extended, small))).toMatchObject({ width: 16, height: 8 });
  });

  test.each([
    ["no picture data", webp(extended)],
    ["a chunk longer than its container", Buffer.concat([webp(lossy).subarray(0, 16), Buffer.alloc(4, 0xff)])],
    ["data that do not begin as they should", webp(chunk("VP8 ", Buffer.alloc(10)))],
    ["lossless data of another kind", webp(chunk("VP8L", Buffer.alloc(5)))],
    ["no size", webp(chunk("VP8 ", bytes("\u0000\u0000\u0000\u009d\u0001\u002a\u0000\u0000\u0000\u0000")))],
    ["a frame as its only picture, of no size", webp(chunk("ANMF", Buffer.alloc(16)))],
  ])("with %s is damaged", (_what, picture) => {
    expect(check(picture).damage).toEqual(expect.any(String));
  });
});

describe("what is no picture to publish is named", () => {
  test.each([
    ["BMP", "BM.............."],
    ["TIFF", "II*\u0000............"],
    ["TIFF", "MM\u0000*............"],
    ["AVIF or HEIF", "\u0000\u0000\u0000\u001cftypavif...."],
    ["JSON", '{"error": {"code": 500}}'],
    ["HTML", " <html>........."],
  ])("%s", (kind, text) => {
    expect(check(bytes(text))).toMatchObject({
      format: null,
      foreignKind: kind,
      damage: `it is ${kind}, not a picture`,
    });
  });
});

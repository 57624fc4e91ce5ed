import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { type EncodedPicture, encodePicture } from "./encode-picture.ts";
import { chunk, ihdr, signature } from "./testing/png-writer.ts";

const usual = { longestSide: 3072, losslessUpToBytes: 7_000_000 };
const encode = (bytes: Buffer, limits = {}): Promise<EncodedPicture> => encodePicture(bytes, { ...usual, ...limits });

/** Red above, blue below. */
const twoColours = (width = 40, height = 20): Sharp => {
  const half = Buffer.alloc((width * height * 3) / 2);
  const red = Buffer.from(half.map((_, index) => (index % 3 === 0 ? 255 : 0)));
  const blue = Buffer.from(half.map((_, index) => (index % 3 === 2 ? 255 : 0)));
  return sharp(Buffer.concat([red, blue]), { raw: { width, height, channels: 3 } });
};

/** Fine structure that takes many bytes, the same each time. */
function noise(width: number, height: number): Sharp {
  let state = 1;
  const bytes = Buffer.alloc(width * height * 3).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
  return sharp(Buffer.from(bytes), { raw: { width, height, channels: 3 } });
}

async function colourAt(bytes: Uint8Array, left: number, top: number): Promise<number[]> {
  const pixel = sharp(bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw();
  return [...(await pixel.toBuffer())].map((value) => (value > 128 ? 1 : 0));
}

describe("what is sent", () => {
  test.each([
    ["PNG", twoColours().png(), "image/png"],
    ["JPEG", twoColours().jpeg(), "image/jpeg"],
    ["WebP with loss", twoColours().webp(), "image/jpeg"],
    ["WebP without loss", twoColours().webp({ lossless: true }), "image/png"],
    ["WebP with transparency", twoColours().ensureAlpha(0.5).webp(), "image/png"],
    ["GIF", twoColours().gif(), "image/png"],
    ["AVIF", twoColours().avif({ effort: 0 }), "image/jpeg"],
    ["AVIF with transparency", twoColours().ensureAlpha(0.5).avif({ effort: 0 }), "image/png"],
    ["JPEG in CMYK", twoColours().toColourspace("cmyk").jpeg(), "image/jpeg"],
    ["PNG of 16 bits", twoColours().toColourspace("rgb16").png(), "image/png"],
  ])("%s becomes an ordinary picture of the same size", async (_, picture, mimeType) => {
    const encoded = await encode(await picture.toBuffer());
    expect(encoded).toMatchObject({ mimeType, width: 40, height: 20 });
    expect(await sharp(encoded.bytes).metadata()).toMatchObject({
      width: 40,
      height: 20,
      space: "srgb",
      depth: "uchar",
    });
    expect([await colourAt(encoded.bytes, 5, 2), await colourAt(encoded.bytes, 5, 17)]).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  test("transparency is kept", async () => {
    const encoded = await encode(await twoColours().ensureAlpha(0).png().toBuffer());
    expect((await sharp(encoded.bytes).stats()).channels[3]?.max).toBe(0);
  });

  test("the same bytes give the same hash", async () => {
    const bytes = await twoColours().jpeg().toBuffer();
    expect((await encode(bytes)).sha256).toBe((await encode(bytes)).sha256);
  });

  test.each([
    [1, 40, 20, [1, 0, 0]],
    [3, 40, 20, [0, 0, 1]],
    [6, 20, 40, [0, 0, 1]],
    [8, 20, 40, [1, 0, 0]],
  ])("orientation %i is applied to the pixels", async (orientation, width, height, firstColour) => {
    const encoded = await encode(await twoColours().jpeg().withMetadata({ orientation }).toBuffer());
    expect(encoded).toMatchObject({ width, height });
    expect(await colourAt(encoded.bytes, 2, 2)).toEqual(firstColour);
    expect((await sharp(encoded.bytes).metadata()).orientation).toBeUndefined();
  });

  test.each(["jpeg", "png", "webp"] as const)(
    "place, author, colour profile and XMP are gone from a %s",
    async (format) => {
      const marked = twoColours()
        .toFormat(format)
        .withIccProfile("p3")
        .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret>XMPSECRET</secret></x:xmpmeta>')
        .withExif({
          IFD0: { Artist: "EXIFSECRET" },
          IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 3230/100", GPSLongitudeRef: "W" },
        });
      const bytes = await marked.toBuffer();
      expect(bytes.includes("EXIFSECRET")).toBe(true);
      const encoded = await encode(bytes);
      const kept = Buffer.from(encoded.bytes).toString("latin1");
      expect(kept).not.toMatch(/EXIFSECRET|XMPSECRET|xmp|Exif|GPS/);
      const { exif, xmp, icc, iptc } = await sharp(encoded.bytes).metadata();
      expect([exif, xmp, icc, iptc]).toEqual([undefined, undefined, undefined, undefined]);
    },
  );

  test.each(["jpeg", "png", "webp"] as const)("what hangs on the end of a %s does not come along", async (format) => {
    const bytes = await twoColours().toFormat(format).toBuffer();
    const encoded = await encode(Buffer.concat([bytes, Buffer.from("PK\u0003\u0004 a secret archive")]));
    expect(Buffer.from(encoded.bytes).includes("secret")).toBe(false);
  });

  test("the first picture of an animation is sent, and it is said", async () => {
    const frames = [twoColours(), twoColours().negate()].map((frame) => frame.png().toBuffer());
    const joined = sharp(await Promise.all(frames), { join: { animated: true } });
    const gif = await encode(await joined.clone().gif().toBuffer());
    expect(gif.notices).toEqual(["is a GIF of 2 pictures: its first picture is sent, as PNG."]);
    expect(await colourAt(gif.bytes, 5, 2)).toEqual([1, 0, 0]);
    const webp = await encode(await joined.webp({ lossless: true }).toBuffer());
    expect(webp).toMatchObject({ height: 20, notices: ["holds 2 pictures: only the first is sent."] });
  });
});

describe("sizes", () => {
  test("longer sides than the models use are scaled down", async () => {
    const bytes = await twoColours(400, 200).png().toBuffer();
    expect(await encode(bytes, { longestSide: 100 })).toMatchObject({ width: 100, height: 50 });
    expect(await encode(bytes, { longestSide: null })).toMatchObject({ width: 400, height: 200 });
  });

  test("small pictures are not blown up", async () => {
    expect(await encode(await twoColours().png().toBuffer(), { longestSide: 4000 })).toMatchObject({ width: 40 });
  });

  test("a picture that is heavy without loss is sent as JPEG, and it is said", async () => {
    const encoded = await encode(await noise(200, 200).png().toBuffer(), { losslessUpToBytes: 100_000 });
    expect(encoded).toMatchObject({ mimeType: "image/jpeg", width: 200 });
    expect(encoded.notices[0]).toMatch(/^is sent as JPEG: without loss it has 0\.1 MB/);
  });

  test("more than 100 million pixels are refused by their header", async () => {
    const lie = Buffer.concat([
      signature,
      chunk("IHDR", ihdr(50_000, 50_000, 8, 2)),
      chunk("IDAT", [0]),
      chunk("IEND"),
    ]);
    await expect(encode(lie)).rejects.toMatchObject({ code: "reference-too-large", exitCode: 2 });
  });

  test("forms that are held in memory whole may have 40 million pixels", async () => {
    const header = ihdr(8000, 6000, 1, 0, true);
    const lie = Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", [0]), chunk("IEND")]);
    await expect(encode(lie)).rejects.toMatchObject({ message: expect.stringContaining("8000 x 6000") as unknown });
  });

  test("a small file that unpacks to 64 million pixels is scaled down line by line", async () => {
    const { data } = await sharp({ create: { width: 8000, height: 8000, channels: 3, background: "#123" } })
      .png()
      .toBuffer({ resolveWithObject: true });
    expect(await encode(data, { longestSide: 64 })).toMatchObject({ width: 64, height: 64 });
  });
});

describe("what is no whole picture", () => {
  test.each([
    ["text", Buffer.from("hello"), "no picture of a known kind"],
    ["one byte", Buffer.from([0x89]), "no picture of a known kind"],
    ["a signature alone", signature, "damaged"],
    ["TIFF", Buffer.from("49492a0008000000", "hex"), "TIFF picture; save it as PNG"],
    ["BMP", Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)]), "BMP picture"],
    ["SVG", Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'), "SVG drawing"],
    ["SVG in capitals after a comment", Buffer.from("\ufeff <!-- a --> <SVG>"), "SVG drawing"],
    ["PDF", Buffer.from("%PDF-1.7\n"), "PDF document"],
    [
      "HEIC without a picture",
      Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic")]),
      "begins as HEIC",
    ],
    ["Photoshop", Buffer.from("8BPS\0\u0001"), "Photoshop"],
    ["JPEG XL", Buffer.from("ff0a00", "hex"), "JPEG XL"],
    ["a key", Buffer.from("-----BEGIN OPENSSH PRIVATE KEY-----\n"), "no picture of a known kind"],
  ])("%s is refused with what to do", async (_, bytes, words) => {
    await expect(encode(bytes)).rejects.toMatchObject({
      code: "reference-not-usable",
      message: expect.stringContaining(words) as unknown,
    });
  });

  test("an SVG behind a picture's first bytes is not opened", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    for (const start of ["89504e470d0a1a0a", "ffd8ff", "474946383961"]) {
      await expect(encode(Buffer.concat([Buffer.from(start, "hex"), Buffer.from(svg)]))).rejects.toMatchObject({
        code: "reference-not-usable",
      });
    }
  });

  const cuts = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 99];

  test.each(["jpeg", "webp", "png", "gif", "avif"] as const)("a %s cut anywhere is refused", async (format) => {
    const whole = await noise(64, 64).toFormat(format).toBuffer();
    for (const cut of cuts) {
      const bytes = whole.subarray(0, Math.floor((whole.length * cut) / 100));
      await expect(encode(bytes), `cut at ${cut} %`).rejects.toMatchObject({ code: "reference-not-usable" });
    }
  });

  test.each(["jpeg", "webp", "png"] as const)(
    "a %s with a flipped bit is refused or a whole picture",
    async (format) => {
      const whole = await noise(64, 64).toFormat(format).toBuffer();
      for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 150)) {
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        const result = await encode(flipped).then(
          ({ width }) => (width > 0 ? "whole" : "empty"),
          (error: { code: string }) => error.code,
        );
        expect(["whole", "reference-not-usable", "reference-too-large"]).toContain(result);
      }
    },
  );
});

import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodePicture } from "./encode-picture.ts";
import { plainHeic, turnedHeic, wideColourHeic } from "./testing/heic-samples.ts";

const limits = { longestSide: 3072, losslessUpToBytes: 7_000_000 };

async function colourAt(bytes: Uint8Array, left: number, top: number): Promise<number[]> {
  return [...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())];
}

describe("HEIC", () => {
  test("becomes a JPEG of the same size and colours", async () => {
    const encoded = await encodePicture(plainHeic, limits);
    expect(encoded).toMatchObject({ mimeType: "image/jpeg", width: 64, height: 32, notices: [] });
    const [red, , blueInRed] = await colourAt(encoded.bytes, 10, 4);
    const [redInBlue, , blue] = await colourAt(encoded.bytes, 10, 28);
    expect([red, blue].map((value) => (value ?? 0) > 200)).toEqual([true, true]);
    expect([blueInRed, redInBlue].map((value) => (value ?? 255) < 60)).toEqual([true, true]);
  });

  test("is turned as it says, and its Exif data stay behind", async () => {
    const encoded = await encodePicture(turnedHeic, limits);
    expect(encoded).toMatchObject({ width: 32, height: 64 });
    expect((await colourAt(encoded.bytes, 4, 32))[0]).toBeGreaterThan(200);
    expect(Buffer.from(encoded.bytes).toString("latin1")).not.toMatch(/CANARY|Exif/);
  });

  test("in the wider colours of telephones is brought into those of the web", async () => {
    const { bytes } = await encodePicture(wideColourHeic, limits);
    // Display P3 200 50 50 is a stronger red in sRGB.
    expect((await colourAt(bytes, 30, 15))[0]).toBeGreaterThan(210);
    expect((await sharp(bytes).metadata()).icc).toBeUndefined();
  });

  test("cut anywhere is refused", async () => {
    for (let cut = 5; cut < 100; cut += 5) {
      const bytes = plainHeic.subarray(0, Math.floor((plainHeic.length * cut) / 100));
      await expect(encodePicture(bytes, limits), `cut at ${cut} %`).rejects.toMatchObject({
        code: "reference-not-usable",
      });
    }
  });

  test("with a flipped bit is refused or a whole picture", async () => {
    for (let at = 0; at < plainHeic.length; at += 11) {
      const flipped = Buffer.from(plainHeic);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const result = await encodePicture(flipped, limits).then(
        ({ width }) => (width > 0 ? "whole" : "empty"),
        (error: { code: string }) => error.code,
      );
      expect(["whole", "reference-not-usable", "reference-too-large"]).toContain(result);
    }
  });
});

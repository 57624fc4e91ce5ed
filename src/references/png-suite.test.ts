import { describe, expect, test } from "vitest";
import { encodePicture } from "./encode-picture.ts";
import { corruptFiles, soundFiles } from "./testing/png-suite.ts";

const limits = { longestSide: 3072, losslessUpToBytes: 7_000_000 };

describe("PngSuite", () => {
  test("is whole: 161 sound files and 14 corrupt ones", () => {
    expect([soundFiles.length, corruptFiles.length]).toEqual([161, 14]);
    expect(new Set([...soundFiles, ...corruptFiles].map(({ name }) => name)).size).toBe(175);
  });

  test.each(soundFiles)("$name is taken", async ({ bytes }) => {
    const { mimeType, width, height } = await encodePicture(bytes, limits);
    expect({ mimeType, width, height }).toEqual({
      mimeType: "image/png",
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
    });
  });

  test.each(corruptFiles)("$name is refused", async ({ bytes }) => {
    await expect(encodePicture(bytes, limits)).rejects.toMatchObject({ code: "reference-not-usable", exitCode: 2 });
  });
});

import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { closeOtherDecoders } from "./decoders.ts";
import { encodePicture } from "./encode-picture.ts";
import { plainHeic } from "./testing/heic-samples.ts";

const make = () => sharp({ create: { width: 9, height: 9, channels: 3, background: "#123" } });

// Each test file has a process of its own; what is closed here is open again for the others of this file.
afterAll(() => sharp.unblock({ operation: ["VipsForeignLoad"] }));

test("with the other decoders closed all kinds that are sent are still read, and no others", async () => {
  const tiff = await make().tiff().toBuffer();
  expect((await sharp(tiff).metadata()).format).toBe("tiff");
  await closeOtherDecoders();
  await expect(sharp(tiff).metadata()).rejects.toThrow("unsupported image format");
  await expect(
    sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')).metadata(),
  ).rejects.toThrow("unsupported image format");
  for (const kind of ["png", "jpeg", "webp", "gif", "avif"] as const) {
    const limits = { longestSide: null, losslessUpToBytes: 1_000_000 };
    expect(await encodePicture(await make().toFormat(kind).toBuffer(), limits), kind).toMatchObject({ width: 9 });
    expect(await encodePicture(plainHeic, limits)).toMatchObject({ width: 64 });
  }
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { shrinkPictures } from "./shrink-pictures.ts";
import { thumbnailsOf } from "./thumbnail.ts";

const scratch = mkdtempSync(join(tmpdir(), "image-gen-thumbnail-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The hardest to compress. */
async function noise(name: string, width: number, height: number): Promise<string> {
  const path = join(scratch, name);
  await sharp({
    create: { width, height, channels: 3, background: "#000", noise: { type: "gaussian", mean: 128, sigma: 80 } },
  })
    .png()
    .toFile(path);
  return path;
}

describe("thumbnails", () => {
  test("are at most 64 kB together, also of noise and of ten pictures", async () => {
    const path = await noise("noise.png", 1_500, 1_500);
    for (const paths of [[path], Array.from({ length: 10 }, () => path)]) {
      const blocks = await thumbnailsOf(paths, shrinkPictures);
      expect(blocks.length).toBeGreaterThan(0);
      expect(JSON.stringify(blocks).length).toBeLessThan(66_000);
    }
  });

  test("have the picture's shape and are never larger than it", async () => {
    const [wide] = await thumbnailsOf([await noise("wide.png", 800, 100)], shrinkPictures);
    const [small] = await thumbnailsOf([await noise("small.png", 20, 10)], shrinkPictures);
    const sizeOf = async (block: typeof wide) =>
      await sharp(Buffer.from(block?.type === "image" ? block.data : "", "base64")).metadata();
    expect(await sizeOf(wide)).toMatchObject({ width: 512, height: 64, format: "jpeg" });
    expect(await sizeOf(small)).toMatchObject({ width: 20, height: 10 });
  });

  test("of what cannot be read are left out", async () => {
    const broken = join(scratch, "broken.png");
    writeFileSync(broken, "no picture");
    expect(await thumbnailsOf([broken, join(scratch, "missing.png")], shrinkPictures)).toEqual([]);
  });

  test("are left out when the process that makes them fails or answers too much", async () => {
    expect(await thumbnailsOf(["a.png"], () => Promise.reject(new Error("killed")))).toEqual([]);
    expect(await thumbnailsOf(["a.png"], () => Promise.resolve(["x".repeat(70_000)]))).toEqual([]);
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { openPart } from "../part-file.ts";
import { cutOut } from "./cut-out.ts";
import { keyPrompt } from "./key-colour.ts";

const folder = mkdtempSync(join(tmpdir(), "image-gen-cut-out-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** A disc before a background, as a JPEG with all its blur. */
async function received(background: string) {
  const disc = Buffer.from(
    `<svg width="200" height="150"><rect width="200" height="150" fill="${background}"/><circle cx="100" cy="75" r="50" fill="#c04020"/></svg>`,
  );
  count += 1;
  const part = openPart(folder, `source-${count}`);
  part.write(await sharp(disc).jpeg({ quality: 90, chromaSubsampling: "4:2:0" }).toBuffer());
  return part.finish();
}

test.each(["png", "webp"] as const)(
  "a JPEG on green becomes a %s with a clean transparent background",
  async (format) => {
    const source = await received("#00ff00");
    const { part, notes, flaw } = await cutOut(source, "green", { format }, `cut-${format}`, { directory: folder });
    expect(flaw).toBeNull();
    expect(part.finding).toMatchObject({ format, width: 200, height: 150, damage: null });
    const { data } = await sharp(readFileSync(part.path)).raw().toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number) => [...data.subarray((y * 200 + x) * 4, (y * 200 + x) * 4 + 4)];
    expect(pixel(3, 3)[3]).toBe(0);
    expect(pixel(100, 75)[3]).toBe(255);
    const greens = Array.from({ length: data.length / 4 }, (_, index) => {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(index * 4, index * 4 + 4);
      return alpha > 100 ? green - Math.max(red, blue) : 0;
    });
    // Nowhere is anything seen that is green.
    expect(Math.max(...greens)).toBeLessThan(30);
    expect(notes).toEqual([expect.stringMatching(/7\d % of the picture is transparent/)]);
    expect(existsSync(source.path)).toBe(true);
  },
);

test("a background that is not the key colour is a flaw, in words", async () => {
  const { flaw } = await cutOut(await received("#f0f0f0"), "magenta", { format: "png" }, "cut-grey", {
    directory: folder,
  });
  expect(flaw).toMatch(/could not be taken out cleanly: the picture's border is not magenta/);
});

test("the model is asked for the colour by its name and number", () => {
  expect(keyPrompt("magenta")).toMatch(/#FF00FF.*nothing magenta in it/);
});

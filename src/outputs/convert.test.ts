import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { findMismatch } from "./compare.ts";
import { convertPart } from "./convert.ts";
import { openPart } from "./part-file.ts";

const folder = mkdtempSync(join(tmpdir(), "image-gen-convert-"));
let count = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function received(format: "png" | "jpeg") {
  const noise = Buffer.from(Array.from({ length: 40 * 30 * 3 }, (_, index) => (index * 7919) % 251));
  const bytes = await sharp(noise, { raw: { width: 40, height: 30, channels: 3 } })
    .toFormat(format)
    .toBuffer();
  count += 1;
  const part = openPart(folder, `source-${count}`);
  part.write(bytes);
  return part.finish();
}

const pixels = (path: string): Promise<Buffer> => sharp(readFileSync(path)).raw().toBuffer();

test.each(["png", "webp"] as const)("JPEG becomes %s without changing a pixel", async (format) => {
  const source = await received("jpeg");
  const { part, notes } = await convertPart(source, { format }, `to-${format}`, { directory: folder });
  expect(part.finding).toMatchObject({ format, width: 40, height: 30, damage: null });
  expect(await pixels(part.path)).toEqual(await pixels(source.path));
  expect(notes).toEqual([expect.stringMatching(/came as JPEG.*without further loss/)]);
});

test("PNG becomes JPEG, and the loss is said", async () => {
  const { part, notes } = await convertPart(await received("png"), { format: "jpeg" }, "to-jpeg", {
    directory: folder,
  });
  expect(part.finding.format).toBe("jpeg");
  expect(notes).toEqual([expect.stringMatching(/not without loss/)]);
});

test("a provenance mark that does not survive is told", async () => {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
    .jpeg()
    .toBuffer();
  const mark = Buffer.from("\u00ff\u00eb\u0000\u0010JP\u0000\u0001\u0000\u0000\u0000\u0001jumbxx", "latin1");
  const part = openPart(folder, "marked");
  part.write(Buffer.concat([bytes.subarray(0, 2), mark, bytes.subarray(2)]));
  const converted = await convertPart(part.finish(), { format: "png" }, "to-unmarked", { directory: folder });
  expect(converted.notes).toEqual([expect.any(String), expect.stringMatching(/C2PA.*does not survive/)]);
});

test("a picture that cannot be decoded is answer-damaged, and no second file is left", async () => {
  const part = openPart(folder, "broken");
  part.write(Buffer.from("\u00ff\u00d8\u00ff\u00d9", "latin1"));
  await expect(convertPart(part.finish(), { format: "png" }, "to-broken", { directory: folder })).rejects.toMatchObject(
    {
      code: "answer-damaged",
    },
  );
  expect(readdirSync(folder).filter((name) => name.includes("to-broken"))).toEqual([]);
});

test.each([
  { width: 1020, height: 1024 },
  { width: 1024, height: 1024 },
])("%j is near enough to 1024×1024", (got) => {
  expect(findMismatch(got, { width: 1024, height: 1024 })).toBeNull();
});

test.each([
  [{ width: 512, height: 512 }, /another size.*512×512 instead of 1024×1024/],
  [{ width: 1376, height: 768 }, /another aspect ratio/],
])("%j is told apart from 1024×1024", (got, said) => {
  expect(findMismatch(got, { width: 1024, height: 1024 })).toMatch(said);
});

test("nothing promised, nothing missed", () => {
  expect(findMismatch({ width: 1, height: 9 }, null)).toBeNull();
});

test.each(["jpeg", "webp"] as const)("a low quality makes a smaller %s, and the loss is said", async (format) => {
  const source = await received("jpeg");
  const low = await convertPart(source, { format, quality: 10 }, `low-${format}`, { directory: folder });
  const high = await convertPart(source, { format, quality: 95 }, `high-${format}`, { directory: folder });
  expect(low.part.finding).toMatchObject({ format, damage: null });
  expect(low.part.bytes).toBeLessThan(high.part.bytes);
  expect(low.notes).toEqual([expect.stringMatching(/quality 10: not without loss/)]);
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import type { PictureFormat } from "../../core/plan.ts";
import { openPart } from "../part-file.ts";
import { embedInPart, readEmbedded } from "./embed-part.ts";
import { oldPacket, packetInside, withOldPacket } from "./testing/old-packets.ts";
import type { EmbeddedFields } from "./xmp-packet.ts";

const folder = mkdtempSync(join(tmpdir(), "image-gen-embed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const formats = ["png", "jpeg", "webp"] as const satisfies readonly PictureFormat[];
const kinds = ["png", "jpeg", "webp", "webp-lossless", "webp-alpha"] as const;

const fields: EmbeddedFields = {
  prompt: 'แมวน้ำ & a "fox" <in> snow 🦊\nsecond line\r\nthird',
  model: "a-model",
  operation: "01JD0000000000000000000000",
  costUsd: "0.134",
  createdAt: "2026-11-24T10:00:00.000Z",
  rehearsal: true,
  receivedSha256: "ab".repeat(32),
  program: "image-gen 0.1.0",
  record: JSON.stringify({ version: 1, text: "]]> & <b>\u0001", nested: [1, null] }),
};

let count = 0;
async function picture(kind: (typeof kinds)[number]): Promise<Buffer> {
  const channels = kind === "webp-alpha" ? 4 : 3;
  const noise = Buffer.from(Array.from({ length: 41 * 30 * channels }, (_, index) => (index * 7919) % 251));
  const image = sharp(noise, { raw: { width: 41, height: 30, channels } });
  if (kind === "png" || kind === "jpeg") return await image.toFormat(kind).toBuffer();
  return await image.webp({ lossless: kind === "webp-lossless" }).toBuffer();
}

function partOf(bytes: Buffer) {
  count += 1;
  const part = openPart(folder, `source-${count}`);
  part.write(bytes);
  return part.finish();
}

const pixels = (path: string): Promise<Buffer> => sharp(readFileSync(path)).raw().toBuffer();
const embed = (bytes: Buffer, some: Partial<EmbeddedFields> = {}) =>
  embedInPart(partOf(bytes), { ...fields, ...some }, `embedded-${count}`, { directory: folder });

function must<T>(value: T | null): T {
  if (value === null) throw new Error("Nothing was embedded.");
  return value;
}

describe.each(kinds)("%s", (kind) => {
  test("what is embedded comes back to the letter, and no pixel changes", async () => {
    const bytes = await picture(kind);
    const source = partOf(bytes);
    const part = must(embedInPart(source, fields, `embedded-${count}`, { directory: folder }).part);
    expect(part.finding).toMatchObject({ width: 41, height: 30, damage: null, trailingBytes: 0 });
    expect(readEmbedded(part.path, must(part.finding.format))).toEqual({ ...fields, record: fields.record });
    expect(await pixels(part.path)).toEqual(await pixels(source.path));
  });

  test("the compressed picture data are those of the old file", async () => {
    const bytes = await picture(kind);
    const part = must(embed(bytes).part);
    const data = { png: "IDAT", jpeg: "\u00ff\u00db", webp: kind === "webp-alpha" ? "ALPH" : "VP8" }[
      must(part.finding.format)
    ];
    const tail = bytes.subarray(bytes.indexOf(Buffer.from(data, "latin1")));
    expect(readFileSync(part.path).includes(tail)).toBe(true);
  });

  test("a packet that came with the picture keeps every byte, and ours stands beside it", async () => {
    const part = must(embed(withOldPacket(await picture(kind))).part);
    expect(readFileSync(part.path, "latin1")).toContain(packetInside);
    expect(readEmbedded(part.path, must(part.finding.format))?.prompt).toBe(fields.prompt);
  });

  test("a picture with a record is not given a second one", async () => {
    const once = must(embed(await picture(kind)).part);
    const { part, notes } = embed(readFileSync(once.path));
    expect(part).toBeNull();
    expect(notes).toEqual([expect.stringMatching(/left as received/)]);
  });

  test("what ExifTool reads is what was embedded, without a warning", async ({ skip }) => {
    skip(spawnSync("exiftool", ["-ver"]).status !== 0, "ExifTool is not installed on this machine");
    const part = must(embed(await picture(kind)).part);
    const told = spawnSync("exiftool", ["-json", "-XMP:all", "-warning", "-error", part.path], { encoding: "utf8" });
    const [read] = JSON.parse(told.stdout) as Record<string, unknown>[];
    expect(read).not.toHaveProperty("Warning");
    expect(read).not.toHaveProperty("Error");
    expect(read).toMatchObject({
      Description: fields.prompt,
      CreatorTool: fields.program,
      Prompt: fields.prompt,
      Model: fields.model,
      Operation: fields.operation,
      DigitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    });
  });
});

const marks: Readonly<Record<PictureFormat, (bytes: Buffer) => Buffer>> = {
  png: (bytes) => insertPngChunk(bytes, "caBX", Buffer.from("jumb")),
  jpeg: (bytes) =>
    Buffer.concat([
      bytes.subarray(0, 2),
      Buffer.from("\u00ff\u00eb\u0000\u0010JP\u0000\u0001\u0000\u0000\u0000\u0001jumbxx", "latin1"),
      bytes.subarray(2),
    ]),
  webp: (bytes) => {
    const marked = Buffer.concat([bytes, Buffer.from("C2PA\u0004\u0000\u0000\u0000jumb", "latin1")]);
    marked.writeUInt32LE(marked.length - 8, 4);
    return marked;
  },
};

function insertPngChunk(bytes: Buffer, type: string, data: Buffer): Buffer {
  return withOldPacket(bytes, { type, data });
}

test.each(formats)("a C2PA mark in %s is left whole", async (format) => {
  const { part, notes } = embed(marks[format](await picture(format)));
  expect(part).toBeNull();
  expect(notes).toEqual([expect.stringMatching(/C2PA/)]);
});

test("a record too large for JPEG is left beside the picture, prompt and model still go in", async () => {
  const { part, notes } = embed(await picture("jpeg"), { record: "x".repeat(70_000) });
  expect(readEmbedded(must(part).path, "jpeg")).toEqual({ ...fields, record: null });
  expect(notes).toEqual([expect.stringMatching(/no room/)]);
});

test("a prompt too large for JPEG is left beside the picture, the model still goes in", async () => {
  const { part, notes } = embed(await picture("jpeg"), { prompt: "x".repeat(70_000) });
  expect(readEmbedded(must(part).path, "jpeg")).toMatchObject({ prompt: null, model: fields.model });
  expect(notes).toEqual([expect.stringMatching(/too long/)]);
});

test("PNG has room for any record", async () => {
  const record = "x".repeat(300_000);
  const { part, notes } = embed(await picture("png"), { record });
  expect(readEmbedded(must(part).path, "png")?.record).toBe(record);
  expect(notes).toEqual([]);
});

test("a compressed packet of another program's is read and added to", async () => {
  const text = deflateSync(Buffer.from(oldPacket, "latin1"));
  const data = Buffer.concat([Buffer.from("XML:com.adobe.xmp\0\u0001\0\0\0", "latin1"), text]);
  const part = must(embed(insertPngChunk(await picture("png"), "iTXt", data)).part);
  expect(readFileSync(part.path, "latin1")).toContain(packetInside);
});

test("a packet that cannot be read leaves the picture as it is", async () => {
  const data = Buffer.from("XML:com.adobe.xmp\0\u0001\0\0\0no zlib stream", "latin1");
  const { part, notes } = embed(insertPngChunk(await picture("png"), "iTXt", data));
  expect(part).toBeNull();
  expect(notes).toEqual([expect.stringMatching(/cannot be added to/)]);
});

test("a picture without a record has none", async () => {
  for (const format of formats) expect(readEmbedded(partOf(await picture(format)).path, format)).toBeNull();
});

test("no part file is left of a picture that is left as it is", async () => {
  embedInPart(partOf(marks.png(await picture("png"))), fields, "never", { directory: folder });
  expect(readdirSync(folder).filter((name) => name.includes("never"))).toEqual([]);
});

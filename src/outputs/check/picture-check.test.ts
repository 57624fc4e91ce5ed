import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { createPictureCheck, type PictureFinding } from "./picture-check.ts";

const pictures: Record<string, Buffer> = {};
const width = 37;
const height = 23;

beforeAll(async () => {
  const noise = Buffer.from(Array.from({ length: width * height * 3 }, (_, index) => (index * 7919) % 251));
  const make = () => sharp(noise, { raw: { width, height, channels: 3 } });
  pictures["png"] = await make().png().toBuffer();
  pictures["interlaced png"] = await make().png({ progressive: true }).toBuffer();
  pictures["jpeg"] = await make().jpeg().toBuffer();
  pictures["progressive jpeg"] = await make().jpeg({ progressive: true }).toBuffer();
  pictures["webp"] = await make().webp().toBuffer();
  pictures["lossless webp"] = await make().webp({ lossless: true }).toBuffer();
  pictures["webp with metadata"] = await make()
    .withExif({ IFD0: { Copyright: "x" } })
    .webp()
    .toBuffer();
});

const kinds = ["png", "interlaced png", "jpeg", "progressive jpeg", "webp", "lossless webp", "webp with metadata"];

function picture(kind: string): Buffer {
  const bytes = pictures[kind];
  if (!bytes) throw new Error(`There is no ${kind}.`);
  return bytes;
}

function check(...pieces: readonly Buffer[]): PictureFinding {
  const running = createPictureCheck();
  for (const piece of pieces) running.write(piece);
  return running.end();
}

describe.each(kinds)("a whole %s", (kind) => {
  test("is recognised with its size and no damage", () => {
    const format = kind.match(/png|jpeg|webp/)?.[0];
    expect(check(picture(kind))).toMatchObject({ format, width, height, damage: null, trailingBytes: 0 });
  });

  test("gives the same finding however its bytes are cut into pieces", () => {
    const bytes = picture(kind);
    const whole = check(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const borders = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
        expect(check(...pieces)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
    expect(check(...Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole);
  });

  test("is damaged when it breaks off anywhere", () => {
    const bytes = picture(kind);
    const passed = Array.from({ length: bytes.length }, (_, length) => length).filter(
      (length) => check(bytes.subarray(0, length)).damage === null,
    );
    expect(passed).toEqual([]);
  });

  test("may have more bytes after its end, which are counted", () => {
    expect(check(picture(kind), Buffer.from("hidden"))).toMatchObject({ damage: null, trailingBytes: 6 });
  });
});

test("every single flipped bit of a PNG is found", () => {
  const bytes = picture("png");
  const missed: number[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const damaged = Buffer.from(bytes);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (check(damaged).damage === null) missed.push(bit);
  }
  expect(missed).toEqual([]);
});

describe("what is no picture to publish", () => {
  test.each([
    ["GIF", "GIF89a..........."],
    ["SVG or XML", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ["HTML", "<!doctype html><html></html>"],
    ["a zip archive", "PK\u0003\u0004............."],
    ["PDF", "%PDF-1.7 ........"],
    [null, "just some words, nothing else"],
    [null, ""],
  ])("%s", (foreignKind, text) => {
    expect(check(Buffer.from(text, "latin1"))).toMatchObject({ format: null, foreignKind, damage: expect.any(String) });
  });
});

describe("the C2PA mark", () => {
  test("is seen in a PNG's caBX chunk", () => {
    const body = Buffer.from("caBXjumb");
    const chunk = Buffer.concat([Buffer.from([0, 0, 0, 4]), body, Buffer.alloc(4)]);
    chunk.writeUInt32BE(crc32(body), 12);
    const bytes = picture("png");
    // After the signature and IHDR.
    expect(check(bytes.subarray(0, 33), chunk, bytes.subarray(33))).toMatchObject({
      damage: null,
      hasProvenance: true,
    });
  });

  test("is seen in a JPEG's APP11 segment", () => {
    const segment = Buffer.from("\u00ff\u00eb\u0000\u0010JP\u0000\u0001\u0000\u0000\u0000\u0001jumbxx", "latin1");
    const bytes = picture("jpeg");
    expect(check(bytes.subarray(0, 2), segment, bytes.subarray(2))).toMatchObject({
      damage: null,
      hasProvenance: true,
    });
  });

  test("is not seen where there is none", () => {
    for (const kind of kinds) expect(check(picture(kind)).hasProvenance).toBe(false);
  });
});

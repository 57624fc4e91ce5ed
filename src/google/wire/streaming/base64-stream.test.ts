import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBase64Stream, createBase64Workspace } from "./base64-stream.ts";

const workspace = createBase64Workspace();

function run(pieces: readonly string[]) {
  const taken: Buffer[] = [];
  const stream = createBase64Stream((bytes) => taken.push(Buffer.from(bytes)), workspace);
  for (const piece of pieces) {
    const chunk = Buffer.from(piece, "latin1");
    stream.push(chunk, 0, chunk.length);
    stream.flush();
  }
  stream.finish();
  return { bytes: Buffer.concat(taken), counted: stream.bytes, damaged: stream.damaged };
}

describe("base64 that arrives in pieces", () => {
  test("decodes to the same bytes whatever the split", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(40)), (bytes, sizes) => {
        const text = Buffer.from(bytes).toString("base64");
        const pieces = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        pieces.push(text.slice(at));
        expect(run(pieces)).toEqual({ bytes: Buffer.from(bytes), counted: bytes.length, damaged: false });
      }),
    );
  });

  test("decodes texts longer than one piece, from any alignment", () => {
    const bytes = Buffer.alloc(200_003, 0).map((_, index) => (index * 31) & 255);
    const text = Buffer.from(bytes).toString("base64");
    for (const cut of [0, 1, 2, 3, 5_000, 65_537]) {
      const result = run([text.slice(0, cut), text.slice(cut)]);
      expect(result.bytes.equals(bytes)).toBe(true);
      expect(result).toMatchObject({ counted: bytes.length, damaged: false });
    }
  });

  test("takes the URL-safe alphabet, also without padding", () => {
    const bytes = Buffer.from([0xfb, 0xff, 0xfe, 0x3e]);
    expect(run([bytes.toString("base64url")])).toEqual({ bytes, counted: 4, damaged: false });
  });

  test.each(["Q UJD", "QU\r\nJD", "\tQUJD\n"])("takes white space inside: %j", (text) => {
    expect(run([text])).toEqual({ bytes: Buffer.from("ABC"), counted: 3, damaged: false });
  });

  test("takes white space inside a long text without damage or loss", () => {
    const bytes = Buffer.alloc(30_000, 7);
    const text = bytes.toString("base64").replace(/.{76}/g, "$&\n");
    expect(run([text])).toEqual({ bytes, counted: bytes.length, damaged: false });
  });

  test.each([["QUJD*UJD"], ["QUJD\u00e9"], ["QUJD."], ["QUJD\0"]])("%j holds something that is not base64", (text) => {
    expect(run([text]).damaged).toBe(true);
  });

  test("one wrong character in a long text is found, and the rest is kept", () => {
    const text = Buffer.alloc(30_000, 7).toString("base64");
    const result = run([`${text.slice(0, 20_000)}!${text.slice(20_000)}`]);
    expect(result).toEqual({ bytes: Buffer.alloc(30_000, 7), counted: 30_000, damaged: true });
  });

  test.each(["Q", "QUJDR", "QQ=", "QQ===", "QUJD=", "QUI==", "=QUJ", "QQ==QUJD", "====", "QUJD===="])(
    "%j is padded wrongly",
    (text) => {
      expect(run([text]).damaged).toBe(true);
    },
  );

  test("padding in the middle of a long text is damage", () => {
    const text = Buffer.alloc(3_001, 7).toString("base64");
    expect(run([text + text]).damaged).toBe(true);
  });

  test("padding at the end of one long piece is damage when another follows", () => {
    expect(run([`${"QUJD".repeat(16_383)}  ==${"QUJD".repeat(1_000)}QQ`]).damaged).toBe(true);
  });

  test.each([
    ["", 0],
    ["QQ==", 1],
    ["QQ", 1],
    ["QUI=", 2],
    ["QUI", 2],
  ])("%j has %d bytes and is in order", (text, count) => {
    expect(run([text])).toMatchObject({ counted: count, damaged: false });
  });
});

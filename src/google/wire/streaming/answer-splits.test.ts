// The promise that carries the whole decoder: it never matters how the network cuts an answer into pieces.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerJson, decode, picturePart, split, toEvents } from "../testing/decode.ts";

const picture = fc
  .record({
    bytes: fc.uint8Array({ maxLength: 90 }),
    thought: fc.boolean(),
    style: fc.constantFrom("plain", "url", "noise"),
  })
  .map(({ bytes, thought, style }) => {
    const text = Buffer.from(bytes).toString(style === "url" ? "base64url" : "base64");
    return picturePart(style === "noise" ? text.replace(/.{7}/g, "$& \n*") : text, thought ? { thought } : {});
  });
const part = fc.oneof(
  picture,
  fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => ({ text })),
  fc.constant({ text: "  two  spaces  " }),
  fc.constant({ text: '\\"inlineData":{"data":"QUJD"}' }),
  fc.json({ maxDepth: 2 }).map((text) => ({ functionCall: { args: text } })),
);
const chunk = fc.array(part, { maxLength: 4 }).map((parts) => answerJson({ parts, finishReason: "STOP" }));

/** JSON with every slash, equals sign and some letters escaped, as other programs may write it. */
function escaped(json: string): string {
  return json.replaceAll("/", "\\/").replaceAll("=", "\\u003d").replaceAll("data", "d\\u0061ta");
}

const body = fc
  .record({
    chunks: fc.array(chunk, { minLength: 1, maxLength: 3 }),
    form: fc.constantFrom("json", "pretty", "list", "escaped", "lf", "crlf", "cr", "enveloped"),
    cut: fc.option(fc.nat(400), { nil: undefined }),
  })
  .map(({ chunks, form, cut }) => {
    const texts: Record<string, () => string> = {
      json: () => JSON.stringify(chunks[0]),
      pretty: () => JSON.stringify(chunks[0], null, 2),
      list: () => JSON.stringify(chunks),
      escaped: () => escaped(JSON.stringify(chunks[0])),
      lf: () => toEvents(chunks),
      crlf: () => toEvents(chunks, "\r\n"),
      cr: () => toEvents(chunks, "\r"),
      enveloped: () => toEvents(chunks.map((response) => ({ response }))),
    };
    const text = texts[form]?.() ?? "";
    return { text: cut === undefined ? text : text.slice(0, cut), enveloped: form === "enveloped" };
  });

describe("how an answer is cut into pieces", () => {
  test("does not matter: any cuts", () => {
    fc.assert(
      fc.property(body, fc.array(fc.nat(2_000), { maxLength: 12 }), ({ text, enveloped }, cuts) => {
        const bytes = Buffer.from(text);
        const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        const pieces = borders.slice(1).map((border, index) => Buffer.from(bytes.subarray(borders[index], border)));
        expect(decode(pieces, { enveloped })).toEqual(decode(bytes, { enveloped }));
      }),
      { numRuns: 300 },
    );
  });

  test("does not matter: one byte at a time", () => {
    fc.assert(
      fc.property(body, ({ text, enveloped }) => {
        expect(decode(split(text, 1), { enveloped })).toEqual(decode(text, { enveloped }));
      }),
      { numRuns: 100 },
    );
  });

  test("does not matter: one buffer used again for every piece", () => {
    const bytes = Buffer.from(
      toEvents([answerJson({ parts: [{ text: "a/b" }, picturePart(Buffer.alloc(5_000, 9))] })]),
    );
    const reused = Buffer.alloc(64);
    function* pieces() {
      for (let at = 0; at < bytes.length; at += 64) {
        bytes.copy(reused, 0, at);
        yield reused.subarray(0, Math.min(64, bytes.length - at));
      }
    }
    expect(decode(pieces())).toEqual(decode(bytes));
  });
});

describe("every byte of a large picture", () => {
  test("arrives, whatever the size of the pieces", () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 300_001 }, (_, index) => (index * 7 + (index >> 8)) & 255));
    const text = JSON.stringify(answerJson({ parts: [{ text: "before" }, picturePart(bytes), { text: "after" }] }));
    for (const size of [997, 4_096, 65_536, 65_537, 1_000_000]) {
      const { pictures, result } = decode(split(text, size));
      expect(pictures[0]?.equals(bytes)).toBe(true);
      expect(result).toMatchObject({ chosen: 0, answer: { text: "beforeafter" } });
    }
  });
});

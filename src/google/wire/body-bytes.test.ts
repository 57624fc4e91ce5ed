import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bodyBytes } from "./body-bytes.ts";

const plain = (bytes: Buffer): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

test("is the JSON that the same body with base64 texts would be", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.uint8Array({ maxLength: 200 })), (text, pictures) => {
      const body = { text, parts: pictures.map((data) => ({ data, text })), end: null };
      const written = {
        text,
        parts: pictures.map((data) => ({ data: Buffer.from(data).toString("base64"), text })),
        end: null,
      };
      expect(bodyBytes(body).toString()).toBe(JSON.stringify(written));
    }),
  );
});

test.each([49_151, 49_152, 49_153, 98_304, 150_001])(
  "%i bytes are whole over the steps in which they are written",
  (size) => {
    const data = Buffer.from(Array.from({ length: size }, (_, index) => (index * 31) & 255));
    expect(JSON.parse(bodyBytes({ data: plain(data) }).toString())).toEqual({ data: data.toString("base64") });
  },
);

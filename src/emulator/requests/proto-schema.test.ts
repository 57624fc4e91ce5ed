import { check, property, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { isBase64 } from "./proto-schema.ts";

describe("base64", () => {
  test("whatever Node encodes is base64, in either alphabet, with or without padding", () => {
    const found = check(
      property(uint8Array({ maxLength: 100 }), (bytes) => {
        const padded = Buffer.from(bytes).toString("base64");
        return (
          isBase64(padded) && isBase64(padded.replace(/=+$/, "")) && isBase64(Buffer.from(bytes).toString("base64url"))
        );
      }),
    );
    expect(found.counterexample).toBeNull();
  });

  test.each(["a", "ab=", "ab===", "a b=", "ab\n=", "abc*", "=abc"])("%j is not", (text) => {
    expect(isBase64(text)).toBe(false);
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor, plainText } from "./redaction.ts";
import { Secret } from "./secret.ts";

const key = `AIza${"x".repeat(35)}`;

describe("the redactor", () => {
  test("masks a known secret, its URL-encoded and its base64 form", () => {
    const redact = createRedactor([new Secret("pa ss+wörd", "test")]);
    const base64 = Buffer.from("pa ss+wörd").toString("base64").replace(/=+$/, "");
    expect(redact(`a pa ss+wörd b ${encodeURIComponent("pa ss+wörd")} c ${base64}`)).toBe(
      "a [redacted] b [redacted] c [redacted]",
    );
  });

  test("masks what is shaped like a Google credential even when it was never told", () => {
    const redact = createRedactor([]);
    const text = `${key} AQ.${"a".repeat(30)} ya29.${"b".repeat(40)} https://h/x?key=short&y=1`;
    expect(redact(text)).toBe("[redacted] [redacted] [redacted] https://h/x?key=[redacted]&y=1");
  });

  test("leaves other text alone", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,40}$/), (text) => {
        expect(createRedactor([new Secret("ZZZZ-secret", "test")])(text)).toBe(text);
      }),
    );
  });
});

describe("plain text", () => {
  test("loses colours, titles, clipboard writes and direction overrides, keeps line breaks", () => {
    expect(
      plainText("a\u001b[31mred\u001b[0m\u001b]52;c;aGk=\u0007\u001b]0;title\u001b\\b\u202ec\r\nd\u009b2Je\u0000f"),
    ).toBe("aredbc\ndef");
  });

  test("never holds a control character, whatever came in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(plainText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  test("is cut at the limit with an ellipsis, never inside a character", () => {
    expect(plainText("🌅🌅🌅🌅", 3)).toBe("🌅🌅…");
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJsonText } from "./json-text.ts";

describe("JSON with line numbers", () => {
  test("gives what JSON.parse gives, for every JSON value", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 2), (json, indent) => {
        const source = JSON.stringify(JSON.parse(json), null, indent);
        expect(parseJsonText(source)).toMatchObject({ ok: true, value: JSON.parse(source) });
      }),
    );
  });

  test("refuses exactly what JSON.parse refuses", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"a"',
      '"\\u0041"',
      '"\n"',
      "1",
      "01",
      "-",
      "1e5",
      "true",
      "nul",
      " ",
      "\n",
      "'x'",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const source = pieces.join("");
        let valid = true;
        try {
          JSON.parse(source);
        } catch {
          valid = false;
        }
        expect(parseJsonText(source).ok).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{\n  "a": 1,\n  "b": 2,\n}', 4],
    ['{\n  "a": 1\n  "b": 2\n}', 3],
    ['{ "a": ', 1],
    ["", 1],
    ['{\n"a": tru\n}', 2],
    ['{"a": 1} x', 1],
  ])("a mistake in %j is on line %i", (source, line) => {
    expect(parseJsonText(source)).toMatchObject({ ok: false, line });
  });

  test("knows the line of each outer key and which are there twice", () => {
    const document = parseJsonText('\ufeff{\n "a": {"a": 1},\n "b": [\n2],\n "a": 3 }');
    expect(document).toMatchObject({ ok: true, repeated: ["a"] });
    expect(document).toHaveProperty(
      "lines",
      new Map([
        ["a", 5],
        ["b", 3],
      ]),
    );
  });

  test("a file of brackets does not exhaust the stack", () => {
    expect(parseJsonText("[".repeat(100_000))).toMatchObject({ ok: false, message: "Too deeply nested." });
  });
});

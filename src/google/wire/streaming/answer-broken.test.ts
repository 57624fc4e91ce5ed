// Answers that are cut, damaged, or not an answer at all.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerJson, decode, picturePart, split, toEvents } from "../testing/decode.ts";

const png = Buffer.from("not really a png, but bytes all the same: \0\u00ff");

describe("an answer that breaks off", () => {
  const whole = JSON.stringify(
    answerJson({
      parts: [{ text: "a" }, { thought: true, ...picturePart("QUFB") }, picturePart("QkJCQkJC"), { text: "z" }],
    }),
  );
  const afterPicture = whole.indexOf("QkJCQkJC") + "QkJCQkJC".length + 1;

  test("anywhere before the end of the picture is incomplete", () => {
    for (let length = 1; length < afterPicture; length += 1) {
      expect(decode(whole.slice(0, length)).result).toMatchObject({ kind: "incomplete" });
    }
  });

  test("anywhere after the picture still has it", () => {
    for (let length = afterPicture; length < whole.length; length += 1) {
      const { result, pictures } = decode(whole.slice(0, length));
      expect(result).toMatchObject({ kind: "answer", chosen: 1, complete: false });
      expect(String(pictures[1])).toBe("BBBBBB");
    }
  });

  test("in the picture never ends its sink and keeps what came", () => {
    const { result, ended, pictures } = decode(whole.slice(0, afterPicture - 3));
    expect(ended).toEqual([true, false]);
    expect(String(pictures[1])).toBe("BBB");
    expect(result).toMatchObject({
      kind: "incomplete",
      answer: { text: "a", pictures: [{ thought: true }, { bytes: 3 }] },
    });
  });

  test("and is not JSON after the picture still has it", () => {
    const { result } = decode(`${whole.slice(0, -2)},nonsense]}`);
    expect(result).toMatchObject({ kind: "answer", complete: false });
  });

  test("on the way through a stream keeps the pictures of the events before", () => {
    const events = toEvents([
      answerJson({ parts: [picturePart(png)], finishReason: null }),
      answerJson({ parts: [picturePart(png)] }),
    ]);
    expect(decode(events.slice(0, -60)).result).toMatchObject({ kind: "answer", chosen: 0, complete: false });
  });
});

describe("something else than an answer", () => {
  test.each([
    ["", "empty"],
    [" \r\n\n", "empty"],
    ["<!DOCTYPE html><title>Login</title>", "html"],
    ["Bad gateway", "not-json"],
    ["error: nothing here", "not-json"],
    ["null", "not-json"],
    ["[1,]", "not-json"],
    ['{"a":"\\x00"}', "not-json"],
    ["{'a':1}", "not-json"],
    ["[1]]", "not-json"],
    ['{"a":1}}', "not-json"],
    ["[}", "not-json"],
    ["\u0000", "not-json"],
    ['"text"', "not-json"],
    ["{}", "no-answer"],
    ["[]", "no-answer"],
    ["[null,1]", "no-answer"],
    ['{"message":"Forbidden"}', "no-answer"],
    ['{"candidates":"none"}', "no-answer"],
    [": only a comment\n\n", "not-json"],
  ])("%j is foreign: %s", (body, reason) => {
    expect(decode(body).result).toMatchObject({ kind: "foreign", reason });
  });

  test("nesting of a million levels is survived and not kept in a stack", () => {
    for (const body of [
      "[".repeat(1_000_000),
      '{"a":'.repeat(1_000_000),
      `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`,
    ]) {
      expect(decode(split(body, 65_536)).result.kind).toMatch(/foreign|incomplete/);
    }
  });

  test("no input whatever makes it throw or differ by how it is split", () => {
    const seeds = [
      '{"candidates":[{"content":{"parts":[',
      '{"inlineData":{"data":"QUJD',
      '"}}',
      "]",
      "}",
      "data: ",
      "\n",
      "\\u0",
      '"',
      ",",
    ];
    const piece = fc.oneof(fc.constantFrom(...seeds), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
        const body = pieces.join("");
        expect(decode(split(body, size))).toEqual(decode(split(body, Math.max(1, body.length))));
      }),
      { numRuns: 500 },
    );
  });

  test("bytes that are not UTF-8 are replaced", () => {
    const body = Buffer.concat([
      Buffer.from('{"candidates":[{"content":{"parts":[{"text":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}]}}]}'),
    ]);
    expect(decode(body).result).toMatchObject({ kind: "answer", answer: { text: "\uFFFD\uFFFD" } });
  });
});

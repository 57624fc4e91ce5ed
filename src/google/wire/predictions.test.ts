// Answers of Imagen's predict, decoded while they arrive. Shapes: google-apis facts §7.

import { describe, expect, test } from "vitest";
import { judgeAnswer } from "./failures/judge-answer.ts";
import { decode, split } from "./testing/decode.ts";

const predict = { method: "predict" } as const;
const context = { endpoint: "aiplatform", auth: "oauth", model: "any" } as const;
const picture = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
const drawn = { mimeType: "image/png", bytesBase64Encoded: picture.toString("base64") };
const filtered = { raiFilteredReason: "Filtered. Support codes: 1" };

const verdictOf = (body: string) => judgeAnswer(decode(body, predict).result, context);

describe("a picture", () => {
  test.each([1, 2, 3, 7, 1_024, 100_000])("arrives whole in pieces of %i bytes", (size) => {
    const body = JSON.stringify({ predictions: [drawn] }, null, 2);
    const { result, pictures, ended } = decode(split(body, size), predict);
    expect(pictures).toEqual([picture]);
    expect(ended).toEqual([true]);
    expect(result).toMatchObject({
      kind: "answer",
      chosen: 0,
      complete: true,
      answer: { pictures: [{ mimeType: "image/png", bytes: 5_000, damaged: false }], usage: null, finishReason: null },
    });
  });

  test("never stands in what is kept: its fields come in any order, with escapes", () => {
    const text = drawn.bytesBase64Encoded.replaceAll("/", "\\/").replaceAll("=", "\\u003d");
    const body = `{"deployedModelId":"","predictions":[{"bytesBase64Encoded":"${text}","prompt":"a fox","mimeType":"image/jpeg"}]}`;
    const { result, pictures } = decode(split(body, 13), predict);
    expect(pictures).toEqual([picture]);
    expect(result).toMatchObject({ answer: { pictures: [{ mimeType: "image/jpeg" }] } });
  });

  test("beside filtered ones is kept", () => {
    const body = JSON.stringify({ predictions: [filtered, drawn, filtered] });
    expect(verdictOf(body)).toEqual({ picture: 0, warning: null });
  });

  test("is not looked for anywhere else", () => {
    const body = JSON.stringify({ predictions: [{ deeper: drawn }], metadata: drawn });
    expect(decode(body, predict).pictures).toEqual([]);
  });

  test("that breaks off is an outcome nobody knows", () => {
    const body = JSON.stringify({ predictions: [drawn] }).slice(0, 3_000);
    expect(verdictOf(body)).toMatchObject({ code: "answer-incomplete" });
  });

  test("that is whole when the answer breaks off is kept, and that is said", () => {
    const body = JSON.stringify({ predictions: [drawn, drawn] }).slice(0, 7_000);
    expect(verdictOf(body)).toEqual({ picture: 0, warning: expect.stringContaining("broke off") });
  });

  test("with damaged base64 is damaged", () => {
    const body = JSON.stringify({ predictions: [{ ...drawn, bytesBase64Encoded: "ab!!cd" }] });
    expect(verdictOf(body)).toMatchObject({ code: "answer-damaged" });
  });

  test("of nothing is no picture", () => {
    const body = JSON.stringify({ predictions: [{ ...drawn, bytesBase64Encoded: "" }] });
    expect(verdictOf(body)).toMatchObject({ code: "no-image", message: "The picture in the answer is empty." });
  });
});

describe("a filtered answer", () => {
  test("is a refusal with its reasons, each once", () => {
    const other = { raiFilteredReason: "Something else." };
    expect(verdictOf(JSON.stringify({ predictions: [filtered, filtered, other] }))).toMatchObject({
      code: "refused-safety",
      providerMessage: "Filtered. Support codes: 1 Something else.",
    });
  });

  test.each(["{}", '{"predictions":[]}', '{"deployedModelId":"1","model":"m"}', '{"predictions":null}'])(
    "may be %s: no picture, and nobody says that it is not billed",
    (body) => {
      const verdict = verdictOf(body);
      expect(verdict).toMatchObject({ code: "no-image" });
      expect(verdict).not.toHaveProperty("providerMessage");
    },
  );
});

describe("what is no answer of Imagen's", () => {
  test.each([
    ['{"login":"https://portal.example"}', "foreign-answer"],
    ['{"predictions":[],"login":true}', "foreign-answer"],
    ['{"predictions":"none"', "answer-incomplete"],
    ["{", "answer-incomplete"],
    ["[]", "foreign-answer"],
    ["", "foreign-answer"],
    ["<html>", "foreign-answer"],
    ['{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}', "overloaded"],
  ])("%s is %s", (body, code) => {
    expect(verdictOf(body)).toMatchObject({ code });
  });

  test("an empty object is none of generateContent's", () => {
    expect(judgeAnswer(decode("{}").result, context)).toMatchObject({ code: "foreign-answer" });
  });
});

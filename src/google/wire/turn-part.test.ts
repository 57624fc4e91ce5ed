import { describe, expect, test } from "vitest";
import type { Answer } from "../../core/answer.ts";
import { answerJson, decode, picturePart, split, toEvents } from "./testing/decode.ts";

function partsOf(body: string | Buffer | Iterable<Buffer>, enveloped = false): Answer["parts"] {
  const { result } = decode(body, { enveloped });
  if (!("answer" in result)) throw new Error(`No answer: ${result.kind}`);
  return result.answer.parts;
}

const signature = `Eo8B/+${"Zz9".repeat(4_000)}==`;
const draft = picturePart(Buffer.from("draft"), { thoughtSignature: "AAAA" });
const final = picturePart(Buffer.from("final"), { thoughtSignature: signature, partMetadata: { a: [1] } });
const parts = [{ text: "Here \u{1F98A}", thoughtSignature: "c2ln" }, draft, { text: " you are" }, final];
const kept = [
  { fields: { text: "Here \u{1F98A}", thoughtSignature: "c2ln" }, picture: null },
  { fields: { thoughtSignature: "AAAA" }, picture: { index: 0, mimeType: "image/png" } },
  { fields: { text: " you are" }, picture: null },
  { fields: { thoughtSignature: signature, partMetadata: { a: [1] } }, picture: { index: 1, mimeType: "image/png" } },
];

describe("the model's turn", () => {
  test("is kept in order, each signature to the letter", () => {
    expect(partsOf(JSON.stringify(answerJson({ parts })))).toEqual(kept);
  });

  test("is the same from a stream, cut anywhere", () => {
    const stream = toEvents(
      parts.map((part) => answerJson({ parts: [part], finishReason: null })).concat(answerJson({})),
    );
    expect(partsOf(stream)).toEqual(kept);
    for (const size of [1, 7, 997]) expect(partsOf(split(stream, size))).toEqual(kept);
  });

  test("is the same in the envelope of Code Assist and with proto field names", () => {
    expect(partsOf(JSON.stringify({ response: answerJson({ parts }) }), true)).toEqual(kept);
    const proto = { inline_data: { mime_type: "image/png", data: "AAAA" }, thoughtSignature: "c2ln" };
    expect(partsOf(JSON.stringify(answerJson({ parts: [proto] })))).toEqual([
      { fields: { thoughtSignature: "c2ln" }, picture: { index: 0, mimeType: "image/png" } },
    ]);
  });

  test("keeps a signature that comes alone, at the end of a stream", () => {
    expect(
      partsOf(JSON.stringify(answerJson({ parts: [final, { text: "", thoughtSignature: "ZW5k" }] }))),
    ).toHaveLength(2);
  });

  test("leaves out what says nothing: empty texts, and thoughts without a signature", () => {
    const thought = picturePart(Buffer.from("sketch"), { thought: true });
    const said = [
      { text: "" },
      { text: "Hm", thought: true },
      thought,
      { inlineData: { mimeType: "image/png" } },
      final,
    ];
    expect(partsOf(JSON.stringify(answerJson({ parts: said })))).toEqual([
      { ...kept[3], picture: { index: 1, mimeType: "image/png" } },
    ]);
  });

  test("keeps a thought with its signature", () => {
    const thought = { text: "Hm", thought: true, thoughtSignature: "aG0=" };
    expect(partsOf(JSON.stringify(answerJson({ parts: [thought, final] })))[0]).toEqual({
      fields: thought,
      picture: null,
    });
  });

  test("of an answer that broke off is none", () => {
    const body = JSON.stringify(answerJson({ parts }));
    expect(partsOf(body.slice(0, -40))).toEqual([]);
  });

  test("is not moved by keys named like built-ins", () => {
    const odd =
      '{"candidates":[{"content":{"parts":[{"text":"x","__proto__":{"a":1},"constructor":"y"}]},"finishReason":"STOP"}]}';
    expect(JSON.stringify(partsOf(odd)[0]?.fields)).toBe('{"text":"x","__proto__":{"a":1},"constructor":"y"}');
  });
});

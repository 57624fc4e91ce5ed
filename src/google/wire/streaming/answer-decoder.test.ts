import { describe, expect, test } from "vitest";
import { createAnswerDecoder } from "./answer-decoder.ts";
import { answerJson, decode, picturePart, split, toEvents } from "../testing/decode.ts";

const png = Buffer.from("not really a png, but bytes all the same: \0\u00ff");
const usage = {
  usageMetadata: {
    promptTokenCount: 7,
    candidatesTokenCount: 1120,
    thoughtsTokenCount: 20,
    totalTokenCount: 1147,
    candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1120 }],
  },
  modelVersion: "model-1",
  responseId: "r-1",
};

const grounded = (metadata: object) => ({
  candidates: [{ content: { parts: [] }, finishReason: "STOP", groundingMetadata: metadata }],
});

const queriesIn = (...documents: readonly object[]) => {
  const decoder = createAnswerDecoder({
    framing: "auto",
    enveloped: false,
    openPicture: () => ({ write: () => undefined, end: () => undefined }),
  });
  decoder.write(Buffer.from(documents.map((document) => `data: ${JSON.stringify(document)}\n\n`).join("")));
  const decoded = decoder.end();
  return "answer" in decoded ? decoded.answer.searchQueries : null;
};

describe("searches that the model made", () => {
  test.each([
    ["none", [{}], 0],
    ["two of the web and one for pictures", [{ webSearchQueries: ["a", "b"], imageSearchQueries: ["a"] }], 3],
    ["the same one made twice", [{ webSearchQueries: ["a", "a"] }], 2],
    ["repeated in each chunk of a stream", [{ webSearchQueries: ["a"] }, { webSearchQueries: ["a", "b"] }], 2],
    ["brought one by one", [{ webSearchQueries: ["a"] }, { webSearchQueries: ["b"] }], 2],
    ["odd values", [{ webSearchQueries: [{ toString: 1 }, null] }, { webSearchQueries: "a" }], 2],
  ])("%s", (_name, chunks, count) => {
    expect(queriesIn(...chunks.map(grounded))).toBe(count);
  });
});

describe("a plain JSON answer", () => {
  test("gives the picture to its sink and the rest as an Answer", () => {
    const { result, pictures, ended } = decode(
      JSON.stringify(answerJson({ parts: [{ text: "Here " }, picturePart(png), { text: "it is" }], extra: usage })),
    );
    expect(pictures).toEqual([png]);
    expect(ended).toEqual([true]);
    expect(result).toEqual({
      kind: "answer",
      chosen: 0,
      complete: true,
      answer: {
        pictures: [{ index: 0, mimeType: "image/png", thought: false, bytes: png.length, damaged: false }],
        parts: [
          { fields: { text: "Here " }, picture: null },
          { fields: {}, picture: { index: 0, mimeType: "image/png" } },
          { fields: { text: "it is" }, picture: null },
        ],
        text: "Here it is",
        finishReason: "STOP",
        finishMessage: null,
        blockReason: null,
        blockMessage: null,
        usage: {
          promptTokens: 7,
          promptImageTokens: 0,
          imageTokens: 1120,
          textTokens: 0,
          thoughtTokens: 20,
          servedTier: null,
        },
        modelVersion: "model-1",
        searchQueries: 0,
        responseId: "r-1",
      },
    });
  });

  test("may be pretty-printed, begin with a byte order mark and blank lines, and use either spelling", () => {
    const pretty = JSON.stringify(
      {
        candidates: [
          { content: { parts: [{ inline_data: { data: png.toString("base64"), mime_type: "image/webp" } }] } },
        ],
      },
      null,
      4,
    );
    const { result, pictures } = decode(`\uFEFF\r\n\n ${pretty}\n`);
    expect(pictures).toEqual([png]);
    expect(result).toMatchObject({ kind: "answer", chosen: 0, answer: { pictures: [{ mimeType: "image/webp" }] } });
  });

  test("keeps every word of a long text", () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `word${index}`).join(" ");
    const body = JSON.stringify(answerJson({ parts: [{ text }, picturePart(png), { text }] }));
    expect(decode(split(body, 1_000)).result).toMatchObject({ answer: { text: text + text } });
  });

  test("may write its keys and the base64 with escapes", () => {
    const bytes = Buffer.from([0xff, 0xfb, 0xff, 0xfb, 0xef, 0xbe, 0x00]);
    const data = bytes.toString("base64").replaceAll("/", "\\/").replaceAll("+", "\\u002b").replaceAll("=", "\\u003D");
    const body = `{"candi\\u0064ates":[{"content":{"p\\u0061rts":[{"inline\\u0044ata":{"d\\u0061ta":"${data}"}}]}}]}`;
    const { result, pictures } = decode(body);
    expect(data).toMatch(/\\\/.*\\u003D/);
    expect(pictures).toEqual([bytes]);
    expect(result).toMatchObject({ chosen: 0, answer: { pictures: [{ damaged: false }] } });
  });

  test.each(['\\"', "\\b", "\\u0000", "\\uZZZZ", "\\u00e9", "*"])("base64 with %s inside is damaged", (noise) => {
    const body = `{"candidates":[{"content":{"parts":[{"inlineData":{"data":"QUJD${noise}QUJD"}}]},"finishReason":"STOP"}]}`;
    expect(decode(body).result).toMatchObject({ kind: "answer", answer: { pictures: [{ damaged: true }] } });
  });

  test("a thought may be marked before or after its picture and is never chosen", () => {
    const body = JSON.stringify(
      answerJson({
        parts: [
          { thought: true, ...picturePart("QUFB") },
          picturePart("QkJC"),
          picturePart("Q0ND"),
          picturePart("REREREREREQ=", { thought: true }),
        ],
      }),
    );
    const { result } = decode(body);
    expect(result).toMatchObject({ chosen: 2 });
    expect(result.kind === "answer" && result.answer.pictures.map(({ thought }) => thought)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test("text of thoughts is left out", () => {
    const { result } = decode(JSON.stringify(answerJson({ parts: [{ text: "hm", thought: true }, { text: "yes" }] })));
    expect(result).toMatchObject({ answer: { text: "yes" } });
  });

  test("an empty picture is never chosen", () => {
    const { result } = decode(JSON.stringify(answerJson({ parts: [picturePart("QUJD"), picturePart("")] })));
    expect(result).toMatchObject({ kind: "answer", chosen: 0 });
  });

  test("the last of two equal keys counts, as in any JSON", () => {
    const body = '{"candidates":[{"content":{"parts":[{"inlineData":{"data":"QUFB","data":"QkJC"}}]}}]}';
    const { result, pictures } = decode(body);
    expect(pictures.map(String)).toEqual(["AAA", "BBB"]);
    expect(result).toMatchObject({ chosen: 1 });
  });
});

describe("what only looks like a picture", () => {
  const lookalikes: readonly object[] = [
    { text: '{"inlineData":{"data":"QUJD"}}' },
    { text: '","inlineData":{"data":"QUJD"}' },
    { data: "QUJD" },
    { inlineData: { mimeType: "QUJD", displayName: "data" } },
    { inlineData: { more: { data: "QUJD" } } },
    { inlineData: [{ data: "QUJD" }] },
    { inlineData: { data: ["QUJD"] } },
    { inlineData: { data: 7 } },
    { other: { inlineData: { data: "QUJD" } } },
    { inlinedata: { data: "QUJD" } },
    { ["__proto__"]: { inlineData: { data: "QUJD" } } },
  ];
  test.each(lookalikes)("is left alone: %j", (part) => {
    const { result, pictures } = decode(JSON.stringify(answerJson({ parts: [part] })));
    expect(pictures).toEqual([]);
    expect(result).toMatchObject({ kind: "answer", chosen: null, complete: true });
  });

  test.each([
    '{"parts":[{"inlineData":{"data":"QUJD"}}],"candidates":[]}',
    '{"__proto__":{"candidates":[{"content":{"parts":[{"inlineData":{"data":"QUJD"}}]}}]},"candidates":[]}',
    '{"promptFeedback":{"candidates":[{"content":{"parts":[{"inlineData":{"data":"QUJD"}}]}}]}}',
    '{"response":{"candidates":[{"content":{"parts":[{"inlineData":{"data":"QUJD"}}]}}]},"candidates":[]}',
    '{"candidates":[[{"content":{"parts":[{"inlineData":{"data":"QUJD"}}]}}]]}',
  ])("is left alone outside the path: %s", (body) => {
    expect(decode(body).pictures).toEqual([]);
  });

  test("an answer with __proto__ changes no prototype", () => {
    decode(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"candidates":[{"__proto__":{"polluted":1}}]}',
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("a stream", () => {
  const chunks = [
    answerJson({ parts: [{ text: "One " }], finishReason: null }),
    answerJson({ parts: [picturePart(png)], finishReason: null }),
    answerJson({ parts: [{ text: "two" }], extra: usage }),
  ];

  test.each(["\n", "\r\n", "\r"])("is joined over its events, with line ends %j", (lineEnd) => {
    const { result, pictures } = decode(toEvents(chunks, lineEnd));
    expect(pictures).toEqual([png]);
    expect(result).toMatchObject({
      kind: "answer",
      chosen: 0,
      complete: true,
      answer: { text: "One two", finishReason: "STOP", modelVersion: "model-1", usage: { imageTokens: 1120 } },
    });
  });

  test("may have comments, other fields, data without a space and events over several lines", () => {
    const body = `: hello\nid: 7\nretry: 100\ndata:${JSON.stringify(chunks[0])}\n\nevent: message\ndata: {"candidates":\ndata: [{"content":{"parts":[{"inlineData":\ndata:{"data":"QUJD"}}]},"finishReason":"STOP"}]}\n\ndata: [DONE]\n\n`;
    const { result, pictures } = decode(body);
    expect(pictures.map(String)).toEqual(["ABC"]);
    expect(result).toMatchObject({ kind: "answer", chosen: 0, complete: true });
  });

  test("with CRLF keeps the lines of one event and its name together", () => {
    const body = 'event: error\r\ndata: {"message":\r\ndata: "m"}\r\n\r\n';
    expect(decode(body).result).toMatchObject({ kind: "provider-error", error: { error: { message: "m" } } });
  });

  test("needs no blank line after its last event", () => {
    const { result } = decode(toEvents(chunks).trimEnd());
    expect(result).toMatchObject({ kind: "answer", chosen: 0, complete: true });
  });

  test("may come as a JSON list", () => {
    const { result, pictures } = decode(JSON.stringify(chunks, null, 1));
    expect(pictures).toEqual([png]);
    expect(result).toMatchObject({ kind: "answer", chosen: 0, complete: true, answer: { text: "One two" } });
  });

  test("without a reason for its end but with a whole picture is usable and marked", () => {
    const { result } = decode(toEvents(chunks.slice(0, 2)));
    expect(result).toMatchObject({ kind: "answer", chosen: 0, complete: false });
  });

  test("without a reason for its end and without a picture is incomplete", () => {
    expect(decode(toEvents(chunks.slice(0, 1))).result).toMatchObject({ kind: "incomplete", answer: { text: "One " } });
    expect(decode(JSON.stringify(chunks.slice(0, 1))).result).toMatchObject({ kind: "incomplete" });
  });

  test("keeps its usage when a later chunk leaves some of it out", () => {
    const body = toEvents([
      answerJson({ parts: [picturePart(png)], extra: usage }),
      { usageMetadata: { promptTokenCount: 8 } },
    ]);
    expect(decode(body).result).toMatchObject({ answer: { usage: { promptTokens: 8, imageTokens: 1120 } } });
  });
});

describe("the Code Assist envelope", () => {
  test("is taken off a plain answer and every event", () => {
    const inner = answerJson({ parts: [picturePart(png)] });
    for (const body of [
      JSON.stringify({ response: inner, traceId: "t" }),
      toEvents([{ response: inner, traceId: "t" }]),
    ]) {
      const { result, pictures } = decode(body, { enveloped: true });
      expect(pictures).toEqual([png]);
      expect(result).toMatchObject({ kind: "answer", chosen: 0, complete: true });
    }
  });

  test("an error stands outside of it", () => {
    expect(
      decode('{"error":{"code":500,"message":"m","status":"INTERNAL"}}', { enveloped: true }).result,
    ).toMatchObject({
      kind: "provider-error",
      begun: false,
    });
  });
});

describe("errors inside a 200", () => {
  test.each([
    '{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}',
    '\n\n\n{"error":"Missing API key"}',
    '[{"error":{"code":503,"message":"m"}}]',
    'data: {"error":{"message":"m"}}\n\n',
    'event: error\ndata: {"error":{"message":"m"}}\n\n',
    "event: error\ndata: overloaded\n\n",
    'event: error\ndata: {"message":"m"}\n\n',
  ])("are found: %j", (body) => {
    expect(decode(body).result).toMatchObject({ kind: "provider-error", begun: false, chosen: null });
  });

  test("after a whole picture leave it chosen", () => {
    const body = `${toEvents([answerJson({ parts: [picturePart(png)], finishReason: null })])}event: error\ndata: {"error":{"message":"unexpected EOF"}}\n\n`;
    expect(decode(body).result).toMatchObject({ kind: "provider-error", begun: true, chosen: 0 });
  });
});

describe("limits", () => {
  const many = JSON.stringify(answerJson({ parts: [picturePart("QUJD"), picturePart("QUJD"), picturePart("QUJD")] }));

  test.each([
    ["pictures", many, { pictures: 2 }],
    ["picture bytes", many, { pictureBytes: 8 }],
    ["other bytes", JSON.stringify(answerJson({ parts: [{ text: "x".repeat(1_000) }] })), { residualBytes: 500 }],
    ["a web page", `<html>${"x".repeat(1_000)}`, { residualBytes: 500 }],
    ["blank space", " ".repeat(1_000), { residualBytes: 500 }],
    [
      "many events",
      toEvents(Array.from({ length: 50 }, () => answerJson({ finishReason: null }))),
      { residualBytes: 500 },
    ],
  ])("on %s are kept", (_name, body, limits) => {
    expect(() => decode(split(body, 100), { limits })).toThrowError(
      expect.objectContaining({ code: "answer-too-large" }),
    );
  });

  test("of their exact size are not passed", () => {
    expect(decode(many, { limits: { pictures: 3, pictureBytes: 9 } }).result).toMatchObject({ chosen: 2 });
  });
});

test("a given framing is kept to", () => {
  expect(decode('{"candidates":[]}', { framing: "sse" }).result).toMatchObject({ kind: "foreign" });
  expect(decode('data: {"candidates":[]}\n\n', { framing: "json" }).result).toMatchObject({ kind: "foreign" });
});

test("picture bytes are counted while they arrive", () => {
  const decoder = createAnswerDecoder({
    framing: "auto",
    enveloped: false,
    openPicture: () => ({ write: () => undefined, end: () => undefined }),
  });
  const body = JSON.stringify(answerJson({ parts: [picturePart(Buffer.alloc(3_000, 1))] }));
  decoder.write(Buffer.from(body.slice(0, 2_000)));
  expect(decoder.pictureBytes).toBeGreaterThan(1_000);
  expect(decoder.pictureBytes).toBeLessThan(2_000);
});

test("no piece handed to a sink is larger than 96 KiB", () => {
  const sizes: number[] = [];
  const decoder = createAnswerDecoder({
    framing: "auto",
    enveloped: false,
    openPicture: () => ({ write: (bytes) => sizes.push(bytes.length), end: () => undefined }),
  });
  decoder.write(Buffer.from(JSON.stringify(answerJson({ parts: [picturePart(Buffer.alloc(1_000_000, 1))] }))));
  decoder.end();
  expect(Math.max(...sizes)).toBeLessThanOrEqual(96 * 1_024);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000_000);
});

import { describe, expect, test } from "vitest";
import { judgeAnswer } from "./judge-answer.ts";
import type { FailureContext } from "./read-failure.ts";
import { answerJson, type AnswerParts, decode, picturePart, toEvents } from "../testing/decode.ts";

const context: FailureContext = { endpoint: "generativelanguage", auth: "api-key", model: "a-model" };
const judge = (body: string, more: Partial<FailureContext> = {}) =>
  judgeAnswer(decode(body).result, { ...context, ...more });
const judgeParts = (parts: AnswerParts) => judge(JSON.stringify(answerJson(parts)));

describe("an answer with a picture", () => {
  test("is that picture: the last that is not a thought", () => {
    const parts = [picturePart("QUFB"), picturePart("QkJC"), picturePart("Q0ND", { thought: true })];
    expect(judgeParts({ parts })).toEqual({ picture: 1, warning: null });
  });

  test.each(["MAX_TOKENS", "IMAGE_SAFETY", "SOMETHING_NEW"])(
    "is that picture whatever the reason for stopping: %s",
    (finishReason) => {
      expect(judgeParts({ parts: [picturePart("QUFB")], finishReason })).toEqual({ picture: 0, warning: null });
    },
  );

  test("that broke off afterwards is that picture with a warning", () => {
    const body = JSON.stringify(answerJson({ parts: [picturePart("QUFB")] })).slice(0, -20);
    expect(judge(body)).toEqual({ picture: 0, warning: expect.stringContaining("broke off") });
  });

  test("and an error afterwards is that picture with a warning", () => {
    const body = toEvents([
      answerJson({ parts: [picturePart("QUFB")], finishReason: null }),
      { error: { code: 503, message: "m" } },
    ]);
    expect(judge(body)).toMatchObject({ picture: 0, warning: expect.stringContaining("broke off") });
  });

  test("that is damaged is a failure that was paid for", () => {
    expect(judgeParts({ parts: [picturePart("QU*FB")] })).toMatchObject({ code: "answer-damaged" });
  });

  test("that is empty is no image", () => {
    expect(judgeParts({ parts: [picturePart("")] })).toMatchObject({
      code: "no-image",
      message: expect.stringContaining("empty"),
    });
  });
});

describe("an answer without a picture", () => {
  test("says why the model stopped, in our words and in the provider's", () => {
    const finishMessage = "Unable to show the generated image. You will not be charged for this request.";
    const body = JSON.stringify({ candidates: [{ content: {}, finishReason: "IMAGE_SAFETY", finishMessage }] });
    expect(judge(body)).toEqual({
      code: "refused-safety",
      httpStatus: 200,
      message: "The picture was withheld by the provider's safety rules.",
      providerMessage: finishMessage,
    });
  });

  test("looks at the prompt's block before anything else, also beside an empty candidate as CLIProxyAPI adds it", () => {
    const promptFeedback = { blockReason: "PROHIBITED_CONTENT", blockReasonMessage: "no" };
    for (const extra of [{}, { candidates: [{ content: { parts: [] }, finishReason: "STOP" }] }]) {
      expect(judge(JSON.stringify({ promptFeedback, ...extra }))).toMatchObject({
        code: "prompt-blocked",
        providerMessage: "no",
      });
    }
  });

  test("but with text shows the text", () => {
    expect(judgeParts({ parts: [{ text: "What colour " }, { text: "should it have?" }] })).toMatchObject({
      code: "no-image",
      message: expect.stringContaining("text instead"),
      providerMessage: "What colour should it have?",
    });
  });

  test("but with Google's refusal of an old client as text is that refusal", () => {
    const text = "This version of Antigravity is no longer supported. Please update.";
    expect(judgeParts({ parts: [{ text }] })).toMatchObject({ code: "client-not-supported", providerMessage: text });
  });

  test("but with tokens counted for one was lost on the way", () => {
    const usageMetadata = {
      promptTokenCount: 5,
      candidatesTokenCount: 1120,
      candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1120 }],
    };
    for (const parts of [[], [{ text: "Here it is" }]]) {
      const body = JSON.stringify(answerJson({ parts, extra: { usageMetadata } }));
      expect(judge(body)).toMatchObject({
        code: "no-image",
        message: expect.stringContaining("1120 tokens"),
        nextStep: expect.not.stringContaining("CLIProxyAPI"),
      });
      expect(judge(body, { endpoint: "cliproxyapi", auth: "proxy" })).toMatchObject({
        code: "no-image",
        nextStep: expect.stringContaining("CLIProxyAPI"),
      });
    }
  });

  test("and without any reason is no image", () => {
    expect(judge('{"candidates":[]}')).toMatchObject({ code: "no-image", httpStatus: 200 });
    expect(judge('{"candidates":[{"content":{"parts":[]}}]}')).toMatchObject({ code: "no-image" });
  });

  test("that broke off says how far it came", () => {
    const body = JSON.stringify(answerJson({ parts: [picturePart("QUFBQUFB")] }));
    const cut = body.slice(0, body.indexOf("QUFBQUFB") + 4);
    expect(judge(cut)).toMatchObject({
      code: "answer-incomplete",
      message: expect.stringContaining("3 bytes"),
    });
    expect(judge(body.slice(0, 10))).toMatchObject({ code: "answer-incomplete" });
  });
});

describe("an error inside a 200", () => {
  test("before anything else is that error", () => {
    const error = { code: 429, message: "Quota exceeded, limit: 0", status: "RESOURCE_EXHAUSTED" };
    expect(judge(JSON.stringify({ error }))).toMatchObject({ code: "quota-zero", providerMessage: error.message });
    expect(judge('\n\n{"error":"Missing API key"}', { endpoint: "cliproxyapi", auth: "proxy" })).toMatchObject({
      code: "proxy-key-refused",
    });
  });

  test("after some of the answer leaves open what it cost", () => {
    const body = `${toEvents([answerJson({ parts: [{ text: "thinking" }], finishReason: null })])}event: error\ndata: {"error":{"message":"unexpected EOF","type":"server_error","code":"internal_server_error"}}\n\n`;
    expect(judge(body, { endpoint: "cliproxyapi", auth: "proxy" })).toMatchObject({
      code: "answer-incomplete",
      providerMessage: "unexpected EOF",
    });
  });
});

test.each([
  ["", "empty"],
  ["<html><title>Sign in</title>", "web page"],
  ["hello", "form"],
  ["{}", "neither"],
])("%j is a foreign answer", (body, words) => {
  expect(judge(body)).toMatchObject({
    code: "foreign-answer",
    httpStatus: 200,
    message: expect.stringContaining(words),
  });
});

test("an empty answer is CLIProxyAPI's way of not knowing a call, and nobody else's", () => {
  expect(judge("", { endpoint: "cliproxyapi", auth: "proxy" })).toMatchObject({
    message: expect.stringContaining("CLIProxyAPI"),
  });
  expect(judge("")).toMatchObject({ message: "The answer is empty." });
});

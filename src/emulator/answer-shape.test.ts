import { describe, expect, test } from "vitest";
import type { FaultAction } from "./faults/fault-actions.ts";
import { isJsonObject, listAt, objectAt } from "./json.ts";
import { readPictureHeader } from "./requests/picture-header.ts";
import { type Answered, ask, eventsOf, pictureRequest, picturesIn, useEmulator } from "./testing/asking.ts";

const emulator = useEmulator();

async function answerWith(
  action: FaultAction | FaultAction[],
  method = "generateContent",
  service = "gemini",
): Promise<Answered> {
  emulator().plan([{ action }]);
  const url =
    service === "gemini"
      ? `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3.1-flash-image:${method}`
      : `${emulator().url}/v1beta/models/gemini-3.1-flash-image:${method}`;
  return ask(url, pictureRequest("A cat"), service === "gemini" ? { "x-goog-api-key": "AIza-any" } : {});
}

describe("refusals are 200 and cost nothing", () => {
  test("by finishReason, with an empty content, candidates equal to thoughts and a message", async () => {
    const answer = await answerWith({ type: "refusal", finishReason: "IMAGE_OTHER" });
    expect(answer.status).toBe(200);
    expect(answer.json["candidates"]).toMatchObject([{ content: {}, finishReason: "IMAGE_OTHER", index: 0 }]);
    expect(answer.text).toContain("You will not be charged for this request.");
    const usage = objectAt(answer.json, "usageMetadata");
    expect(usage["thoughtsTokenCount"]).toBeGreaterThan(0);
    expect(usage["candidatesTokenCount"]).toBe(usage["thoughtsTokenCount"]);
    expect(emulator().bill()).toMatchObject({ billed: 0, microUsd: 0 });
  });

  test("by blockReason, without candidates", async () => {
    const answer = await answerWith({ type: "refusal", blockReason: "PROHIBITED_CONTENT" });
    expect(answer.json["promptFeedback"]).toEqual({ blockReason: "PROHIBITED_CONTENT" });
    expect(answer.json).not.toHaveProperty("candidates");
  });
});

const limited = async (maxOutputTokens: number, drafts: number): Promise<Answered> => {
  emulator().plan([{ action: { type: "drafts", count: drafts } }]);
  const request = pictureRequest("A cat");
  const generationConfig = { ...objectAt(request, "generationConfig"), maxOutputTokens };
  const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3.1-flash-image:generateContent`;
  return ask(url, { ...request, generationConfig }, { "x-goog-api-key": "AIza-any" });
};

describe("a limit of tokens", () => {
  test("that has room for one picture ends the answer before the second", async () => {
    const answer = await limited(2200, 1);
    expect(answer.json["candidates"]).toMatchObject([{ finishReason: "MAX_TOKENS" }]);
    expect(picturesIn(answer)).toHaveLength(1);
    expect(emulator().bill()).toMatchObject({ images: 1 });
  });

  test("below a picture's tokens brings none, and none is billed", async () => {
    const answer = await limited(1000, 0);
    expect(answer.json["candidates"]).toMatchObject([{ finishReason: "MAX_TOKENS" }]);
    expect(picturesIn(answer)).toHaveLength(0);
    expect(emulator().bill()).toMatchObject({ images: 0 });
  });

  test("with room for all changes nothing", async () => {
    const answer = await limited(8000, 1);
    expect(answer.json["candidates"]).toMatchObject([{ finishReason: "STOP" }]);
    expect(picturesIn(answer)).toHaveLength(2);
  });
});

describe("what the answer holds", () => {
  test("drafts come before the picture and are paid for", async () => {
    const answer = await answerWith({ type: "drafts", count: 2 });
    expect(picturesIn(answer)).toHaveLength(3);
    expect(answer.json["usageMetadata"]).toMatchObject({ candidatesTokensDetails: [{ tokenCount: 3 * 1120 }] });
    expect(emulator().bill()).toMatchObject({ images: 3 });
  });

  test("thought pictures are marked as thoughts and come first", async () => {
    const answer = await answerWith({ type: "thought-pictures", count: 1 });
    const candidate = listAt(answer.json, "candidates").find(isJsonObject);
    const parts = listAt(objectAt(candidate ?? {}, "content"), "parts").filter(isJsonObject);
    expect(parts.map((part) => part["thought"] ?? false)).toEqual([true, false]);
  });

  test("text in place of a picture is billed by its tokens", async () => {
    const answer = await answerWith({ type: "text-only", text: "What kind of cat?" });
    expect(picturesIn(answer)).toEqual([]);
    expect(answer.text).toContain("What kind of cat?");
    expect(emulator().bill()).toMatchObject({ billed: 1, images: 0 });
  });

  test("usage can be missing or wild", async () => {
    expect((await answerWith({ type: "usage", usage: "missing" })).json).not.toHaveProperty("usageMetadata");
    const wild = await answerWith({ type: "usage", usage: { totalTokenCount: "many", candidatesTokenCount: -5 } });
    expect(wild.json["usageMetadata"]).toMatchObject({ totalTokenCount: "many", candidatesTokenCount: -5 });
  });

  test("a picture lost on the way is billed, with STOP and its tokens", async () => {
    const answer = await answerWith({ type: "lost-picture" }, "generateContent", "proxy");
    expect(picturesIn(answer)).toEqual([]);
    expect(answer.text).toContain('"finishReason":"STOP"');
    expect(emulator().bill()).toMatchObject({ billed: 1, images: 1 });
  });

  test("label, model and size can be other ones", async () => {
    const answer = await answerWith([
      { type: "mime-label", mimeType: "image/webp" },
      { type: "model-version", value: "other" },
      { type: "wrong-size", width: 100, height: 50 },
    ]);
    const [picture] = picturesIn(answer);
    expect(picture?.mimeType).toBe("image/webp");
    expect(answer.json["modelVersion"]).toBe("other");
    expect(readPictureHeader(picture?.bytes ?? Buffer.alloc(0))?.size).toEqual({ width: 100, height: 50 });
  });

  test("a cut picture does not reach its end", async () => {
    const answer = await answerWith({ type: "truncated-picture", dropBytes: 1 });
    expect(readPictureHeader(picturesIn(answer)[0]?.bytes ?? Buffer.alloc(0))).toBeNull();
  });

  test("other bytes and bombs keep the picture's label", async () => {
    const zip = picturesIn(await answerWith({ type: "not-a-picture", content: "zip" }))[0];
    expect([zip?.mimeType, zip?.bytes.toString("latin1", 0, 2)]).toEqual(["image/jpeg", "PK"]);
    const bomb = picturesIn(await answerWith({ type: "picture-bomb", side: 20_000 }))[0]?.bytes ?? Buffer.alloc(0);
    expect(readPictureHeader(bomb)?.size).toEqual({ width: 20_000, height: 20_000 });
    expect(bomb.length).toBeLessThan(100_000);
  });

  test.each([
    ["garbage", /!\?\*%/],
    ["url-safe", /[-_]/],
    ["newlines", /\\r\\n/],
    ["padding", /===/],
    ["empty", /"data": ""/],
    ["one-byte", /"data": "."/],
  ] as const)("base64 can be spoiled: %s", async (how, pattern) => {
    expect((await answerWith({ type: "damaged-base64", how })).text).toMatch(pattern);
  });
});

const finals = (answer: Answered): number => answer.text.split("finishReason").length - 1;

describe("how the answer is written down", () => {
  test("escapes are valid JSON all the same", async () => {
    const answer = await answerWith({ type: "pretty-escapes" });
    expect(answer.text).toContain("\\/");
    expect(picturesIn(answer)).toHaveLength(1);
  });

  test("__proto__ is a key of its own", async () => {
    expect((await answerWith({ type: "proto" })).text).toContain('"__proto__": {');
  });

  test("deep nesting, duplicate keys and a list around it are still JSON", async () => {
    for (const action of [
      { type: "nested", depth: 1000 },
      { type: "odd-json", how: "duplicate-keys" },
      { type: "wrap-array" },
    ] as const) {
      const answer = await answerWith(action);
      expect(() => JSON.parse(answer.text) as unknown).not.toThrow();
    }
  });

  test.each(["bom", "cut-short", "trailing-garbage"] as const)("with %s it is no JSON", async (how) => {
    emulator().plan([{ action: { type: "odd-json", how } }]);
    const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3.1-flash-image:generateContent`;
    const response = await fetch(url, {
      method: "POST",
      headers: { "x-goog-api-key": "AIza-any" },
      body: JSON.stringify(pictureRequest("A cat")),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(() => JSON.parse(bytes.toString("utf8")) as unknown).toThrow(SyntaxError);
  });

  test("a stream can end in an error chunk, in the words of its service", async () => {
    const google = await answerWith({ type: "stream-error", status: 503 }, "streamGenerateContent?alt=sse");
    expect(eventsOf(google).at(-1)).toMatchObject({ error: { code: 503 } });
    expect(picturesIn(google)).toEqual([]);
    const proxy = await answerWith({ type: "stream-error" }, "streamGenerateContent?alt=sse", "proxy");
    expect(proxy.text).toMatch(/event: error\ndata: \{"error":\{"message":"unexpected EOF"/);
  });

  test("the last chunk can be missing, come twice, or be separated otherwise", async () => {
    expect(finals(await answerWith({ type: "no-final-chunk" }, "streamGenerateContent?alt=sse"))).toBe(0);
    expect(finals(await answerWith({ type: "two-final-chunks" }, "streamGenerateContent?alt=sse"))).toBe(2);
    const crlf = await answerWith({ type: "separators", value: "\r\n\r\n" }, "streamGenerateContent?alt=sse");
    expect(crlf.text).toMatch(/\r\n\r\n$/);
  });
});

describe("in place of an answer", () => {
  test("an error can repeat the key, hold escapes, or be very long", async () => {
    expect((await answerWith({ type: "echo-key" })).text).toContain("AIza-any");
    expect((await answerWith({ type: "terminal-escapes" })).text).toContain("\\u001b]52");
    expect((await answerWith({ type: "long-message" })).text.length).toBeGreaterThan(1_000_000);
  });

  test("pages and redirects are answered and cost nothing", async () => {
    const portal = await answerWith({ type: "html" });
    expect([portal.status, portal.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    expect((await answerWith({ type: "html", page: "bad-gateway" })).status).toBe(502);
    const moved = await answerWith({ type: "redirect", to: "http://127.0.0.1:1/" });
    expect([moved.status, moved.headers.get("location")]).toEqual([302, "http://127.0.0.1:1/"]);
    expect(emulator().bill()).toMatchObject({ requests: 3, billed: 0 });
  });

  test("garbage in place of the answer is billed: the model has worked", async () => {
    const answer = await answerWith({ type: "garbage", bytes: 100 });
    expect([answer.status, answer.json]).toEqual([200, {}]);
    expect(emulator().bill()).toMatchObject({ billed: 1, images: 1 });
  });

  test("an error can be wrapped in a list", async () => {
    const answer = await answerWith([{ type: "error", name: "overloaded" }, { type: "wrap-array" }]);
    expect(JSON.parse(answer.text)).toMatchObject([{ error: { code: 503 } }]);
  });
});

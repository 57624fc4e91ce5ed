import { expect, test } from "vitest";
import { objectAt, textAt } from "../json.ts";
import { readPictureHeader } from "../requests/picture-header.ts";
import { ask, eventsOf, messageOf, pictureRequest, picturesIn, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();
const key = { "x-goog-api-key": "AIza-anything" };
const at = (rest: string): string => `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/${rest}`;

test("a request for a picture is answered with one picture of the table's size and the model's own type", async () => {
  const config = { imageConfig: { aspectRatio: "16:9", imageSize: "1K" } };
  const answer = await ask(at("gemini-3-pro-image:generateContent"), pictureRequest("A sunset", config), key);
  expect(answer.status).toBe(200);
  const [picture, ...others] = picturesIn(answer);
  expect(others).toEqual([]);
  expect(picture?.mimeType).toBe("image/jpeg");
  expect(readPictureHeader(picture?.bytes ?? Buffer.alloc(0))).toEqual({
    mimeType: "image/jpeg",
    size: { width: 1376, height: 768 },
  });
});

test("usage tells prompt, picture and thought tokens that add up", async () => {
  const answer = await ask(at("gemini-3-pro-image:generateContent"), pictureRequest("12345678"), key);
  const usage = objectAt(answer.json, "usageMetadata");
  expect(usage).toMatchObject({
    promptTokenCount: 2,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: 2 }],
    candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1120 }],
    serviceTier: "standard",
  });
  const count = (name: string): number => Number(usage[name] ?? 0);
  expect(count("candidatesTokenCount")).toBeGreaterThanOrEqual(1120);
  expect(count("totalTokenCount")).toBe(2 + count("candidatesTokenCount") + count("thoughtsTokenCount"));
});

test("a stream with alt=sse carries the picture in one event and ends with finishReason and usage, without [DONE]", async () => {
  const answer = await ask(at("gemini-3.1-flash-image:streamGenerateContent?alt=sse"), pictureRequest("A cat"), key);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const events = eventsOf(answer);
  expect(events.filter((event) => JSON.stringify(event).includes("inlineData"))).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ candidates: [{ finishReason: "STOP" }], usageMetadata: {} });
  expect(answer.text).not.toContain("[DONE]");
});

test("a stream without alt=sse is a JSON list, and so is its error", async () => {
  const good = await ask(at("gemini-3.1-flash-image:streamGenerateContent"), pictureRequest("A cat"), key);
  expect(JSON.parse(good.text)).toBeInstanceOf(Array);
  const bad = await ask(at("gemini-3.1-flash-image:streamGenerateContent"), { contents: [] }, key);
  expect(JSON.parse(bad.text)).toMatchObject([{ error: { code: 400 } }]);
});

test("an unknown model is 404 in Google's words", async () => {
  const answer = await ask(at("gemini-9:generateContent"), pictureRequest("A cat"), key);
  expect(answer.status).toBe(404);
  expect(messageOf(answer)).toMatch(
    /^models\/gemini-9 is not found for API version v1beta, or is not supported for generateContent/,
  );
});

test("a retired model is 404 and names what replaces it", async () => {
  for (const [retired, replacement] of [
    ["gemini-3-pro-image-preview", "gemini-3-pro-image"],
    ["gemini-2.5-flash-image", "gemini-3.1-flash-image"],
    ["imagen-4.0-generate-001", "gemini-3.1-flash-image"],
  ]) {
    const answer = await ask(at(`${retired}:generateContent`), pictureRequest("A cat"), key);
    expect(answer.status).toBe(404);
    expect(messageOf(answer)).toContain(`no longer available. Please update your code to use models/${replacement}`);
  }
});

test("the alias nano-banana-pro-preview answers as gemini-3-pro-image", async () => {
  const answer = await ask(at("nano-banana-pro-preview:generateContent"), pictureRequest("A cat"), key);
  expect(answer.json["modelVersion"]).toBe("gemini-3-pro-image");
});

test("models are listed in pages and each can be read", async () => {
  const first = await ask(at("?pageSize=2").replace("models/?", "models?"), undefined, key);
  expect(first.json["models"]).toHaveLength(2);
  const second = await ask(
    at(`?pageSize=50&pageToken=${textAt(first.json, "nextPageToken") ?? ""}`).replace("models/?", "models?"),
    undefined,
    key,
  );
  expect(JSON.stringify(second.json)).not.toContain("nextPageToken");
  const one = await ask(at("gemini-nano-banana-2.1"), undefined, key);
  expect(one.json).toMatchObject({ name: "models/gemini-nano-banana-2.1", thinking: true });
});

test("Google's list does not tell output modalities", async () => {
  const answer = await ask(at("gemini-3-pro-image"), undefined, key);
  expect(answer.text).not.toContain("supportedOutputModalities");
});

test("tokens can be counted", async () => {
  const answer = await ask(
    at("gemini-3-pro-image:countTokens"),
    { contents: [{ parts: [{ text: "12345678" }] }] },
    key,
  );
  expect(answer.json).toEqual({ totalTokens: 2, promptTokensDetails: [{ modality: "TEXT", tokenCount: 2 }] });
});

test("a text model answers in text and refuses to make a picture", async () => {
  const text = await ask(at("gemini-2.5-flash:generateContent"), { contents: [{ parts: [{ text: "hi" }] }] }, key);
  expect(text.status).toBe(200);
  const refused = await ask(at("gemini-2.5-flash:generateContent"), pictureRequest("A cat"), key);
  expect(messageOf(refused)).toBe("Model does not support the requested response modalities: image");
});

test("a wrong HTTP method or an unknown path gets Google's HTML page", async () => {
  for (const url of [
    at("gemini-3-pro-image:generateContent"),
    `${emulator().url}/generativelanguage.googleapis.com/v9/x`,
  ]) {
    const answer = await ask(url, undefined, key);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("text/html");
  }
});

test("an unknown query parameter is refused", async () => {
  const answer = await ask(at("gemini-3-pro-image:generateContent?size=big"), pictureRequest("A cat"), key);
  expect(messageOf(answer)).toContain(`Unknown name "size": Cannot bind query parameter.`);
});

test("a body that is not JSON is refused in the words of Google's parser", async () => {
  const answer = await ask(at("gemini-3-pro-image:generateContent"), "{bad", key);
  expect(answer.status).toBe(400);
  expect(messageOf(answer)).toMatch(/^Invalid JSON payload received\. Unexpected token\.\n\{bad\n\^/);
});

const bytes = async (prompt: string): Promise<string> => {
  const answer = await ask(at("gemini-3.1-flash-lite-image:generateContent"), pictureRequest(prompt), key);
  return picturesIn(answer)[0]?.bytes.toString("base64") ?? "";
};

test("the same prompt gives the same bytes, another prompt gives others", async () => {
  expect(await bytes("one")).toBe(await bytes("one"));
  expect(await bytes("one")).not.toBe(await bytes("two"));
});

// Google's own SDK, unchanged, against the emulator: what it takes for Google must be what Google sends.

import { ApiError, type Content, type GenerateContentResponse, GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(async () => emulator.close());

function geminiApi(key = emulator.credentials.authKey): GoogleGenAI {
  return new GoogleGenAI({
    vertexai: false,
    apiKey: key,
    httpOptions: { baseUrl: `${emulator.url}/generativelanguage.googleapis.com` },
  });
}

function vertex(): GoogleGenAI {
  const baseUrl = `${emulator.url}/aiplatform.googleapis.com`;
  return new GoogleGenAI({ vertexai: true, apiKey: emulator.credentials.vertexKey, httpOptions: { baseUrl } });
}

function pictureOf(response: GenerateContentResponse): { mimeType: string | undefined; bytes: Buffer } | undefined {
  const blob = response.candidates?.[0]?.content?.parts?.findLast((part) => part.inlineData !== undefined)?.inlineData;
  return blob === undefined ? undefined : { mimeType: blob.mimeType, bytes: Buffer.from(blob.data ?? "", "base64") };
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("it was answered");
}

describe("the Gemini API", () => {
  test("makes a picture", async () => {
    const response = await geminiApi().models.generateContent({
      model: "gemini-3-pro-image",
      contents: "A sunset",
      config: { responseModalities: ["TEXT", "IMAGE"], imageConfig: { aspectRatio: "16:9", imageSize: "1K" }, seed: 7 },
    });
    expect(pictureOf(response)?.mimeType).toBe("image/jpeg");
    expect(response.usageMetadata?.candidatesTokensDetails?.[0]).toEqual({ modality: "IMAGE", tokenCount: 1120 });
    expect(response.modelVersion).toBe("gemini-3-pro-image");
    expect(response.responseId).toBeTypeOf("string");
  });

  test("streams a picture", async () => {
    const stream = await geminiApi().models.generateContentStream({
      model: "gemini-nano-banana-2.1",
      contents: "A sunset",
    });
    const chunks: GenerateContentResponse[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(pictureOf).filter((picture) => picture !== undefined)).toHaveLength(1);
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe("STOP");
    expect(chunks.at(-1)?.usageMetadata?.totalTokenCount).toBeGreaterThan(1120);
  });

  test("carries a conversation on with its signatures", async () => {
    const chat = geminiApi().chats.create({ model: "gemini-3.1-flash-image" });
    await chat.sendMessage({ message: "A cat" });
    const second = await chat.sendMessage({ message: "Make it red" });
    expect(pictureOf(second)).toBeDefined();
    expect(chat.getHistory()).toHaveLength(4);
  });

  test("refuses a conversation whose signatures were taken out", async () => {
    const first = await geminiApi().models.generateContent({ model: "gemini-3.1-flash-image", contents: "A cat" });
    const parts = first.candidates?.[0]?.content?.parts?.map(({ thoughtSignature: _left, ...part }) => part) ?? [];
    const contents: Content[] = [
      { role: "user", parts: [{ text: "A cat" }] },
      { role: "model", parts },
      { role: "user", parts: [{ text: "Make it red" }] },
    ];
    const error = await failureOf(geminiApi().models.generateContent({ model: "gemini-3.1-flash-image", contents }));
    expect(error.status).toBe(400);
    expect(error.message).toContain("missing a thought_signature");
  });

  test("takes a picture as a reference", async () => {
    const first = await geminiApi().models.generateContent({ model: "gemini-3.1-flash-lite-image", contents: "A cat" });
    const picture = pictureOf(first);
    const second = await geminiApi().models.generateContent({
      model: "gemini-3-pro-image",
      contents: [
        { text: "Make it red" },
        { inlineData: { mimeType: picture?.mimeType ?? "", data: picture?.bytes.toString("base64") ?? "" } },
      ],
    });
    expect(second.usageMetadata?.promptTokensDetails).toContainEqual({ modality: "IMAGE", tokenCount: 560 });
  });

  test("refusals and errors reach the caller", async () => {
    emulator.plan([
      { action: { type: "refusal", finishReason: "IMAGE_SAFETY" } },
      { action: { type: "error", name: "overloaded" } },
    ]);
    const ask = (): Promise<GenerateContentResponse> =>
      geminiApi().models.generateContent({ model: "gemini-3-pro-image", contents: "A cat" });
    expect((await ask()).candidates?.[0]?.finishReason).toBe("IMAGE_SAFETY");
    expect((await failureOf(ask())).status).toBe(503);
    expect(
      (
        await failureOf(
          geminiApi("AIza-invalid").models.generateContent({ model: "gemini-3-pro-image", contents: "A" }),
        )
      ).message,
    ).toContain("API_KEY_INVALID");
  });

  test("a mid-stream error is thrown", async () => {
    emulator.plan([{ action: { type: "stream-error", status: 503 } }]);
    const stream = await geminiApi().models.generateContentStream({ model: "gemini-3-pro-image", contents: "A cat" });
    const read = async (): Promise<void> => {
      for await (const chunk of stream) expect(chunk).toBeDefined();
    };
    expect((await failureOf(read())).status).toBe(503);
  });

  test("lists and reads models and counts tokens", async () => {
    const names: (string | undefined)[] = [];
    for await (const model of await geminiApi().models.list()) names.push(model.name);
    expect(names).toContain("models/gemini-3-pro-image");
    expect((await geminiApi().models.get({ model: "gemini-3-pro-image" })).outputTokenLimit).toBe(32_768);
    expect(
      (await geminiApi().models.countTokens({ model: "gemini-3-pro-image", contents: "12345678" })).totalTokens,
    ).toBe(2);
  });

  test("a field that the SDK does not know is refused by name", async () => {
    const config = {
      httpOptions: { extraBody: { generationConfig: { imageConfig: { imageSizeOption: "1024x1024" } } } },
    };
    const error = await failureOf(
      geminiApi().models.generateContent({ model: "gemini-3-pro-image", contents: "A cat", config }),
    );
    expect(error.message).toContain("imageSizeOption");
    expect(error.message).toContain("Cannot find field.");
  });
});

describe("Vertex AI", () => {
  test("makes a picture on the express path, with Vertex's own options", async () => {
    const response = await vertex().models.generateContent({
      model: "gemini-3-pro-image",
      contents: "A sunset",
      config: {
        imageConfig: { outputMimeType: "image/jpeg", outputCompressionQuality: 70, personGeneration: "ALLOW_ADULT" },
        labels: { team: "a" },
      },
    });
    expect(pictureOf(response)?.mimeType).toBe("image/jpeg");
    expect(response.usageMetadata?.trafficType).toBe("ON_DEMAND");
    expect(emulator.requests()[0]?.path).toBe("/v1beta1/publishers/google/models/gemini-3-pro-image:generateContent");
  });

  test("streams a picture", async () => {
    const stream = await vertex().models.generateContentStream({
      model: "gemini-3.1-flash-image",
      contents: "A sunset",
    });
    let pictures = 0;
    for await (const chunk of stream) if (pictureOf(chunk) !== undefined) pictures += 1;
    expect(pictures).toBe(1);
  });

  test("turns away a Gemini API key", async () => {
    const baseUrl = `${emulator.url}/aiplatform.googleapis.com`;
    const wrong = new GoogleGenAI({ vertexai: true, apiKey: emulator.credentials.authKey, httpOptions: { baseUrl } });
    const error = await failureOf(wrong.models.generateContent({ model: "gemini-3-pro-image", contents: "A" }));
    expect(error.status).toBe(403);
  });
});

test("the SDK works at the emulator's root as well", async () => {
  const client = new GoogleGenAI({ vertexai: false, apiKey: "AIza-any", httpOptions: { baseUrl: emulator.url } });
  expect(pictureOf(await client.models.generateContent({ model: "gemini-3-pro-image", contents: "A" }))).toBeDefined();
  const onVertex = new GoogleGenAI({ vertexai: true, apiKey: "any-key", httpOptions: { baseUrl: emulator.url } });
  expect(
    pictureOf(await onVertex.models.generateContent({ model: "gemini-3-pro-image", contents: "A" })),
  ).toBeDefined();
});

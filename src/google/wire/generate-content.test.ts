import { expect, test } from "vitest";
import type { PlannedRequest } from "../../core/request.ts";
import { wrapCodeAssist } from "./code-assist.ts";
import { encodeGenerateContent } from "./generate-content.ts";

const plain: PlannedRequest = {
  prompt: "a fox",
  aspectRatio: null,
  size: null,
  count: 1,
  tier: "standard",
  seed: null,
  temperature: null,
  thinking: null,
  search: false,
  system: null,
  personGeneration: null,
  references: [],
  documents: [],
};

test("a bare prompt asks for text and image and for nothing else", () => {
  expect(encodeGenerateContent({ request: plain, endpoint: "generativelanguage", sendsSize: true })).toEqual({
    contents: [{ role: "user", parts: [{ text: "a fox" }] }],
    generationConfig: { responseModalities: ["TEXT", "IMAGE"] },
  });
});

test("everything that was asked for stands where Google expects it", () => {
  const request: PlannedRequest = {
    ...plain,
    aspectRatio: "16:9",
    size: "2K",
    tier: "flex",
    seed: 0,
    temperature: 0,
    thinking: "high",
    search: true,
    system: "be brief",
    personGeneration: "allow-none",
  };
  expect(encodeGenerateContent({ request, endpoint: "aiplatform", sendsSize: true })).toEqual({
    contents: [{ role: "user", parts: [{ text: "a fox" }] }],
    systemInstruction: { role: "user", parts: [{ text: "be brief" }] },
    generationConfig: {
      responseModalities: ["TEXT", "IMAGE"],
      imageConfig: { aspectRatio: "16:9", imageSize: "2K", personGeneration: "ALLOW_NONE" },
      thinkingConfig: { thinkingLevel: "HIGH" },
      seed: 0,
      temperature: 0,
    },
    tools: [{ googleSearch: {} }],
    serviceTier: "flex",
  });
});

test("a model with one size is not told the size", () => {
  const request = { ...plain, size: "1K", aspectRatio: "1:1" };
  expect(
    encodeGenerateContent({ request, endpoint: "aiplatform", sendsSize: false }).generationConfig.imageConfig,
  ).toEqual({
    aspectRatio: "1:1",
  });
});

test.each(["generativelanguage", "cliproxyapi", "cloudcode-pa"] as const)(
  "%s is never sent the field that only Vertex AI takes",
  (endpoint) => {
    const request = { ...plain, personGeneration: "allow-all" as const };
    expect(encodeGenerateContent({ request, endpoint, sendsSize: true }).generationConfig).toEqual({
      responseModalities: ["TEXT", "IMAGE"],
    });
  },
);

test("Code Assist wraps the body with model, project and a prompt id", () => {
  const body = encodeGenerateContent({ request: plain, endpoint: "cloudcode-pa", sendsSize: true });
  expect(wrapCodeAssist({ model: "m", project: "p", body, userPromptId: "01JD" })).toEqual({
    model: "m",
    project: "p",
    user_prompt_id: "01JD",
    request: body,
  });
});

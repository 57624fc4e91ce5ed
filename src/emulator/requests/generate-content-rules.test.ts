import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json.ts";
import { type Answered, ask, messageOf, pictureRequest, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();

function toGemini(model: string, body: unknown): Promise<Answered> {
  const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/${model}:generateContent`;
  return ask(url, body, { "x-goog-api-key": "AIza-any" });
}

function toVertex(model: string, body: unknown): Promise<Answered> {
  const url = `${emulator().url}/aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/${model}:generateContent`;
  return ask(url, body, { authorization: "Bearer ya29.any" });
}

const pro = "gemini-3-pro-image";
const withTool = (tool: JsonObject): JsonObject => ({ ...pictureRequest("A cat"), tools: [tool] });
const imageConfig = (fields: JsonObject): JsonObject => pictureRequest("A cat", { imageConfig: fields });

describe("sizes and ratios", () => {
  test("a ratio that the model lacks is refused with the ones that it has", async () => {
    const answer = await toGemini(pro, imageConfig({ aspectRatio: "8:1" }));
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toBe(
      "* GenerateContentRequest.generation_config.image_config.aspect_ratio: aspect_ratio must be one of '1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'.\n",
    );
    expect(
      (await toGemini("gemini-3.1-flash-image", imageConfig({ aspectRatio: "8:1", imageSize: "512" }))).status,
    ).toBe(200);
  });

  test.each(["1k", "1024x1024", "8K", "512"])("the size %s is refused by gemini-3-pro-image", async (imageSize) => {
    const answer = await toGemini(pro, imageConfig({ imageSize }));
    expect(messageOf(answer)).toContain("image_size must be one of '1K', '2K', '4K'");
  });

  test("512 is offered by gemini-3.1-flash-image alone", async () => {
    expect((await toGemini("gemini-3.1-flash-image", imageConfig({ imageSize: "512" }))).status).toBe(200);
    expect((await toGemini("gemini-nano-banana-2.1", imageConfig({ imageSize: "512" }))).status).toBe(400);
  });

  test("the lite model refuses any imageSize on Vertex AI and takes 1K on the Gemini API", async () => {
    const lite = "gemini-3.1-flash-lite-image";
    expect((await toVertex(lite, imageConfig({ imageSize: "1K" }))).status).toBe(400);
    expect((await toVertex(lite, imageConfig({}))).status).toBe(200);
    expect((await toGemini(lite, imageConfig({ imageSize: "1K" }))).status).toBe(200);
    expect((await toGemini(lite, imageConfig({ imageSize: "2K" }))).status).toBe(400);
  });

  test("the original design's imageSizeOption is an unknown name", async () => {
    const answer = await toGemini(pro, imageConfig({ imageSizeOption: "1024x1024" }));
    expect(messageOf(answer)).toBe(
      `Invalid JSON payload received. Unknown name "imageSizeOption" at 'generation_config.image_config': Cannot find field.`,
    );
    expect(answer.text).toContain("google.rpc.BadRequest");
    expect(answer.text).toContain('"field": "generation_config.image_config"');
  });
});

describe("fields of one back end only", () => {
  test.each([
    ["imageOutputOptions", { mimeType: "image/png" }],
    ["personGeneration", "ALLOW_ALL"],
    ["prominentPeople", "BLOCK_PROMINENT_PEOPLE"],
  ])("imageConfig.%s is unknown to the Gemini API and known to Vertex AI", async (name, value) => {
    const body = imageConfig({ [name]: value });
    expect(messageOf(await toGemini(pro, body))).toContain(`Unknown name "${name}"`);
    expect((await toVertex(pro, body)).status).toBe(200);
  });

  test.each([
    ["modelArmorConfig", { promptTemplateName: "x" }],
    ["outputConfig", { outputUriPrefix: "gs://bucket/" }],
    ["safetySettings", [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "OFF", method: "SEVERITY" }]],
    ["safetySettings", [{ category: "HARM_CATEGORY_IMAGE_HATE", threshold: "OFF" }]],
  ])("%s as Vertex AI knows it is refused by the Gemini API", async (name, value) => {
    const body = { ...pictureRequest("A cat"), [name]: value };
    expect((await toGemini(pro, body)).status).toBe(400);
    expect((await toVertex(pro, body)).status).toBe(200);
  });

  test("store is the Gemini API's alone", async () => {
    const body = { ...pictureRequest("A cat"), store: false };
    expect((await toGemini(pro, body)).status).toBe(200);
    expect((await toVertex(pro, body)).status).toBe(400);
  });

  test("Vertex AI wants a role, the Gemini API does not", async () => {
    const body = { contents: [{ parts: [{ text: "A cat" }] }] };
    expect((await toGemini(pro, body)).status).toBe(200);
    expect(messageOf(await toVertex(pro, body))).toContain("Please use a valid role: user, model.");
  });

  test("Vertex AI honours the output options", async () => {
    const answer = await toVertex(
      pro,
      imageConfig({ imageOutputOptions: { mimeType: "image/jpeg", compressionQuality: 50 } }),
    );
    expect(answer.text).toContain('"mimeType": "image/jpeg"');
  });
});

describe("what image models do not do", () => {
  test.each<[string, JsonObject, string]>([
    ["candidateCount 2", { candidateCount: 2 }, "Multiple candidates is not enabled"],
    ["text alone", { responseModalities: ["TEXT"] }, "Model does not support the requested response modalities: text"],
    [
      "audio",
      { responseModalities: ["IMAGE", "AUDIO"] },
      "Model does not support the requested response modalities: audio",
    ],
    [
      "a wrong modality",
      { responseModalities: ["PICTURE"] },
      `Invalid value at 'generation_config.response_modalities[0]'`,
    ],
    ["JSON mode", { responseMimeType: "application/json" }, "JSON mode is not enabled"],
    ["a temperature of 3", { temperature: 3 }, "must be in the range [0.0, 2.0]"],
    ["a seed that is no number", { seed: "seven" }, `Invalid value at 'generation_config.seed' (TYPE_INT32), "seven"`],
    ["too many tokens", { maxOutputTokens: 99_999 }, "maxOutputTokens value of 99999"],
    [
      "level and budget",
      { thinkingConfig: { thinkingLevel: "HIGH", thinkingBudget: 5 } },
      "only one of thinking budget and thinking level",
    ],
    ["no thinking", { thinkingConfig: { thinkingBudget: 0 } }, "Budget 0 is invalid"],
  ])("%s is refused", async (_name, config, words) => {
    const answer = await toGemini(pro, pictureRequest("A cat", config));
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain(words);
  });

  test("a thinking level that a model lacks is refused, and ignored by gemini-3-pro-image", async () => {
    const body = pictureRequest("A cat", { thinkingConfig: { thinkingLevel: "MEDIUM" } });
    expect((await toGemini("gemini-3.1-flash-image", body)).status).toBe(400);
    expect((await toGemini("gemini-nano-banana-2.1", body)).status).toBe(200);
    expect((await toGemini(pro, body)).status).toBe(200);
  });

  test("functions are refused; search is refused where the model has none", async () => {
    expect(messageOf(await toGemini(pro, withTool({ functionDeclarations: [{ name: "f" }] })))).toContain(
      "Function calling",
    );
    expect((await toGemini(pro, withTool({ googleSearch: {} }))).status).toBe(200);
    expect((await toGemini(pro, withTool({ googleSearch: { searchTypes: { imageSearch: {} } } }))).status).toBe(400);
    expect((await toGemini("gemini-3.1-flash-lite-image", withTool({ googleSearch: {} }))).status).toBe(400);
  });

  test("tiers are taken where the model is sold in them and echoed", async () => {
    const body = { ...pictureRequest("A cat"), serviceTier: "flex" };
    expect((await toGemini(pro, body)).text).toContain('"serviceTier": "flex"');
    expect((await toVertex(pro, body)).text).toContain('"trafficType": "ON_DEMAND_FLEX"');
    expect((await toGemini("gemini-3.1-flash-image", body)).status).toBe(400);
  });
});

describe("spelling", () => {
  test("snake_case names are read like camelCase ones", async () => {
    const body = {
      contents: [{ role: "user", parts: [{ text: "A cat" }] }],
      generation_config: { response_modalities: ["Image"], image_config: { aspect_ratio: "4:3", image_size: "1K" } },
    };
    expect((await toGemini(pro, body)).status).toBe(200);
  });

  test("every unknown name is reported, __proto__ too", async () => {
    const text = '{"contents":[{"parts":[{"text":"A","colour":"red"}]}],"__proto__":{"a":1}}';
    const answer = await toGemini(pro, text);
    expect(messageOf(answer).split("\n")).toEqual([
      `Invalid JSON payload received. Unknown name "colour" at 'contents[0].parts[0]': Cannot find field.`,
      `Invalid JSON payload received. Unknown name "__proto__": Cannot find field.`,
    ]);
  });

  test("a list where one value belongs cannot start", async () => {
    const answer = await toGemini(pro, { contents: [{ parts: [{ text: ["A"] }] }] });
    expect(messageOf(answer)).toContain("Proto field is not repeating, cannot start list.");
  });
});

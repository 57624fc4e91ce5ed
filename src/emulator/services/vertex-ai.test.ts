import { describe, expect, test } from "vitest";
import { ask, messageOf, pictureRequest, picturesIn, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();
const token = { authorization: "Bearer ya29.any" };
const body = pictureRequest("A cat");

function url(host: string, location: string, model: string, method = "generateContent"): string {
  const prefix = host === "" ? "" : `/${host}`;
  return `${emulator().url}${prefix}/v1/projects/p/locations/${location}/publishers/google/models/${model}:${method}`;
}

describe("hosts and locations", () => {
  test.each([
    ["aiplatform.googleapis.com", "global"],
    ["aiplatform.us.rep.googleapis.com", "us"],
    ["aiplatform.eu.rep.googleapis.com", "eu"],
    ["", "global"],
  ])("%s serves a Gemini 3 image model in %s", async (host, location) => {
    const answer = await ask(url(host, location, "gemini-3-pro-image"), body, token);
    expect(answer.status).toBe(200);
    expect(picturesIn(answer)[0]?.mimeType).toBe("image/png");
    expect(answer.text).toContain('"trafficType": "ON_DEMAND"');
  });

  test("a global-only model is not found in a region", async () => {
    const answer = await ask(
      url("us-central1-aiplatform.googleapis.com", "us-central1", "gemini-3-pro-image"),
      body,
      token,
    );
    expect(answer.status).toBe(404);
    expect(messageOf(answer)).toMatch(
      /^Publisher Model 'projects\/p\/locations\/us-central1\/publishers\/google\/models\/gemini-3-pro-image' was not found or your project does not have access to it\./,
    );
  });

  test("gemini-2.5-flash-image still answers in a region, with its own pixels", async () => {
    const target = url("us-central1-aiplatform.googleapis.com", "us-central1", "gemini-2.5-flash-image");
    const answer = await ask(target, pictureRequest("A cat", { imageConfig: { aspectRatio: "16:9" } }), token);
    expect(answer.status).toBe(200);
    expect(answer.json["usageMetadata"]).toMatchObject({ candidatesTokenCount: 1290 });
  });

  test("the location must be the host's", async () => {
    const answer = await ask(url("aiplatform.googleapis.com", "us-central1", "gemini-2.5-flash-image"), body, token);
    expect(answer.status).toBe(400);
  });

  test("a region that does not exist has no host", async () => {
    const answer = await ask(
      url("mars-central1-aiplatform.googleapis.com", "mars-central1", "gemini-3-pro-image"),
      body,
      token,
    );
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html; charset=UTF-8"]);
  });
});

test("retired models are not found, and Imagen by predict alone", async () => {
  for (const [model, method] of [
    ["gemini-3-pro-image-preview", "generateContent"],
    ["imagen-4.0-generate-001", "generateContent"],
    ["imagen-5.0-generate-001", "predict"],
  ] as const) {
    const answer = await ask(url("", "global", model, method), body, token);
    expect([answer.status, messageOf(answer).slice(0, 15)]).toEqual([404, "Publisher Model"]);
  }
});

test("publisher models can be read and listed", async () => {
  const base = `${emulator().url}/aiplatform.googleapis.com/v1beta1/publishers/google/models`;
  expect((await ask(`${base}/gemini-3-pro-image`, undefined, token)).json["name"]).toBe(
    "publishers/google/models/gemini-3-pro-image",
  );
  expect((await ask(base, undefined, token)).json["publisherModels"]).toHaveLength(5);
});

test("v1beta1 is served like v1", async () => {
  const target = url("", "global", "gemini-nano-banana-2.1").replace("/v1/", "/v1beta1/");
  expect((await ask(target, body, token)).status).toBe(200);
});

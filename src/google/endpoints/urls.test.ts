// The exact URLs of each endpoint, as Google's SDK and the facts write them.

import { expect, test } from "vitest";
import type { AuthMethod } from "../../core/route.ts";
import { aiplatform } from "./aiplatform.ts";
import { cliproxyapi } from "./cliproxyapi.ts";
import { cloudcodePa } from "./cloudcode-pa.ts";
import type { Endpoint } from "./endpoint.ts";
import { generativelanguage } from "./generativelanguage.ts";

function urlOf(endpoint: Endpoint, auth: AuthMethod, location: string | null = null, model = "a-model"): string {
  return endpoint.generateUrl({
    baseUrl: endpoint.defaultBaseUrl(location),
    auth,
    model,
    projectId: "shop-1",
    location,
  });
}

test("CLIProxyAPI streams from port 8317", () => {
  expect(urlOf(cliproxyapi, "proxy")).toBe("http://localhost:8317/v1beta/models/a-model:streamGenerateContent?alt=sse");
});

test("a models/ prefix is not sent twice", () => {
  expect(urlOf(cliproxyapi, "proxy", null, "models/a-model")).toBe(urlOf(cliproxyapi, "proxy"));
});

test("the Gemini API speaks v1beta", () => {
  expect(urlOf(generativelanguage, "api-key")).toBe(
    "https://generativelanguage.googleapis.com/v1beta/models/a-model:generateContent",
  );
});

test.each([
  [null, "aiplatform.googleapis.com", "global"],
  ["global", "aiplatform.googleapis.com", "global"],
  ["europe-west4", "europe-west4-aiplatform.googleapis.com", "europe-west4"],
  ["us", "aiplatform.us.rep.googleapis.com", "us"],
  ["eu", "aiplatform.eu.rep.googleapis.com", "eu"],
])("Vertex AI in %s", (location, host, inPath) => {
  expect(urlOf(aiplatform, "oauth", location)).toBe(
    `https://${host}/v1/projects/shop-1/locations/${inPath}/publishers/google/models/a-model:generateContent`,
  );
});

test("an express key has neither project nor location in its path", () => {
  expect(urlOf(aiplatform, "vertex-key")).toBe(
    "https://aiplatform.googleapis.com/v1/publishers/google/models/a-model:generateContent",
  );
  expect(aiplatform.modelsUrl({ baseUrl: "https://x.example", auth: "vertex-key" })).toBeNull();
});

test("a domain-scoped project id keeps its colon and nothing else", () => {
  const url = aiplatform.generateUrl({
    baseUrl: "https://x.example",
    auth: "adc",
    model: "m",
    projectId: "example.com:shop/../x",
    location: null,
  });
  expect(url).toContain("/projects/example.com:shop%2F..%2Fx/locations/global/");
});

test("Code Assist has the model in the envelope, not in the path", () => {
  expect(urlOf(cloudcodePa, "oauth")).toBe("https://cloudcode-pa.googleapis.com/v1internal:generateContent");
});

test("half a surrogate pair in a model's name is no crash", () => {
  expect(urlOf(generativelanguage, "api-key", null, "a\ud800b")).toContain("/models/a%EF%BF%BDb:");
});

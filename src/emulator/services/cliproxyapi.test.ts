import { describe, expect, test } from "vitest";
import { isJsonObject, listAt } from "../json.ts";
import { ask, eventsOf, pictureRequest, picturesIn, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();
const base = (): string => `${emulator().url}/cliproxyapi`;
const model = "gemini-3.1-flash-image";
const stream = (name = model): string => `/v1beta/models/${name}:streamGenerateContent?alt=sse`;
const withKey = (): Record<string, string> => ({ authorization: `Bearer ${emulator().credentials.proxyKey}` });

describe("who is let in", () => {
  test("under /cliproxyapi/ a missing and a wrong key are refused with a text for an error", async () => {
    const missing = await ask(base() + stream(), pictureRequest("A cat"));
    expect([missing.status, missing.text]).toEqual([401, '{"error":"Missing API key"}']);
    const wrong = await ask(base() + stream(), pictureRequest("A cat"), { "x-api-key": "wrong" });
    expect([wrong.status, wrong.text]).toEqual([401, '{"error":"Invalid API key"}']);
  });

  test.each<[string, (key: string) => Record<string, string>, (key: string) => string]>([
    ["Authorization: Bearer", (key) => ({ authorization: `Bearer ${key}` }), () => ""],
    ["a bare Authorization", (key) => ({ authorization: key }), () => ""],
    ["x-goog-api-key", (key) => ({ "x-goog-api-key": key }), () => ""],
    ["x-api-key", (key) => ({ "x-api-key": key }), () => ""],
    ["?key=", () => ({}), (key) => `?key=${key}`],
    ["?auth_token=", () => ({}), (key) => `?auth_token=${key}`],
  ])("the key is taken in %s", async (_place, headers, query) => {
    const key = emulator().credentials.proxyKey;
    const answer = await ask(`${base()}/v1beta/models${query(key)}`, undefined, headers(key));
    expect(answer.status).toBe(200);
  });

  test("one right key is enough beside a wrong one", async () => {
    const answer = await ask(`${base()}/v1beta/models`, undefined, { ...withKey(), "x-api-key": "wrong" });
    expect(answer.status).toBe(200);
  });

  test("a template key closes the proxy", async () => {
    const answer = await ask(`${base()}/v1beta/models`, undefined, { authorization: "Bearer your-api-key-1" });
    expect(answer.status).toBe(403);
    expect(answer.json["error"]).toBe("unsafe_example_api_key");
    expect(answer.headers.get("x-cpa-safe-mode")).toBe("example-api-key");
  });

  test("at the root the proxy is open", async () => {
    const answer = await ask(emulator().url + stream(), pictureRequest("A cat"));
    expect(picturesIn(answer)).toHaveLength(1);
  });
});

describe("routes", () => {
  test("healthz and the fingerprint need no key", async () => {
    expect((await ask(`${base()}/healthz`)).text).toBe('{"status":"ok"}');
    expect((await ask(`${base()}/`)).json["message"]).toBe("CLI Proxy API Server");
    expect((await ask(emulator().url)).json["message"]).toBe("CLI Proxy API Server");
  });

  test("the model list has one image model, told by its output modalities", async () => {
    const answer = await ask(`${base()}/v1beta/models`, undefined, withKey());
    const makers = listAt(answer.json, "models")
      .filter(isJsonObject)
      .filter((entry) => listAt(entry, "supportedOutputModalities").includes("image"));
    expect(makers.map((entry) => entry["name"])).toEqual([`models/${model}`]);
  });

  test("/v1/models has OpenAI's shape", async () => {
    const answer = await ask(`${base()}/v1/models`, undefined, withKey());
    expect(answer.json).toMatchObject({ object: "list", data: [{ id: model, object: "model" }, {}, {}, {}, {}] });
  });

  test("a picture streams without [DONE] and carries a trace id", async () => {
    const answer = await ask(base() + stream(), pictureRequest("A cat"), withKey());
    expect(answer.headers.get("x-cpa-trace-id")).not.toBeNull();
    expect(eventsOf(answer).at(-1)).toMatchObject({ candidates: [{ finishReason: "STOP" }], modelVersion: model });
    expect(answer.text).not.toContain("[DONE]");
  });

  test("it streams without alt=sse as well", async () => {
    const answer = await ask(
      `${base()}/v1beta/models/${model}:streamGenerateContent`,
      pictureRequest("A cat"),
      withKey(),
    );
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
  });

  test("a model that no login has is 400 model_not_found", async () => {
    const answer = await ask(base() + stream("gemini-3-pro-image"), pictureRequest("A cat"), withKey());
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      error: {
        message: "unknown provider for model gemini-3-pro-image",
        type: "invalid_request_error",
        code: "model_not_found",
        param: "model",
      },
    });
  });

  test("an unsupported method is 200 with an empty body", async () => {
    const answer = await ask(`${base()}/v1beta/models/${model}:predict`, {}, withKey());
    expect([answer.status, answer.text]).toEqual([200, ""]);
  });

  test("a model without a method is 404 in its own shape, an unknown path and /v1internal are 404 and empty", async () => {
    const bare = await ask(`${base()}/v1beta/models/${model}`, {}, withKey());
    expect(bare.json).toEqual({
      error: { message: `/v1beta/models/${model} not found.`, type: "invalid_request_error" },
    });
    for (const path of ["/nothing", "/v1internal:generateContent"]) {
      const answer = await ask(base() + path, {}, withKey());
      expect([answer.status, answer.text]).toEqual([404, ""]);
    }
  });

  test("the images route refuses Gemini models", async () => {
    const answer = await ask(`${base()}/v1/images/generations`, { model, prompt: "A cat" }, withKey());
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("is not supported on /v1/images/generations");
  });
});

describe("what goes upstream", () => {
  test("safety settings are dropped and roles filled in", async () => {
    const body = { contents: [{ parts: [{ text: "A cat" }] }], safetySettings: [{ category: "NONSENSE" }] };
    expect((await ask(base() + stream(), body, withKey())).status).toBe(200);
  });

  test("an unreadable body becomes an empty request, which Google refuses", async () => {
    const answer = await ask(base() + stream(), "{bad", withKey());
    expect(answer.json).toMatchObject({ error: { code: 400, status: "INVALID_ARGUMENT" } });
  });

  test("Google's refusal of a ratio comes through as it is", async () => {
    const answer = await ask(
      base() + stream(),
      pictureRequest("A cat", { imageConfig: { aspectRatio: "7:5" } }),
      withKey(),
    );
    expect(answer.text).toContain("aspect_ratio must be one of");
  });
});

test("a picture over the proxy is used but not metered", async () => {
  await ask(base() + stream(), pictureRequest("A cat"), withKey());
  const bill = emulator().bill();
  expect(bill).toMatchObject({ billed: 1, images: 1, microUsd: 0 });
  expect(bill.unmeteredMicroUsd).toBeGreaterThanOrEqual(67_200);
});

// The proxy's list of models: read as CLIProxyAPI really writes it, and every way of having no list.

import { expect, test } from "vitest";
import type { HttpCall, SmallAnswer } from "../../core/http-call.ts";
import { ToolError } from "../../core/tool-error.ts";
import { discoverProxyModels } from "./discover-proxy-models.ts";

const model = (name: string, outputs?: string[], methods = ["generateContent", "countTokens"]) => ({
  name,
  supportedGenerationMethods: methods,
  ...(outputs ? { supportedOutputModalities: outputs } : {}),
});

function ask(answer: Partial<SmallAnswer> | Error, calls: HttpCall[] = []): Promise<readonly string[]> {
  return discoverProxyModels({
    baseUrl: "http://localhost:8317",
    headers: { authorization: "Bearer k" },
    send: (call) => {
      calls.push(call);
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ status: 200, headers: {}, body: "", ...answer });
    },
  });
}

const list = (...models: unknown[]) => ({ body: JSON.stringify({ models }) });

test("asks the list of models with the key", async () => {
  const calls: HttpCall[] = [];
  await ask(list(model("models/a", ["image"])), calls);
  expect(calls).toMatchObject([
    { method: "GET", url: "http://localhost:8317/v1beta/models", headers: { authorization: "Bearer k" } },
  ]);
});

test("gives the models whose output has pictures, in order, without the prefix, each once", async () => {
  const models = [
    model("models/words", ["text"]),
    model("models/pictures", ["text", "image"]),
    model("more-pictures", ["IMAGE"]),
    model("models/pictures", ["image"]),
  ];
  expect(await ask(list(...models))).toEqual(["pictures", "more-pictures"]);
});

test("a model that cannot be asked by generateContent is left out", async () => {
  const models = [
    model("models/old", ["image"], ["predict"]),
    model("models/new", ["image"], ["streamGenerateContent"]),
  ];
  expect(await ask(list(...models))).toEqual(["new"]);
});

test("a model without modalities is judged by its family's naming", async () => {
  const models = [model("models/gemini-9-image"), model("models/gemini-9-pro"), model("models/gpt-image-9")];
  expect(await ask(list(...models))).toEqual(["gemini-9-image"]);
});

test("damaged entries are passed over", async () => {
  expect(await ask(list(null, 7, {}, { name: 3 }, [], model("models/a", ["image"])))).toEqual(["a"]);
});

test.each([
  ["no models at all", list(), "proxy-not-logged-in"],
  ["only models for text", list(model("models/a", ["text"])), "proxy-without-image-model"],
  ["a wrong key", { status: 401, body: '{"error":"Invalid API key"}' }, "proxy-key-refused"],
  ["the example keys", { status: 403, body: '{"error":"unsafe_example_api_key","message":"x"}' }, "proxy-setup"],
  ["an upstream fault", { status: 502, body: '{"error":{"message":"EOF"}}' }, "proxy-upstream-failed"],
  ["a web page", { body: "<html>router</html>" }, "proxy-not-running"],
  ["another program's 404", { status: 404, body: "" }, "proxy-not-running"],
  ["JSON of another shape", { body: '{"data":[]}' }, "proxy-not-running"],
  ["a redirect", { status: 302, body: "" }, "proxy-not-running"],
  ["nobody listening", new ToolError("connect-failed", { message: "ECONNREFUSED" }), "proxy-not-running"],
  ["silence", new ToolError("timeout"), "proxy-not-running"],
  ["a bad certificate", new ToolError("tls-failure"), "tls-failure"],
] as const)("%s is %s", async (_what, answer, code) => {
  await expect(ask(answer)).rejects.toMatchObject({ code });
});

test("what the proxy says is stripped of terminal control", async () => {
  const body = JSON.stringify({ error: "Invalid \u001b[31mAPI key" });
  await expect(ask({ status: 401, body })).rejects.toMatchObject({ details: { providerMessage: "Invalid API key" } });
});

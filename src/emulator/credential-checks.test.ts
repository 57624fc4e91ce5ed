import { describe, expect, test } from "vitest";
import { ask, messageOf, pictureRequest, reasonOf, useEmulator } from "./testing/asking.ts";

const emulator = useEmulator();
const body = pictureRequest("A cat");
const gemini = (): string =>
  `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3-pro-image:generateContent`;
const project = (): string =>
  `${emulator().url}/aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/gemini-3-pro-image:generateContent`;
const express = (): string =>
  `${emulator().url}/aiplatform.googleapis.com/v1/publishers/google/models/gemini-3-pro-image:generateContent`;
const codeAssist = (): string => `${emulator().url}/cloudcode-pa.googleapis.com/v1internal:generateContent`;
const envelope = { model: "gemini-3-pro-image", project: "p", request: body };
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe("good credentials", () => {
  test.each(["AIza-any", "AQ.any", "something-else"])("the Gemini API takes the key %s", async (key) => {
    expect((await ask(gemini(), body, { "x-goog-api-key": key })).status).toBe(200);
  });

  test("a key in the query is taken, and does not reach the log", async () => {
    expect((await ask(`${gemini()}?key=AIza-secret-value`, body)).status).toBe(200);
    expect(JSON.stringify(emulator().requests())).not.toContain("secret");
  });

  test("any plausible token opens the Gemini API, a project on Vertex AI, and Code Assist", async () => {
    for (const [url, sent] of [
      [gemini(), body],
      [project(), body],
      [codeAssist(), envelope],
    ] as const) {
      expect((await ask(url, sent, bearer("ya29.any"))).status).toBe(200);
    }
  });

  test("the issued express key opens the express path", async () => {
    expect((await ask(express(), body, { "x-goog-api-key": emulator().credentials.vertexKey })).status).toBe(200);
  });
});

describe("no credential or two", () => {
  test("the Gemini API and the express path do not serve unregistered callers", async () => {
    for (const url of [gemini(), express()]) {
      const answer = await ask(url, body);
      expect(answer.status).toBe(403);
      expect(messageOf(answer)).toMatch(/^Method doesn't allow unregistered callers/);
    }
  });

  test("a project path and Code Assist say 401 CREDENTIALS_MISSING", async () => {
    for (const url of [project(), codeAssist()]) {
      const answer = await ask(url, envelope);
      expect([answer.status, reasonOf(answer)]).toEqual([401, "CREDENTIALS_MISSING"]);
    }
  });

  test("a key and a token together are one too many", async () => {
    const answer = await ask(gemini(), body, { "x-goog-api-key": "AIza-a", ...bearer("ya29.b") });
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain("Multiple authentication credentials");
  });
});

describe("special keys of the Gemini API", () => {
  test.each([
    ["AIza-invalid", 400, "API_KEY_INVALID"],
    ["AQ.invalid", 401, "ACCESS_TOKEN_TYPE_UNSUPPORTED"],
    ["AIza-expired", 400, "API_KEY_INVALID"],
    ["AIza-blocked", 403, "API_KEY_SERVICE_BLOCKED"],
    ["AIza-suspended", 403, "CONSUMER_SUSPENDED"],
    ["AIza-api-disabled", 403, "SERVICE_DISABLED"],
    ["AIza-billing-disabled", 403, "BILLING_DISABLED"],
    ["AQ.wrong-backend", 401, "CREDENTIALS_MISSING"],
    ["AQ.express", 401, "CREDENTIALS_MISSING"],
  ])("%s is answered with %i %s", async (key, status, reason) => {
    const answer = await ask(gemini(), body, { "x-goog-api-key": key });
    expect([answer.status, reasonOf(answer)]).toEqual([status, reason]);
  });

  test("a free-tier key meets a quota of zero on an image model", async () => {
    const answer = await ask(gemini(), body, { "x-goog-api-key": "AIza-free-tier" });
    expect(answer.status).toBe(429);
    expect(messageOf(answer)).toContain("limit: 0, model: gemini-3-pro-image");
    expect(answer.text).toContain('"retryDelay": "44s"');
  });
});

describe("keys on the wrong back end", () => {
  test("a key of the Gemini API is blocked on Vertex AI", async () => {
    for (const key of [emulator().credentials.authKey, emulator().credentials.apiKey]) {
      const answer = await ask(express(), body, { "x-goog-api-key": key });
      expect([answer.status, reasonOf(answer)]).toEqual([403, "API_KEY_SERVICE_BLOCKED"]);
    }
  });

  test("an express key is not supported by the Gemini API", async () => {
    const answer = await ask(gemini(), body, { "x-goog-api-key": emulator().credentials.vertexKey });
    expect(answer.status).toBe(401);
    expect(messageOf(answer)).toMatch(/^API keys are not supported by this API/);
  });

  test("Code Assist takes no key at all", async () => {
    expect((await ask(codeAssist(), envelope, { "x-goog-api-key": "AIza-any" })).status).toBe(401);
  });

  test("a key sent as a token is of an unsupported type", async () => {
    const answer = await ask(gemini(), body, bearer("AQ.any"));
    expect([answer.status, reasonOf(answer)]).toEqual([401, "ACCESS_TOKEN_TYPE_UNSUPPORTED"]);
  });

  test("a token does not open the express path", async () => {
    expect((await ask(express(), body, bearer("ya29.any"))).status).toBe(403);
  });
});

describe("special tokens", () => {
  test("a narrow token has insufficient scopes everywhere", async () => {
    for (const [url, sent] of [
      [gemini(), body],
      [project(), body],
      [codeAssist(), envelope],
    ] as const) {
      const answer = await ask(url, sent, bearer(emulator().credentials.narrowToken));
      expect([answer.status, reasonOf(answer)]).toEqual([403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"]);
    }
  });

  test("a token with the generative-language scope opens the Gemini API alone", async () => {
    const token = bearer("ya29.generative-language");
    expect((await ask(gemini(), body, token)).status).toBe(200);
    expect(reasonOf(await ask(project(), body, token))).toBe("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
  });

  test.each([
    ["ya29.expired", 401, "ACCESS_TOKEN_EXPIRED"],
    ["ya29.no-permission", 403, "IAM_PERMISSION_DENIED"],
    ["ya29.api-disabled", 403, "SERVICE_DISABLED"],
  ])("%s on a project is answered with %i %s", async (token, status, reason) => {
    const answer = await ask(project(), body, bearer(token));
    expect([answer.status, reasonOf(answer)]).toEqual([status, reason]);
  });

  test.each(["tos-violation", "validation-required"])("Code Assist turns away a %s account", async (mark) => {
    const answer = await ask(codeAssist(), envelope, bearer(`ya29.${mark}`));
    expect([answer.status, reasonOf(answer)]).toEqual([403, mark.toUpperCase().replace("-", "_")]);
  });
});

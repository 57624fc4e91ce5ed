import { describe, expect, test } from "vitest";
import { ask, pictureRequest, useEmulator } from "./testing/asking.ts";

describe("at the root, with rootService auto", () => {
  const emulator = useEmulator();
  const models = (): string => `${emulator().url}/v1beta/models`;
  const service = (): string | null => emulator().requests().at(-1)?.service ?? null;

  test.each([
    ["AIza-any", "generativelanguage"],
    ["AQ.any", "generativelanguage"],
    ["some-test-key", "generativelanguage"],
    ["emulator-proxy-key", "cliproxyapi"],
  ])("the key %s is for %s", async (key, expected) => {
    await ask(models(), undefined, { "x-goog-api-key": key });
    expect(service()).toBe(expected);
  });

  test.each([
    ["Bearer ya29.any", "generativelanguage"],
    ["Bearer emulator-proxy-key", "cliproxyapi"],
    ["bare-key", "cliproxyapi"],
  ])("Authorization: %s is for %s", async (authorization, expected) => {
    await ask(models(), undefined, { authorization });
    expect(service()).toBe(expected);
  });

  test("no credential is for CLIProxyAPI, which is open", async () => {
    expect((await ask(models())).status).toBe(200);
    expect(service()).toBe("cliproxyapi");
  });

  test("a caller of no known kind finds what both services' clients look for", async () => {
    const answer = await ask(models(), undefined, { authorization: "Bearer my-own-proxy-key" });
    expect(answer.text).toContain("models/gemini-3-pro-image");
    expect(answer.text).toContain("supportedOutputModalities");
    const picture = await ask(
      `${models()}/gemini-3.1-flash-image:streamGenerateContent?alt=sse`,
      pictureRequest("A cat"),
      {
        authorization: "Bearer my-own-proxy-key",
      },
    );
    expect(picture.status).toBe(200);
  });
});

describe("at the root, with a service named", () => {
  const gemini = useEmulator({ rootService: "generativelanguage" });
  const proxy = useEmulator({ rootService: "cliproxyapi", proxyAccess: "key" });

  test("the Gemini API turns away callers without a key", async () => {
    expect((await ask(`${gemini().url}/v1beta/models`)).status).toBe(403);
  });

  test("a closed CLIProxyAPI takes its own key alone", async () => {
    const url = `${proxy().url}/v1beta/models`;
    expect((await ask(url)).text).toBe('{"error":"Missing API key"}');
    expect((await ask(url, undefined, { "x-goog-api-key": "AIza-any" })).text).toBe('{"error":"Invalid API key"}');
    expect((await ask(url, undefined, { "x-goog-api-key": proxy().credentials.proxyKey })).status).toBe(200);
  });
});

// Base URLs: what may take the place of Google's own hosts.

import { describe, expect, test } from "vitest";
import { checkBaseUrl } from "./check-base-url.ts";
import { endpointFor } from "./registry.ts";

const gemini = endpointFor("generativelanguage");
const proxy = endpointFor("cliproxyapi");

describe("for Google's endpoints", () => {
  test.each([
    ["https://gateway.example/google/", "https://gateway.example/google"],
    ["http://127.0.0.1:8999", "http://127.0.0.1:8999"],
    ["http://localhost:8999/x//", "http://localhost:8999/x"],
    ["http://[::1]:8999", "http://[::1]:8999"],
    ["  https://Gateway.Example  ", "https://gateway.example"],
  ])("%j is taken as %s", (text, baseUrl) => {
    expect(checkBaseUrl(text, gemini)).toEqual({ baseUrl, problems: [], warnings: [] });
  });

  test.each([
    "http://gateway.example",
    "http://10.0.0.1",
    "http://0.0.0.0:1",
    "http://localhost.evil.example",
    "ftp://gateway.example",
    "file:///etc/passwd",
    "gateway.example",
    "localhost:8999",
    "//gateway.example",
    "",
    "https://me:pw@gateway.example",
    "https://me@gateway.example",
    "https://gateway.example/?x=1",
    "https://gateway.example/#x",
    "https://gateway.example/?",
  ])("%j is refused by config-invalid", (text) => {
    const { baseUrl, problems } = checkBaseUrl(text, gemini);
    expect(baseUrl).toBe("");
    expect(problems).toMatchObject([{ code: "config-invalid", field: "GOOGLE_GEMINI_BASE_URL" }]);
  });

  test("a refusal never repeats what may be a password or a key", () => {
    for (const text of ["https://me:hush-hush@x.example", "https://x.example/?key=hush-hush", "hush-hush"]) {
      expect(JSON.stringify(checkBaseUrl(text, gemini))).not.toContain("hush-hush");
    }
  });
});

describe("for CLIProxyAPI", () => {
  test.each(["https://generativelanguage.googleapis.com", "https://AIPLATFORM.googleapis.com./"])(
    "%s is refused: Google bills what it draws",
    (text) => {
      expect(checkBaseUrl(text, proxy).problems).toMatchObject([
        { message: expect.stringContaining("--auth api-key") },
      ]);
      expect(checkBaseUrl(text, gemini).problems).toEqual([]);
    },
  );

  test("http to this machine passes without a word", () => {
    expect(checkBaseUrl("http://localhost:8317", proxy).warnings).toEqual([]);
  });

  test("http to another machine passes with a warning", () => {
    const { baseUrl, problems, warnings } = checkBaseUrl("http://192.168.1.5:8317/", proxy);
    expect(baseUrl).toBe("http://192.168.1.5:8317");
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  test.each(["http://localhost:8317/v1", "http://localhost:8317/v1beta/"])(
    "%s, as other tools want it, is refused with the address that is meant",
    (text) => {
      expect(checkBaseUrl(text, proxy).problems).toMatchObject([{ suggestion: "http://localhost:8317" }]);
    },
  );
});

// Google's own errors. Bodies after google-apis facts §4 (2026-11-22); credentials, quotas and
// CLIProxyAPI have files of their own.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorTable } from "../../../core/error-table.ts";
import { authMethods, endpointNames } from "../../../core/route.ts";
import { googleError, info, readFailed as read } from "../testing/failed-answer.ts";

const adc = { endpoint: "aiplatform", auth: "adc" } as const;

describe("the original design's five errors", () => {
  test("403 scope: names the scope that is missing", () => {
    const body = googleError(
      403,
      "PERMISSION_DENIED",
      "Request had insufficient authentication scopes.",
      info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    );
    expect(read(403, body, adc)).toMatchObject({ code: "scope-insufficient", httpStatus: 403 });
  });
  test("429 rate limit: tells when to come back", () => {
    const body = googleError(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", {
      "@type": "type.googleapis.com/google.rpc.RetryInfo",
      retryDelay: "44s",
    });
    expect(read(429, body)).toMatchObject({ code: "rate-limited", retryAfterMs: 44_000 });
  });
  test("400 size: says that the size is not taken and shows the provider's words", () => {
    const message = "Invalid value at 'generation_config.image_config.image_size'";
    expect(read(400, googleError(400, "INVALID_ARGUMENT", message))).toMatchObject({
      code: "bad-request",
      message: expect.stringContaining("size"),
      providerMessage: message,
    });
  });
  test("500: is the provider's own fault and may be tried again", () => {
    expect(read(500, googleError(500, "INTERNAL", "An internal error has occurred."))).toMatchObject({
      code: "server-error",
    });
  });
  test("504 timeout: the provider said so, so nothing is billed", () => {
    const { code } = read(
      504,
      googleError(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    );
    expect(code).toBe("server-timeout");
    expect(errorTable[code].billed).toBe("no");
  });
});

const notFound = (message: string) => googleError(404, "NOT_FOUND", message);

describe("the request", () => {
  test.each([
    "models/X is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see.",
    "This model models/X is no longer available to new users. Please update your code to use a newer model.",
    "Publisher Model 'projects/p/locations/us-central1/publishers/google/models/X' was not found or your project does not have access to it.",
    "Requested entity was not found.",
  ])("404 %s", (message) => {
    expect(read(404, notFound(message))).toMatchObject({ code: "model-not-found", providerMessage: message });
  });

  test("a retired model: the replacement is the next step", () => {
    const message =
      "This model models/old-one is no longer available. Please update your code to use models/new-one-2.1.";
    expect(read(404, notFound(message)).nextStep).toBe("Use the model new-one-2.1 instead: -m new-one-2.1.");
  });

  test("a model that a region lacks: the next step is the global location", () => {
    const message =
      "Publisher Model 'projects/p/locations/us-central1/publishers/google/models/X' was not found or your project does not have access to it.";
    expect(read(404, notFound(message), adc).nextStep).toContain("--location global");
  });

  test("Google's misleading 404 for a large request is told from a missing model by the size", () => {
    const body = notFound("Requested entity was not found.");
    expect(read(404, body, { requestBytes: 60_000 }).code).toBe("input-too-large");
    expect(read(404, body, { requestBytes: 2_000 }).code).toBe("model-not-found");
  });

  test.each([
    [400, "The input token count (81881) exceeds the maximum number of tokens allowed (65536).", "input-too-large"],
    [400, "Request payload size exceeds the limit: 20971520 bytes.", "input-too-large"],
    [413, "Request entity too large", "input-too-large"],
    [
      400,
      "* GenerateContentRequest.generation_config.image_config.aspect_ratio: aspect_ratio must be one of '1:1', '1:4'",
      "bad-request",
    ],
    [
      400,
      "Invalid JSON payload received. Unknown name \"imageSizeOption\" at 'generation_config.image_config': Cannot find field.",
      "bad-request",
    ],
    [400, "Model does not support the requested response modalities: image", "bad-request"],
    [405, "m", "bad-request"],
    [418, "m", "bad-request"],
  ])("%d %s", (status, message, code) => {
    expect(read(status, googleError(status, "INVALID_ARGUMENT", message)).code).toBe(code);
  });

  test("an unknown field keeps the advice to report it", () => {
    const body = googleError(
      400,
      "INVALID_ARGUMENT",
      "Unknown name \"imageSizeOption\" at 'generation_config.image_config': Cannot find field.",
    );
    expect(read(400, body)).not.toHaveProperty("nextStep");
  });
});

describe("the provider's own faults", () => {
  test.each([
    [408, "server-timeout"],
    [409, "overloaded"],
    [499, "server-error"],
    [500, "server-error"],
    [502, "server-error"],
    [503, "overloaded"],
    [504, "server-timeout"],
    [599, "server-error"],
  ])("%d in Google's JSON is %s, and surely not billed", (status, code) => {
    const failure = read(status, googleError(status, "UNKNOWN", "m"));
    expect(failure.code).toBe(code);
    expect(errorTable[failure.code]).toMatchObject({ exit: 6, billed: "no" });
  });

  test("an error wrapped in a list is read", () => {
    expect(read(503, [googleError(503, "UNAVAILABLE", "The model is overloaded.")])).toMatchObject({
      code: "overloaded",
    });
  });
});

describe("something that is not the provider", () => {
  test.each([
    [502, "<html><head><title>502 Bad Gateway</title></head></html>"],
    [503, ""],
    [500, "upstream error"],
    [403, "<!DOCTYPE html><h1>Blocked by policy</h1>"],
    [403, '{"message":"Forbidden"}'],
    [404, ""],
    [401, "<html>"],
    [500, '{"error":{"message":"m","type":"server_error"}}'],
    [403, '{"error":"denied"}'],
    [500, '{"error":null}'],
    [500, '{"__proto__":{"error":{"code":500,"message":"m","status":"INTERNAL"}}}'],
  ])("%d %s may have let the request through", (status, body) => {
    const { code } = read(status, body);
    expect(code).toBe("foreign-answer");
    expect(errorTable[code]).toMatchObject({ exit: 7, billed: "maybe" });
  });

  test("a page is named by its title", () => {
    const failure = read(502, "<html><head><title>502\n Bad  Gateway</title></head><body>x</body></html>");
    expect(failure).toMatchObject({
      message: expect.stringContaining("502 Bad Gateway"),
      providerMessage: "502 Bad Gateway",
    });
  });

  test.each([301, 302, 303, 307, 308])("%d: names the host and nothing more of the address", (status) => {
    const failure = read(status, "", { headers: { location: "https://login.example.com/sso?token=secret" } });
    expect(failure.code).toBe("foreign-answer");
    expect(failure.message).toContain("login.example.com");
    expect(JSON.stringify(failure)).not.toContain("secret");
  });

  test("413 from anyone is too large: it did not take the request in", () => {
    expect(read(413, "<html><title>413 Request Entity Too Large</title>").code).toBe("input-too-large");
  });
});

test("nothing makes it throw, and it always finds a row of the table", () => {
  const json = fc.oneof(
    fc.json(),
    fc.string(),
    fc.object({ maxDepth: 4 }).map((error) => JSON.stringify({ error })),
  );
  const details = fc.array(
    fc.oneof(fc.anything(), fc.constant({ metadata: 7, violations: {}, links: "x", reason: 3 })),
  );
  const google = fc
    .record({ code: fc.anything(), message: fc.string(), status: fc.anything(), details })
    .map((error) => safeJson({ error }));
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 999 }),
      fc.oneof(json, google),
      fc.constantFrom(...endpointNames),
      fc.constantFrom(...authMethods),
      (status, body, endpoint, auth) => {
        expect(Object.keys(errorTable)).toContain(read(status, body, { endpoint, auth }).code);
      },
    ),
    { numRuns: 500 },
  );
});

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "{}";
  }
}

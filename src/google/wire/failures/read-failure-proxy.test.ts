// CLIProxyAPI's errors, in the forms that were measured on v7.2.140 (cliproxyapi facts §3, 2026-08).

import { describe, expect, test } from "vitest";
import { errorTable } from "../../../core/error-table.ts";
import { googleError, info, readFailed } from "../testing/failed-answer.ts";

const read = (status: number, body: string | object) =>
  readFailed(status, body, { endpoint: "cliproxyapi", auth: "proxy" });
const wrapped = (message: string, type = "server_error", code = "internal_server_error") => ({
  error: { message, type, code },
});

describe("CLIProxyAPI's own errors", () => {
  test.each([
    ["no key", 401, { error: "Missing API key" }, "proxy-key-refused"],
    ["a wrong key", 401, { error: "Invalid API key" }, "proxy-key-refused"],
    [
      "an unfinished configuration",
      403,
      { error: "unsafe_example_api_key", message: "Proxy API endpoints are disabled." },
      "proxy-setup",
    ],
    [
      "an unknown model",
      400,
      {
        error: {
          message: "unknown provider for model X",
          type: "invalid_request_error",
          code: "model_not_found",
          param: "model",
        },
      },
      "model-not-found",
    ],
    ["an unknown model before v7.2.121", 502, wrapped("unknown provider for model X"), "model-not-found"],
    [
      "a login without project",
      400,
      wrapped("antigravity auth missing project_id: x", "invalid_request_error"),
      "proxy-not-logged-in",
    ],
    [
      "a token that cannot be renewed",
      500,
      wrapped('Post "https://oauth2.googleapis.com/token": EOF'),
      "proxy-upstream-failed",
    ],
    [
      "a login that was withdrawn",
      401,
      wrapped('oauth2: "invalid_grant" "Token has been revoked"', "authentication_error"),
      "proxy-not-logged-in",
    ],
    [
      "a refused connection",
      500,
      wrapped('Post "http://host/v1": dial tcp 127.0.0.1:1: connect: connection refused'),
      "proxy-upstream-failed",
    ],
    [
      "an unknown host",
      500,
      wrapped('Post "http://host/v1": dial tcp: lookup host: no such host'),
      "proxy-upstream-failed",
    ],
    ["a dropped connection", 500, wrapped('Post "http://host/v1": EOF'), "connection-lost"],
    ["a dropped stream", 500, wrapped("unexpected EOF"), "connection-lost"],
    ["a reset", 502, wrapped("read tcp 1.2.3.4:5->6.7.8.9:443: read: connection reset by peer"), "connection-lost"],
    ["a web page from upstream", 502, wrapped("<html><title>Bad gateway</title></html>"), "foreign-answer"],
    [
      "the wrong path",
      400,
      wrapped("Model X is not supported on /v1/images/generations or /v1/images/edits. Use Y", "invalid_request_error"),
      "bad-request",
    ],
    ["a 500 in its own words", 500, wrapped("something"), "server-error"],
    [
      "a 403 in its own words",
      403,
      wrapped("something", "permission_error", "insufficient_quota"),
      "permission-denied",
    ],
    ["a path it does not know", 404, "", "foreign-answer"],
  ])("%s", (_name, status, body, code) => {
    expect(read(status, body).code).toBe(code);
  });

  test("a connection that was lost may have cost something, one that was never made has not", () => {
    expect(errorTable[read(500, wrapped('Post "http://h": EOF')).code].billed).toBe("maybe");
    expect(errorTable[read(500, wrapped('Post "http://h": dial tcp: refused')).code].billed).toBe("no");
  });

  test.each([
    [
      "reset_seconds",
      429,
      {
        error: {
          code: "model_cooldown",
          message: "All credentials for model X are cooling down via provider antigravity",
          reset_seconds: 98,
          reset_time: "1m37s",
        },
      },
      98_000,
    ],
    ["a weekly quota", 429, { error: { code: "model_cooldown", message: "m", reset_seconds: 599_961 } }, 599_961_000],
    ["a short rest", 429, wrapped("auth in short cooldown, 12s remaining", "rate_limit_error"), 12_000],
    [
      "no time at all: a minute",
      503,
      wrapped("auth_unavailable: no auth available (providers=antigravity, model=X)"),
      60_000,
    ],
    ["no time at all, older version", 500, wrapped("auth_unavailable: no auth available"), 60_000],
  ])("cooling down, with %s", (_name, status, body, retryAfterMs) => {
    expect(read(status, body)).toMatchObject({ code: "proxy-cooling-down", retryAfterMs });
  });
});

describe("what CLIProxyAPI passes on from Google", () => {
  test("keeps its meaning and its time", () => {
    const body = googleError(429, "RESOURCE_EXHAUSTED", "m", info("QUOTA_EXHAUSTED", { quotaResetDelay: "2h0m0s" }));
    expect(read(429, body)).toMatchObject({ code: "quota-exhausted", retryAfterMs: 7_200_000 });
    expect(
      read(429, googleError(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")),
    ).toMatchObject({
      code: "rate-limited",
    });
  });

  test.each([
    [
      403,
      googleError(
        403,
        "PERMISSION_DENIED",
        "This service has been disabled in this account for violation of Terms of Service.",
      ),
      "terms-violation",
    ],
    [403, googleError(403, "PERMISSION_DENIED", "m", info("VALIDATION_REQUIRED")), "account-blocked"],
    [403, googleError(403, "PERMISSION_DENIED", "m", info("UNSUPPORTED_CLIENT")), "client-not-supported"],
    [
      401,
      googleError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
      "proxy-not-logged-in",
    ],
    [500, googleError(500, "INTERNAL", "Internal error encountered."), "server-error"],
    [503, googleError(503, "UNAVAILABLE", "No capacity available for model X"), "overloaded"],
  ])("%d %j is %s", (status, body, code) => {
    expect(read(status, body).code).toBe(code);
  });
});

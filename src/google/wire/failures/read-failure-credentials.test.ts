// What is wrong with a key, a token, an account or a project. Bodies after google-apis facts §1.7 and §4, 2026-11-22.

import { describe, expect, test } from "vitest";
import type { AuthMethod } from "../../../core/route.ts";
import { googleError, info, readFailed as read } from "../testing/failed-answer.ts";

const vertexKey = { endpoint: "aiplatform", auth: "vertex-key" } as const;
const adc = { endpoint: "aiplatform", auth: "adc" } as const;
const serviceAccount = { endpoint: "aiplatform", auth: "service-account" } as const;
const oauth = { endpoint: "cloudcode-pa", auth: "oauth" } as const;

describe("credentials", () => {
  const invalid = googleError(
    400,
    "INVALID_ARGUMENT",
    "API key not valid. Please pass a valid API key.",
    info("API_KEY_INVALID"),
  );
  const tokenType = googleError(
    401,
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials.",
    info("ACCESS_TOKEN_TYPE_UNSUPPORTED"),
  );
  const noKeys = googleError(
    401,
    "UNAUTHENTICATED",
    "API keys are not supported by this API.",
    info("CREDENTIALS_MISSING"),
  );

  test.each([
    ["an invalid key", 400, invalid, {}, "key-invalid"],
    [
      "an invalid key in CLIProxyAPI's configuration",
      400,
      invalid,
      { endpoint: "cliproxyapi", auth: "proxy" },
      "key-invalid",
    ],
    [
      "an invalid key without details",
      400,
      googleError(400, "INVALID_ARGUMENT", "API key not valid."),
      {},
      "key-invalid",
    ],
    [
      "an expired key",
      400,
      googleError(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", info("API_KEY_INVALID")),
      {},
      "key-expired",
    ],
    ["an invalid key of the new kind", 401, tokenType, {}, "key-invalid"],
    ["a token of the wrong type", 401, tokenType, adc, "token-invalid"],
    [
      "a login of CLIProxyAPI's that is over",
      401,
      tokenType,
      { endpoint: "cliproxyapi", auth: "proxy" },
      "proxy-not-logged-in",
    ],
    ["a Vertex AI key at the Gemini API", 401, noKeys, {}, "key-wrong-backend"],
    [
      "a Gemini key at Vertex AI",
      403,
      googleError(403, "PERMISSION_DENIED", "blocked", info("API_KEY_SERVICE_BLOCKED")),
      vertexKey,
      "key-wrong-backend",
    ],
    [
      "a key without the API",
      403,
      googleError(403, "PERMISSION_DENIED", "blocked", info("API_KEY_SERVICE_BLOCKED")),
      {},
      "key-restricted",
    ],
    [
      "a key bound to web pages",
      403,
      googleError(403, "PERMISSION_DENIED", "m", info("API_KEY_HTTP_REFERRER_BLOCKED")),
      {},
      "key-restricted",
    ],
    [
      "a key bound to addresses",
      403,
      googleError(403, "PERMISSION_DENIED", "m", info("API_KEY_IP_ADDRESS_BLOCKED")),
      {},
      "key-restricted",
    ],
    [
      "a key bound to an app",
      403,
      googleError(403, "PERMISSION_DENIED", "m", info("API_KEY_ANDROID_APP_BLOCKED")),
      {},
      "key-restricted",
    ],
    [
      "no credential at all",
      403,
      googleError(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers."),
      {},
      "credential-missing",
    ],
    [
      "an expired token",
      401,
      googleError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
      serviceAccount,
      "token-invalid",
    ],
    [
      "two credentials",
      400,
      googleError(400, "INVALID_ARGUMENT", "Multiple authentication credentials received."),
      {},
      "bad-request",
    ],
    [
      "a missing permission",
      403,
      googleError(
        403,
        "PERMISSION_DENIED",
        "denied",
        info("IAM_PERMISSION_DENIED", { permission: "aiplatform.endpoints.predict" }),
      ),
      adc,
      "permission-denied",
    ],
    [
      "a foreign quota project",
      403,
      googleError(403, "PERMISSION_DENIED", "m", info("USER_PROJECT_DENIED")),
      adc,
      "permission-denied",
    ],
    [
      "an unknown denial",
      403,
      googleError(403, "PERMISSION_DENIED", "The caller does not have permission"),
      adc,
      "permission-denied",
    ],
    [
      "a suspended project",
      403,
      googleError(403, "PERMISSION_DENIED", "m", info("CONSUMER_SUSPENDED")),
      {},
      "account-blocked",
    ],
    [
      "a project without billing",
      403,
      googleError(
        403,
        "PERMISSION_DENIED",
        "This API method requires billing to be enabled.",
        info("BILLING_DISABLED"),
      ),
      adc,
      "billing-disabled",
    ],
    [
      "a country that is not served",
      400,
      googleError(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
      {},
      "location-not-supported",
    ],
    [
      "a violation of the terms",
      403,
      googleError(403, "PERMISSION_DENIED", "m", info("TOS_VIOLATION")),
      oauth,
      "terms-violation",
    ],
    [
      "a client that is no longer served",
      403,
      googleError(
        403,
        "PERMISSION_DENIED",
        "This client is no longer supported for Gemini Code Assist for individuals.",
      ),
      oauth,
      "client-not-supported",
    ],
  ] as const)("%s", (_name, status, body, more, code) => {
    expect(read(status, body, more).code).toBe(code);
  });

  test("the missing permission is named in the next step", () => {
    const body = googleError(
      403,
      "PERMISSION_DENIED",
      "denied",
      info("IAM_PERMISSION_DENIED", { permission: "aiplatform.endpoints.predict" }),
    );
    expect(read(403, body, adc).nextStep).toContain("aiplatform.endpoints.predict");
  });

  test.each([
    [{ activationUrl: "https://console.developers.google.com/apis/api/x/overview?project=123" }, []],
    [{}, ["https://console.developers.google.com/apis/api/x/overview?project=123"]],
  ])("an API that is off: the next step is its link (%j)", (metadata, links) => {
    const body = googleError(
      403,
      "PERMISSION_DENIED",
      "Generative Language API has not been used in project 123 before or it is disabled.",
      info("SERVICE_DISABLED", metadata),
      {
        "@type": "type.googleapis.com/google.rpc.Help",
        links: links.map((url) => ({ description: "activation", url })),
      },
    );
    expect(read(403, body)).toMatchObject({
      code: "api-disabled",
      nextStep: expect.stringContaining("https://console.developers.google.com/apis/api/x/overview?project=123,"),
    });
  });

  test("an API that is off, without details: the link comes from the sentence", () => {
    const message =
      "The API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis?project=1 then retry.";
    expect(read(403, googleError(403, "PERMISSION_DENIED", message)).nextStep).toContain(
      "https://console.developers.google.com/apis?project=1,",
    );
  });

  test.each([
    "https://evil.example/google.com",
    "http://console.developers.google.com/",
    "https://google.com.evil.example/",
    "https://a@google.com/",
    "javascript:alert(1)",
  ])("a link that is not Google's is not passed on as advice: %s", (activationUrl) => {
    const body = googleError(403, "PERMISSION_DENIED", "m", info("SERVICE_DISABLED", { activationUrl }));
    expect(read(403, body)).not.toHaveProperty("nextStep");
  });

  test("an account to be verified: the next step is its link", () => {
    const body = googleError(
      403,
      "PERMISSION_DENIED",
      "Verify your account to continue.",
      info("VALIDATION_REQUIRED", { validation_url: "https://accounts.google.com/v?x=1" }),
    );
    expect(read(403, body, oauth)).toMatchObject({
      code: "account-blocked",
      nextStep: expect.stringContaining("https://accounts.google.com/v?x=1"),
    });
  });
});

describe("the token endpoint", () => {
  test.each([
    ["invalid_grant", "adc", "token-invalid"],
    ["invalid_grant", "service-account", "token-invalid"],
    ["invalid_client", "adc", "credential-unreadable"],
    ["unauthorized_client", "adc", "credential-unreadable"],
    ["invalid_scope", "service-account", "scope-insufficient"],
  ] as const)("%s with %s is %s", (error, auth: AuthMethod, code) => {
    const body = { error, error_description: "Token has been expired or revoked." };
    expect(read(400, body, { endpoint: "aiplatform", auth })).toMatchObject({
      code,
      providerMessage: body.error_description,
    });
  });
});

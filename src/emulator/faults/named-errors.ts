// Errors that can be asked for by name: Google's common ones, Code Assist's, and CLIProxyAPI's own shapes.
// Leaves errors that follow from a request itself to the checks. Sources: facts on Google's APIs, section 4; facts on
// CLIProxyAPI, section 3 (measured on v7.2.140).

import { freeTierError } from "../credential-checks.ts";
import { errorInfo, type GoogleErrorParts, googleErrorBody, help, quotaFailure, retryInfo } from "../google-error.ts";
import type { JsonObject } from "../json.ts";
import { denseJsonReply, jsonReply, type Reply } from "../reply.ts";

/** What a named error may depend on. */
export interface NamedErrorContext {
  readonly model: string;
  /** Raw text of RetryInfo.retryDelay, where the error has one. */
  readonly retryDelay?: string;
}

const google =
  (make: (context: NamedErrorContext) => GoogleErrorParts) =>
  (context: NamedErrorContext): Reply => {
    const parts = make(context);
    return jsonReply(parts.code, googleErrorBody(parts));
  };

const proxy =
  (status: number, make: (model: string) => JsonObject, headers: Record<string, string> = {}) =>
  (context: NamedErrorContext): Reply =>
    denseJsonReply(status, make(context.model), headers);

function proxyError(message: string, type: string, code: string): JsonObject {
  return { error: { message, type, code } };
}

function quota(context: NamedErrorContext, quotaId: string, quotaValue: string, seconds: string): GoogleErrorParts {
  const metric = "generativelanguage.googleapis.com/generate_content_paid_tier_requests";
  const retryDelay = context.retryDelay ?? seconds;
  return {
    code: 429,
    message: `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. \n* Quota exceeded for metric: ${metric}, limit: ${quotaValue}, model: ${context.model}\nPlease retry in ${retryDelay}.`,
    details: [
      help("Learn more about Gemini API quotas", "https://ai.google.dev/gemini-api/docs/rate-limits"),
      quotaFailure({
        quotaMetric: metric,
        quotaId,
        quotaDimensions: { location: "global", model: context.model },
        quotaValue,
      }),
      retryInfo(retryDelay),
    ],
  };
}

/** The named errors; each makes its answer. */
export const namedErrors: Readonly<Record<string, (context: NamedErrorContext) => Reply>> = {
  "quota-per-minute": google((context) => quota(context, "GenerateRequestsPerMinutePerProjectPerModel", "10", "12s")),
  "quota-per-day": google((context) => quota(context, "GenerateRequestsPerDayPerProjectPerModel", "250", "44s")),
  "quota-zero": google(({ model }) => freeTierError(model)),
  "quota-short": google(() => ({ code: 429, message: "Resource has been exhausted (e.g. check quota)." })),
  "quota-vertex": google(() => ({
    code: 429,
    message:
      "Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
  })),
  "prepay-empty": google(() => ({
    code: 402,
    message: "Your prepayment credits are depleted. Please go to AI Studio to add credits.",
  })),
  "capacity-exhausted": google(({ model, retryDelay }) => ({
    code: 429,
    message: `No capacity available for model ${model} on the server`,
    details: [
      errorInfo("MODEL_CAPACITY_EXHAUSTED", "cloudcode-pa.googleapis.com", { model }),
      ...(retryDelay === undefined ? [] : [retryInfo(retryDelay)]),
    ],
  })),
  "quota-code-assist": google(({ model, retryDelay }) => ({
    code: 429,
    message: `You have exhausted your capacity on this model. Your quota will reset after ${retryDelay ?? "7200s"}.`,
    details: [
      errorInfo("QUOTA_EXHAUSTED", "cloudcode-pa.googleapis.com", { model, uiMessage: "true" }),
      retryInfo(retryDelay ?? "7200s"),
    ],
  })),
  overloaded: google(() => ({ code: 503, message: "The model is overloaded. Please try again later." })),
  internal: google(() => ({
    code: 500,
    message:
      "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
  })),
  deadline: google(() => ({ code: 504, message: "Deadline expired before operation could complete." })),
  cancelled: google(() => ({ code: 499, message: "The operation was cancelled." })),
  "location-unsupported": google(() => ({
    code: 400,
    status: "FAILED_PRECONDITION",
    message: "User location is not supported for the API use.",
  })),
  "unsupported-client": google(() => ({
    code: 403,
    message:
      "This client is no longer supported for Gemini Code Assist for individuals. To continue, migrate to the Antigravity suite.",
    details: [errorInfo("UNSUPPORTED_CLIENT", "cloudcode-pa.googleapis.com")],
  })),
  "tos-violation": google(() => ({
    code: 403,
    message: "This service has been disabled in this account for violation of Terms of Service.",
    details: [
      errorInfo("TOS_VIOLATION", "cloudcode-pa.googleapis.com", {
        appeal_url: "https://support.google.com/accounts/contact/appeal",
      }),
    ],
  })),
  "proxy-model-cooldown": proxy(429, (model) => ({
    error: {
      code: "model_cooldown",
      message: `All credentials for model ${model} are cooling down via provider antigravity`,
      model,
      provider: "antigravity",
      reset_seconds: 98,
      reset_time: "1m37s",
    },
  })),
  "proxy-auth-unavailable": proxy(503, (model) =>
    proxyError(
      `auth_unavailable: no auth available (providers=antigravity, model=${model})`,
      "server_error",
      "internal_server_error",
    ),
  ),
  "proxy-unknown-provider": proxy(400, (model) => ({
    error: {
      message: `unknown provider for model ${model}`,
      type: "invalid_request_error",
      code: "model_not_found",
      param: "model",
    },
  })),
  "proxy-unknown-provider-old": proxy(502, (model) =>
    proxyError(`unknown provider for model ${model}`, "server_error", "internal_server_error"),
  ),
  "proxy-missing-key": proxy(401, () => ({ error: "Missing API key" })),
  "proxy-invalid-key": proxy(401, () => ({ error: "Invalid API key" })),
  "proxy-example-key": proxy(
    403,
    () => ({
      error: "unsafe_example_api_key",
      message:
        "Proxy API endpoints are disabled because api-keys contains template values. Replace them in config.yaml with keys of your own and restart.",
    }),
    { "x-cpa-safe-mode": "example-api-key" },
  ),
  "proxy-no-project": proxy(400, () => ({
    error: { message: "antigravity auth missing project_id: run the login again", type: "invalid_request_error" },
  })),
  "proxy-upstream-refused": proxy(500, () =>
    proxyError(
      'Post "https://daily-cloudcode-pa.googleapis.com/v1internal:streamGenerateContent": dial tcp: connection refused',
      "server_error",
      "internal_server_error",
    ),
  ),
  "proxy-token-refresh": proxy(500, () =>
    proxyError('Post "https://oauth2.googleapis.com/token": EOF', "server_error", "internal_server_error"),
  ),
  "proxy-upstream-html": proxy(502, () =>
    proxyError("<html><title>502</title></html>", "server_error", "internal_server_error"),
  ),
  // With `nonstream-keepalive-interval` set, CLIProxyAPI has sent its 200 before it knows of the error.
  "proxy-late-error": () => ({
    status: 200,
    headers: { "content-type": "application/json" },
    pieces: [
      Buffer.from("\n\n\n"),
      Buffer.from(
        JSON.stringify(proxyError("auth_unavailable: no auth available", "server_error", "internal_server_error")),
      ),
    ],
  }),
  "proxy-empty": () => ({ status: 200, headers: {}, pieces: [] }),
};

// Whether a credential opens a Google service, and in whose words it is turned away when not.
// Any plausible key or token is good; some substrings ask for a known failure (see `specialKeys` and `specialTokens`).
// Leaves CLIProxyAPI's own keys to services/cliproxyapi.ts. Wording: facts on Google's APIs, sections 1.7 and 4 (2026-11).

import type { Credential } from "./credentials.ts";
import { errorInfo, help, localizedMessage, quotaFailure, refuse, retryInfo } from "./google-error.ts";
import type { Service } from "./hosts.ts";
import { type EmulatorCredentials, scopeOfToken, tokenHasExpired } from "./issued-credentials.ts";

/** The Google services that take credentials. */
type GoogleService = Extract<Service, "generativelanguage" | "aiplatform" | "cloudcode-pa">;

/** What the checks know of a call. */
export interface CallIdentity {
  readonly service: GoogleService;
  /** Full gRPC method, repeated in error metadata. */
  readonly grpcMethod: string;
  /** aiplatform: true when the path names a project, false on the express path. */
  readonly namesProject: boolean;
  readonly nowMs: number;
}

const serviceHosts: Readonly<Record<GoogleService, string>> = {
  generativelanguage: "generativelanguage.googleapis.com",
  aiplatform: "aiplatform.googleapis.com",
  "cloudcode-pa": "cloudcode-pa.googleapis.com",
};

const serviceTitles: Readonly<Record<GoogleService, string>> = {
  generativelanguage: "Generative Language API",
  aiplatform: "Vertex AI API",
  "cloudcode-pa": "Gemini for Google Cloud API",
};

/** Substrings of an API key that ask for a failure. Documented in docs/emulator.md. */
export const specialKeys = [
  "invalid",
  "expired",
  "blocked",
  "suspended",
  "api-disabled",
  "billing-disabled",
  "wrong-backend",
  "free-tier",
] as const;

/** Substrings of an access token that ask for a failure. Documented in docs/emulator.md. */
export const specialTokens = [
  "narrow",
  "expired",
  "invalid",
  "no-permission",
  "api-disabled",
  "suspended",
  "tos-violation",
  "validation-required",
] as const;

/** Stops the request unless exactly one good credential for this service came with it. */
export function checkCredential(
  credentials: readonly Credential[],
  call: CallIdentity,
  issued: EmulatorCredentials,
): Credential {
  const google = credentials.filter((credential) => !["x-api-key", "auth_token"].includes(credential.place));
  if (google.length > 1) {
    refuse({ code: 400, message: "Multiple authentication credentials received. Please pass only one." });
  }
  const credential = google[0];
  if (credential === undefined) return refuseAnonymous(call);
  if (credential.kind === "key") checkKey(credential.value, call, issued);
  else checkToken(credential, call);
  return credential;
}

function metadataOf(call: CallIdentity): Record<string, string> {
  return { service: serviceHosts[call.service], method: call.grpcMethod };
}

function refuseAnonymous(call: CallIdentity): never {
  if (call.service === "generativelanguage" || (call.service === "aiplatform" && !call.namesProject)) {
    return refuse({
      code: 403,
      message:
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    });
  }
  return refuse({
    code: 401,
    message:
      "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    details: [errorInfo("CREDENTIALS_MISSING", "googleapis.com", metadataOf(call))],
  });
}

function refuseKeyHere(call: CallIdentity): never {
  return refuse({
    code: 401,
    message:
      "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal. See https://cloud.google.com/docs/authentication",
    details: [errorInfo("CREDENTIALS_MISSING", "googleapis.com", metadataOf(call))],
  });
}

function refuseTokenType(call: CallIdentity): never {
  return refuse({
    code: 401,
    message:
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    details: [errorInfo("ACCESS_TOKEN_TYPE_UNSUPPORTED", null, metadataOf(call))],
  });
}

function refuseBlocked(call: CallIdentity): never {
  return refuse({
    code: 403,
    message: `Requests to this API ${serviceHosts[call.service]} method ${call.grpcMethod} are blocked.`,
    details: [
      errorInfo("API_KEY_SERVICE_BLOCKED", "googleapis.com", { ...metadataOf(call), consumer: "projects/123" }),
    ],
  });
}

function refuseInvalidKey(call: CallIdentity, message: string): never {
  return refuse({
    code: 400,
    message,
    details: [
      errorInfo("API_KEY_INVALID", "googleapis.com", { service: serviceHosts[call.service] }),
      localizedMessage(message),
    ],
  });
}

function checkKey(key: string, call: CallIdentity, issued: EmulatorCredentials): void {
  if (call.service === "cloudcode-pa") refuseKeyHere(call);
  const has = (part: string): boolean => key.toLowerCase().includes(part);
  if (has("invalid")) {
    // An AQ. key that was cut, deleted or mistyped is taken for a broken token (facts 1.7).
    if (key.startsWith("AQ.")) refuseTokenType(call);
    refuseInvalidKey(call, "API key not valid. Please pass a valid API key.");
  }
  if (has("expired")) refuseInvalidKey(call, "API key expired. Please renew the API key.");
  if (has("blocked")) refuseBlocked(call);
  refuseByProject(key, call);
  const isExpressKey = key === issued.vertexKey || has("express");
  if (call.service === "generativelanguage" && (isExpressKey || has("wrong-backend"))) refuseKeyHere(call);
  const isStudioKey = key === issued.authKey || key === issued.apiKey;
  if (call.service === "aiplatform" && (isStudioKey || has("wrong-backend"))) refuseBlocked(call);
}

function checkToken(credential: Credential, call: CallIdentity): void {
  const token = credential.value;
  if (credential.place === "bare-authorization" || /^(?:AIza|AQ\.)/.test(token)) refuseTokenType(call);
  if (tokenHasExpired(token, call.nowMs) || /invalid/i.test(token)) {
    refuse({
      code: 401,
      message:
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
      details: [errorInfo("ACCESS_TOKEN_EXPIRED", "googleapis.com", metadataOf(call))],
    });
  }
  const scope = scopeOfToken(token);
  if (scope === "narrow" || (scope === "generative-language" && call.service !== "generativelanguage")) {
    refuse({
      code: 403,
      message: "Request had insufficient authentication scopes.",
      details: [errorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com", metadataOf(call))],
    });
  }
  if (call.service === "aiplatform" && !call.namesProject) {
    refuse({
      code: 403,
      message: "Permission denied: the express path takes an API key; name a project to call with a token.",
    });
  }
  refuseByProject(token, call);
  if (/no-permission/i.test(token)) refusePermission(call);
  if (call.service === "cloudcode-pa") refuseByTerms(token);
}

function refusePermission(call: CallIdentity): never {
  const permission =
    call.service === "aiplatform" ? "aiplatform.endpoints.predict" : "cloudaicompanion.instances.completeTask";
  return refuse({
    code: 403,
    message: `Permission '${permission}' denied on resource '//${serviceHosts[call.service]}/projects/emulator-project' (or it may not exist).`,
    details: [
      errorInfo("IAM_PERMISSION_DENIED", serviceHosts[call.service], {
        permission,
        resource: "projects/emulator-project",
      }),
    ],
  });
}

/** Failures of the project behind a key or a token. */
function refuseByProject(value: string, call: CallIdentity): void {
  const service = serviceHosts[call.service];
  const has = (part: string): boolean => value.toLowerCase().includes(part);
  if (has("api-disabled")) {
    const title = serviceTitles[call.service];
    const url = `https://console.developers.google.com/apis/api/${service}/overview?project=123`;
    const message = `${title} has not been used in project 123 before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
    refuse({
      code: 403,
      message,
      details: [
        errorInfo("SERVICE_DISABLED", "googleapis.com", {
          service,
          serviceTitle: title,
          consumer: "projects/123",
          containerInfo: "123",
          activationUrl: url,
        }),
        localizedMessage(message),
        help("Google developers console API activation", url),
      ],
    });
  }
  if (has("suspended")) {
    refuse({
      code: 403,
      message: "Permission denied: Consumer 'projects/123' has been suspended.",
      details: [errorInfo("CONSUMER_SUSPENDED", "googleapis.com", { service, consumer: "projects/123" })],
    });
  }
  if (has("billing-disabled")) {
    const message = "This API method requires billing to be enabled. Please enable billing on project #123 then retry.";
    refuse({
      code: 403,
      message,
      details: [
        errorInfo("BILLING_DISABLED", "googleapis.com", { service, consumer: "projects/123" }),
        localizedMessage(message),
      ],
    });
  }
}

/** Code Assist's own refusals of an account (facts on CLIProxyAPI, section 6). */
function refuseByTerms(token: string): void {
  if (/tos-violation/i.test(token)) {
    refuse({
      code: 403,
      message: "This service has been disabled in this account for violation of Terms of Service.",
      details: [
        errorInfo("TOS_VIOLATION", "cloudcode-pa.googleapis.com", {
          appeal_url: "https://support.google.com/accounts/contact/appeal",
        }),
      ],
    });
  }
  if (/validation-required/i.test(token)) {
    refuse({
      code: 403,
      message: "Verify your account to continue.",
      details: [
        errorInfo("VALIDATION_REQUIRED", "cloudcode-pa.googleapis.com", {
          validation_url: "https://accounts.google.com/signin/continue",
        }),
      ],
    });
  }
}

/** Image models have no free tier: a key marked `free-tier` meets a quota of zero. */
export function refuseFreeTier(credential: Credential, model: string): void {
  if (!/free-tier/i.test(credential.value)) return;
  refuse(freeTierError(model));
}

/** The 429 of a project without billing. */
export function freeTierError(model: string): Parameters<typeof refuse>[0] {
  const metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
  return {
    code: 429,
    message: `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. To monitor your current usage, head to: https://ai.dev/rate-limit. \n* Quota exceeded for metric: ${metric}, limit: 0, model: ${model}\nPlease retry in 44.09s.`,
    details: [
      help("Learn more about Gemini API quotas", "https://ai.google.dev/gemini-api/docs/rate-limits"),
      quotaFailure({
        quotaMetric: metric,
        quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
        quotaDimensions: { location: "global", model },
      }),
      retryInfo("44s"),
    ],
  };
}

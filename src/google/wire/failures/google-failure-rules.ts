// Google's own errors: what its reasons and sentences mean. Source of all: google-apis facts §1.7 and §4, 2026-11-22.
// Where nothing here fits, the HTTP status decides (status-failure-rules).

import { type FailureRule, type FailureSight, googleLink, keyAuths, tokenAuths } from "./failure-rule.ts";

const NEW_EXPRESS_KEY =
  "Check the key, or make a new one at https://console.cloud.google.com/vertex-ai/studio/settings/api-keys.";

export const credentialRules: readonly FailureRule[] = [
  { code: "key-expired", auth: ["vertex-key"], says: /API key expired/i, nextStep: NEW_EXPRESS_KEY },
  { code: "key-expired", says: /API key expired/i },
  {
    code: "key-invalid",
    auth: ["proxy"],
    reason: /^API_KEY_INVALID$/,
    message: "Google does not accept the API key in CLIProxyAPI's own configuration.",
    nextStep: "Correct the key in CLIProxyAPI's config.yaml.",
  },
  { code: "key-invalid", auth: ["vertex-key"], reason: /^API_KEY_INVALID$/, nextStep: NEW_EXPRESS_KEY },
  { code: "key-invalid", reason: /^API_KEY_INVALID$/ },
  { code: "key-invalid", says: /API key not valid/i },
  {
    code: "key-wrong-backend",
    auth: keyAuths,
    says: /API keys are not supported by this API/i,
  },
  { code: "key-wrong-backend", auth: keyAuths, reason: /^CREDENTIALS_MISSING$/ },
  {
    // With a key in x-goog-api-key this is what an invalid, cut or deleted `AQ.` key gets.
    code: "key-invalid",
    auth: keyAuths,
    reason: /^ACCESS_TOKEN_TYPE_UNSUPPORTED$/,
    nextStep:
      "Check that the key is complete and still exists, and that it belongs to this service: --auth api-key for AI Studio, --auth vertex-key for Vertex AI express.",
  },
  {
    // A key from AI Studio is restricted to the Gemini API; on Vertex AI it is blocked.
    code: "key-wrong-backend",
    auth: ["vertex-key"],
    reason: /^API_KEY_SERVICE_BLOCKED$/,
  },
  {
    code: "key-restricted",
    reason: /^API_KEY_SERVICE_BLOCKED$/,
    message: "The key's restrictions do not include this API.",
    nextStep: "Allow the API in the key's restrictions in the Google Cloud console, or use another key.",
  },
  {
    code: "key-restricted",
    reason: /^API_KEY_IP_ADDRESS_BLOCKED$/,
    message: "The key may not be used from this address.",
  },
  {
    code: "key-restricted",
    reason: /^API_KEY_HTTP_REFERRER_BLOCKED$/,
    message: "The key may only be used from certain web pages.",
    nextStep: "Use a key without a referrer restriction.",
  },
  { code: "key-restricted", reason: /^API_KEY_[A-Z_]+_BLOCKED$/ },
  { code: "scope-insufficient", reason: /^ACCESS_TOKEN_SCOPE_INSUFFICIENT$/, nextStep: otherToken },
  { code: "scope-insufficient", says: /insufficient authentication scopes/i, nextStep: otherToken },
  { code: "scope-insufficient", shape: "oauth", reason: /^invalid_scope$/ },
  {
    code: "credential-missing",
    says: /unregistered callers/i,
    message: "The request reached Google without a credential.",
  },
  {
    code: "bad-request",
    says: /Multiple authentication credentials received/i,
    message: "Two credentials reached Google at once; something on the way may have added one.",
  },
  {
    code: "api-disabled",
    reason: /^SERVICE_DISABLED$/,
    nextStep: (sight) => switchOn(googleLink(sight)),
  },
  {
    code: "api-disabled",
    says: /has not been used in project .* before or it is disabled/i,
    nextStep: (sight) => switchOn(googleLink(sight)),
  },
  { code: "account-blocked", reason: /^(?:CONSUMER_SUSPENDED|ACCOUNT_STATE_INVALID)$/ },
  { code: "account-blocked", says: /\bhas been suspended\b/i },
  { code: "billing-disabled", reason: /^BILLING_DISABLED$/ },
  { code: "billing-disabled", says: /requires billing|billing (?:is|to be) (?:not |)enabled|enable billing/i },
  {
    code: "permission-denied",
    reason: /^IAM_PERMISSION_DENIED$/,
    nextStep: ({ body }) =>
      body.metadata["permission"] === undefined
        ? undefined
        : `Ask for the permission ${body.metadata["permission"]} in the project; the role Vertex AI User (roles/aiplatform.user) has it.`,
  },
  {
    code: "permission-denied",
    reason: /^USER_PROJECT_DENIED$/,
    message: "The account may not use this project for quota and billing.",
    nextStep: "Ask for the role Service Usage Consumer (roles/serviceusage.serviceUsageConsumer) in the project.",
  },
  {
    code: "permission-denied",
    reason: /^CONSUMER_INVALID$/,
    message: "The project does not exist, or the account may not see it.",
    nextStep: "Check --project-id.",
  },
  { code: "permission-denied", reason: /^SECURITY_POLICY_VIOLATED$/ },
  {
    code: "credential-unreadable",
    shape: "oauth",
    reason: /^(?:invalid_client|unauthorized_client)$/,
    message: "Google does not know the client in the credentials file.",
  },
  {
    code: "token-invalid",
    auth: ["service-account"],
    shape: "oauth",
    message: "Google does not accept the service account's signature.",
    nextStep:
      "Check this machine's clock and that the key still exists in the Google Cloud console; make a new key if not.",
  },
  {
    code: "token-invalid",
    shape: "oauth",
    message: "The login has expired or was withdrawn.",
    nextStep: "Sign in again: gcloud auth application-default login.",
  },
  { code: "location-not-supported", says: /location is not supported/i },
];

export const quotaRules: readonly FailureRule[] = [
  { code: "quota-zero", status: [429], says: /\blimit:\s*0(?![\d.])/i },
  { code: "quota-zero", status: [429], also: ({ body }) => body.hasZeroQuota },
  { code: "prepay-empty", reason: /^INSUFFICIENT_G1_CREDITS_BALANCE$/ },
  {
    code: "prepay-empty",
    status: [402, 429],
    says: /prepay|prepaid|credits? (?:balance )?(?:are|is|has been) (?:depleted|exhausted)/i,
  },
  {
    code: "overloaded",
    reason: /^MODEL_CAPACITY_EXHAUSTED$/,
    message: "Google has no capacity for this model at the moment.",
  },
  { code: "overloaded", says: /no capacity available|model is overloaded/i },
  { code: "quota-exhausted", status: [429], quota: /PerDay/i, message: "The quota for this day is used up." },
  { code: "quota-exhausted", reason: /^QUOTA_EXHAUSTED$/ },
  { code: "rate-limited", reason: /^RATE_LIMIT_EXCEEDED$/ },
];

// Above this a request can be what Google's misleading 404 means: 15 000 tokens of text fail, 10 000 pass
// (googleapis/python-genai issue 2397, 2026-05-08; about four characters a token).
const LARGE_REQUEST_BYTES = 40_000;

export const requestRules: readonly FailureRule[] = [
  {
    code: "input-too-large",
    status: [400],
    says: /(?:token count|payload size|request size).*exceed|exceeds the (?:maximum|limit)|too many tokens/i,
  },
  {
    code: "input-too-large",
    status: [404],
    says: /Requested entity was not found/i,
    also: ({ requestBytes }) => requestBytes !== null && requestBytes > LARGE_REQUEST_BYTES,
    message:
      "Google says it cannot find the model; for a request of this size that usually means that it is too large.",
  },
  {
    code: "model-not-found",
    says: /no longer available/i,
    message: "The provider has shut this model down, or no longer gives it to new users.",
    nextStep: ({ body }) => {
      const replacement = /\bto use (?:models\/)([\w.-]+\w)/i.exec(body.message)?.[1];
      return replacement === undefined ? undefined : `Use the model ${replacement} instead: -m ${replacement}.`;
    },
  },
  {
    code: "model-not-found",
    says: /^Publisher Model .* was not found/i,
    message: "Vertex AI does not serve this model in this location, or the project has no access to it.",
    nextStep: "Try --location global; see what is served with image-gen models or image-gen doctor.",
  },
  {
    code: "model-not-found",
    status: [400, 404],
    says: /is not found for API version|not supported for generateContent/i,
  },
  {
    code: "bad-request",
    status: [400],
    says: /aspect_ratio|aspectRatio/,
    message: "The provider does not take this aspect ratio for the model.",
    nextStep: "Take one of the ratios that the provider's message lists: --ar.",
  },
  {
    code: "bad-request",
    status: [400],
    says: /image_size|imageSize(?!Option)/,
    message: "The provider does not take this size for the model.",
    nextStep: "Take another size (1K is drawn by every model): --size.",
  },
  {
    code: "bad-request",
    status: [400],
    says: /does not support the requested response modalities/i,
    message: "This model does not draw pictures.",
    nextStep: "Choose an image model: image-gen models.",
  },
];

/** What remains when no reason and no sentence is known: who signed in tells what a 401 is about. */
export const unauthenticatedRules: readonly FailureRule[] = [
  { code: "key-invalid", status: [401], auth: keyAuths },
  { code: "token-invalid", status: [401], auth: tokenAuths },
  {
    code: "proxy-not-logged-in",
    status: [401],
    auth: ["proxy"],
    message: "Google does not accept CLIProxyAPI's login any more.",
  },
];

function switchOn(link: string | undefined): string | undefined {
  return link === undefined ? undefined : `Switch it on at ${link}, wait a minute and run the same command again.`;
}

/** A token that was handed in is not changed by signing in again: the new one must be handed in too. */
function otherToken({ auth }: FailureSight): string | undefined {
  return auth === "oauth"
    ? 'Sign in with the scope https://www.googleapis.com/auth/cloud-platform (gcloud auth application-default login), then hand in its token: export GOOGLE_OAUTH_ACCESS_TOKEN="$(gcloud auth application-default print-access-token)"'
    : undefined;
}

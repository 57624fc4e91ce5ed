// Errors that CLIProxyAPI makes itself, and those of Google accounts behind it. Source of all: cliproxyapi facts §3 and §6,
// measured on v7.2.140, 2026-08; issue texts up to 2026-09. Errors that it only passes on are in google-failure-rules.

import { type FailureRule, googleLink } from "./failure-rule.ts";

export const accountRules: readonly FailureRule[] = [
  { code: "terms-violation", reason: /^TOS_VIOLATION$/ },
  { code: "terms-violation", says: /disabled in this account for violation of Terms of Service/i },
  { code: "client-not-supported", reason: /^UNSUPPORTED_CLIENT$/ },
  {
    code: "client-not-supported",
    says: /client is no longer supported for Gemini Code Assist|version of Antigravity is no longer supported/i,
  },
  {
    code: "account-blocked",
    reason: /^VALIDATION_REQUIRED$/,
    message: "Google wants the account verified before it goes on.",
    nextStep: withLink((link) => `Sign in with the account at ${link} and verify it, then run the same command again.`),
  },
  {
    code: "account-blocked",
    says: /verify your account to continue/i,
    message: "Google wants the account verified before it goes on.",
    nextStep: withLink((link) => `Sign in with the account at ${link} and verify it, then run the same command again.`),
  },
];

export const proxyRules: readonly FailureRule[] = [
  { code: "proxy-key-refused", endpoint: "cliproxyapi", says: /^(?:Missing|Invalid) API key$/ },
  { code: "proxy-setup", reason: /^unsafe_example_api_key$/ },
  {
    // 400 since v7.2.121, 502 before. The same words for a wrong name, no login, and logins that are still loading.
    code: "model-not-found",
    says: /unknown provider for model/i,
    message: "CLIProxyAPI has no login or key that serves this model.",
    nextStep:
      "See what it serves: image-gen doctor. If it has no Google login: cli-proxy-api --antigravity-login. If it has just started, wait a moment.",
  },
  { code: "proxy-cooling-down", reason: /^model_cooldown$/ },
  { code: "proxy-cooling-down", says: /credentials for model .* are cooling down|auth in short cooldown/i },
  {
    // No time is given; its rest after a 5xx or a refused connection is 60 s (transient-error-cooldown-seconds).
    code: "proxy-cooling-down",
    says: /^auth_unavailable\b|no auth available/i,
    message: "CLIProxyAPI rests its only login after an earlier fault, and does not say which.",
    nextStep: "Wait a minute. If it stays: look at CLIProxyAPI's log, restart it, or log in again.",
    retryAfterMs: 60_000,
  },
  {
    code: "proxy-not-logged-in",
    says: /missing project_id/i,
    message: "CLIProxyAPI's Google login has no project, and none could be found.",
  },
  {
    // Before anything was asked of a model.
    code: "proxy-not-logged-in",
    endpoint: "cliproxyapi",
    says: /invalid_grant/i,
    message: "CLIProxyAPI's Google login has expired or was withdrawn.",
  },
  {
    code: "proxy-upstream-failed",
    says: /^Post "[^"]*oauth2[^"]*\/token"/i,
    message: "CLIProxyAPI could not renew its Google login, so nothing was asked of the model.",
  },
  {
    // Go's words for "the connection was never made".
    code: "proxy-upstream-failed",
    shape: "gateway",
    says: /dial (?:tcp|udp)|connection refused|no such host|network is unreachable|TLS handshake timeout|proxyconnect/i,
  },
  {
    // The connection was there and broke: the request may have gone through.
    code: "connection-lost",
    shape: "gateway",
    says: /\bEOF$|connection reset|broken pipe|i\/o timeout|context deadline exceeded|stream error|http2:/i,
    message: "CLIProxyAPI lost its connection to Google in the middle of the call.",
  },
  {
    code: "foreign-answer",
    shape: "gateway",
    says: /^\s*<(?:!doctype|html|head|\?xml)/i,
    message: "CLIProxyAPI got a web page instead of an answer from Google.",
  },
  {
    code: "bad-request",
    says: /is not supported on \/v1\/images/i,
    message: "CLIProxyAPI does not serve this model on that path.",
  },
];

function withLink(sentence: (link: string) => string): NonNullable<FailureRule["nextStep"]> {
  return (sight) => {
    const link = googleLink(sight);
    return link === undefined ? undefined : sentence(link);
  };
}

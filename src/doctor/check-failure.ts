// A failure as a check: named after what it is a failure of, and told as what it is here, where nothing is ever bought.

import { type ErrorCode, errorTable, type ExitCode } from "../core/error-table.ts";
import { isToolError, type Problem, reportError } from "../core/tool-error.ts";
import type { Check } from "./report.ts";

/** What was being looked at when a failure of this code came. */
const names: Readonly<Partial<Record<ErrorCode, string>>> = {
  "credential-missing": "credential",
  "credential-unreadable": "credential",
  "key-invalid": "credential",
  "key-expired": "credential",
  "key-restricted": "credential",
  "token-invalid": "credential",
  "proxy-key-refused": "credential",
  "key-wrong-backend": "back end",
  "auth-not-on-endpoint": "back end",
  "scope-insufficient": "scope",
  "project-missing": "project",
  "api-disabled": "API enabled",
  "permission-denied": "permission",
  "billing-disabled": "billing",
  "prepay-empty": "billing",
  "account-blocked": "account",
  "terms-violation": "account",
  "client-not-supported": "account",
  "location-not-supported": "location",
  "quota-zero": "quota",
  "quota-exhausted": "quota",
  "rate-limited": "quota",
  "model-unknown": "model",
  "model-retired": "model",
  "model-not-found": "model",
  "model-not-on-route": "model",
  "model-not-runnable": "model",
  "proxy-not-logged-in": "proxy login",
  "proxy-setup": "proxy setup",
  "proxy-without-image-model": "image models",
  "proxy-cooling-down": "cooling down",
  "config-invalid": "settings",
  "proxy-not-running": "reachable",
  "connect-failed": "reachable",
  "connect-timeout": "reachable",
  "connection-lost": "reachable",
  timeout: "reachable",
  "upload-interrupted": "reachable",
  "tls-failure": "reachable",
  "http-proxy-refused": "reachable",
  "foreign-answer": "reachable",
  "answer-too-large": "reachable",
  "answer-incomplete": "reachable",
};

/** Rows that warn of a bill end with "do not simply repeat": asking again costs nothing here. */
const FREE_NEXT_STEP =
  "Nothing was bought by asking. Check the network, HTTPS_PROXY and the base URLs, then run doctor again.";

/** What was thrown, as a failed check. */
export function failed(error: unknown): Check {
  if (!isToolError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { name: "doctor", status: "failed", message, nextStep: errorTable.internal.nextStep, code: "internal" };
  }
  const { code, message, nextStep, providerMessage, retryAfterSeconds } = reportError(error);
  const mayBeBilled = errorTable[code].billed !== "no" && error.details.nextStep === undefined;
  return {
    name: names[code] ?? "answer",
    status: "failed",
    message: retryAfterSeconds === null ? message : `${message} It may be asked again in ${retryAfterSeconds} s.`,
    nextStep: mayBeBilled ? FREE_NEXT_STEP : nextStep,
    code,
    ...(providerMessage === null ? {} : { providerMessage }),
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  };
}

/** A mistake of the settings, as a failed check. */
export function failedProblem({ code, message, allowed, suggestion }: Problem): Check {
  const nextStep =
    suggestion !== undefined
      ? `Did you mean ${suggestion}?`
      : allowed && allowed.length > 0
        ? `Allowed: ${allowed.join(", ")}.`
        : errorTable[code].nextStep;
  return { name: names[code] ?? "settings", status: "failed", message, nextStep, code };
}

/** "Perhaps billed" is no outcome of a free question: what it calls that is a passing fault. */
export function exitCodeOf({ code = "internal" }: Check): ExitCode {
  const { exit } = errorTable[code];
  return exit === errorTable.timeout.exit ? errorTable["connect-failed"].exit : exit;
}

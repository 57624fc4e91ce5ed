// An error answer becomes a Failure: which code, what was seen, when to come back. Rules are tried from the most exact to the HTTP status.
// Whether to try again is transport's decision; what a code means for the exit status stands in core's error table.

import { type ErrorCode, errorTable } from "../../../core/error-table.ts";
import type { Failure } from "../../../core/failure.ts";
import type { AuthMethod, EndpointName } from "../../../core/route.ts";
import { describeForeign, readFailureBody } from "./failure-body.ts";
import { type FailureRule, type FailureSight, fits } from "./failure-rule.ts";
import { credentialRules, quotaRules, requestRules, unauthenticatedRules } from "./google-failure-rules.ts";
import { accountRules, proxyRules } from "./proxy-failure-rules.ts";
import { readRetryAfter } from "./retry-after.ts";

/** By which way the request went. */
export interface FailureContext {
  readonly endpoint: EndpointName;
  readonly auth: AuthMethod;
  readonly model: string;
  /** Size of the request's body, if known: tells Google's misleading 404 for large requests from a wrong model. */
  readonly requestBytes?: number;
}

export interface FailedAnswer extends FailureContext {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** As text; the caller bounds it. */
  readonly body: string;
}

const rules: readonly FailureRule[] = [
  ...accountRules,
  ...proxyRules,
  ...credentialRules,
  ...quotaRules,
  ...requestRules,
  ...unauthenticatedRules,
];

const codeOfStatus: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [402, "prepay-empty"],
  [403, "permission-denied"],
  [404, "model-not-found"],
  [408, "server-timeout"],
  [409, "overloaded"],
  [413, "input-too-large"],
  [429, "rate-limited"],
  [499, "server-error"],
  [503, "overloaded"],
  [504, "server-timeout"],
]);

/** Vertex AI names no time (google-apis facts, 429): the usual next step speaks of the time that is given. */
const NO_TIME_TOLD =
  "No time to wait was told: run the same command again in a minute or two; if it stays, take another model or ask for a higher quota.";

/**
 * For every answer that is not a 200, and for an error object inside a 200 (`status` 200). Never throws.
 * `providerMessage` is as received: not redacted, not cleaned.
 *
 * An answer that is not in the provider's form is `foreign-answer` (perhaps billed), because something on the way may have
 * let the request through (reliability facts §1.3, 2026-11-22).
 */
export function readFailure(answer: FailedAnswer): Failure {
  const { status: httpStatus, headers, endpoint, auth, model } = answer;
  const body = readFailureBody(answer.body);
  const status = httpStatus < 300 ? (body.namedStatus ?? httpStatus) : httpStatus;
  const sight: FailureSight = { status, endpoint, auth, model, body, requestBytes: answer.requestBytes ?? null };
  const seen = { httpStatus, ...(body.message === "" ? {} : { providerMessage: body.message }) };
  if (httpStatus >= 300 && httpStatus < 400) return { ...foreign(redirected(headers["location"])), ...seen };
  if (body.shape === "foreign") {
    // Whoever it was: it did not take the request in.
    if (status === 413) return { code: "input-too-large", ...seen };
    return { ...foreign(describeStranger(httpStatus, answer.body)), ...seen };
  }
  const rule = rules.find((each) => fits(each, sight)) ?? ruleOfStatus(sight);
  const told = typeof rule.nextStep === "function" ? rule.nextStep(sight) : rule.nextStep;
  const retryAfterMs = waitFor(rule, readRetryAfter({ ...body, headers }));
  const nextStep = told ?? (rule.code === "rate-limited" && retryAfterMs === undefined ? NO_TIME_TOLD : undefined);
  return {
    code: rule.code,
    ...seen,
    ...(rule.message === undefined ? {} : { message: rule.message }),
    ...(nextStep === undefined ? {} : { nextStep }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function ruleOfStatus({ status, endpoint, body }: FailureSight): FailureRule {
  const isProvider = body.shape === "google" || endpoint === "cliproxyapi";
  if (status < 400 || (!isProvider && (status >= 500 || status === 403))) {
    return {
      code: "foreign-answer",
      message: `Something that does not speak like the provider answered (HTTP ${status}).`,
    };
  }
  const code = codeOfStatus.get(status);
  if (status === 499) return { code: "server-error", message: "The provider cancelled the call." };
  return { code: code ?? (status >= 500 ? "server-error" : "bad-request") };
}

/**
 * A time to come back is only told where coming back helps. Google tells some seconds for a quota of the day as well
 * (google-apis facts §7, 2026-11-22): they are those of the minute, and who waits them is refused again.
 */
function waitFor(rule: FailureRule, told: number | undefined): number | undefined {
  if (rule.quota !== undefined && rule.code === "quota-exhausted") return undefined;
  const helps = errorTable[rule.code].retryable || rule.code === "quota-exhausted";
  return helps ? (told ?? rule.retryAfterMs) : undefined;
}

function foreign(message: string): Failure {
  return { code: "foreign-answer", message };
}

function redirected(location: string | undefined): string {
  const host = location !== undefined && URL.canParse(location) ? new URL(location).host : "";
  return `The address sends elsewhere${host === "" ? "" : ` (to ${host})`}, which the provider's API never does; it was not followed.`;
}

function describeStranger(status: number, body: string): string {
  const words = describeForeign(body);
  return words === ""
    ? `The answer (HTTP ${status}) is empty.`
    : `Something that is not the provider answered (HTTP ${status}): "${words}".`;
}

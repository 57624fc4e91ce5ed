// May this call be made again, and after how long? Pure: what failed is decided elsewhere, waiting is the caller's.
// The rule is design §7: only when it is sure that nothing was bought.

import { type ErrorCode, errorTable } from "../core/error-table.ts";
import type { Failure } from "../core/failure.ts";

/** Calls of one purchase in all, the first included. Google's SRE book, ch. 21: three. */
const MOST_ATTEMPTS = 3;
const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 30_000;
/** Added to a time that the provider named, so that those who were told the same do not come back together. */
const MOST_JITTER_MS = 1_000;

export interface RetryQuestion {
  readonly failure: Failure;
  /** Calls made so far, the failed one included: 1 after the first. */
  readonly attempt: number;
  /** Already waited for this purchase. */
  readonly waitedMs: number;
  /** Most to wait for this purchase in all. Default 60 000. */
  readonly maxWaitMs?: number;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
}

export type RetryDecision =
  | { readonly retry: false }
  /** `reason`: half a sentence for the person who waits, in English, without a full stop. */
  | { readonly retry: true; readonly waitMs: number; readonly reason: string };

interface RetryRule {
  readonly mostAttempts: number;
  /** `required`: without a time from the provider there is no use in trying. */
  readonly providerTime: "ignored" | "obeyed" | "required";
  /** Part of the backoff that is waited whatever the dice say. */
  readonly floor: number;
  readonly reason: string;
}

const NO: RetryDecision = { retry: false };

const rules: Partial<Record<ErrorCode, RetryRule>> = {
  "connect-failed": { mostAttempts: 3, providerTime: "ignored", floor: 0, reason: "no connection could be made" },
  "connect-timeout": { mostAttempts: 3, providerTime: "ignored", floor: 0, reason: "the connection took too long" },
  "upload-interrupted": {
    mostAttempts: 3,
    providerTime: "ignored",
    floor: 0,
    reason: "the connection broke before the request was handed over",
  },
  "rate-limited": { mostAttempts: 3, providerTime: "obeyed", floor: 0.5, reason: "too many requests" },
  overloaded: { mostAttempts: 3, providerTime: "obeyed", floor: 0.5, reason: "the model is overloaded" },
  "server-error": { mostAttempts: 2, providerTime: "obeyed", floor: 0, reason: "the provider had an internal error" },
  "server-timeout": { mostAttempts: 2, providerTime: "obeyed", floor: 0, reason: "the provider ran out of time" },
  "proxy-cooling-down": { mostAttempts: 3, providerTime: "required", floor: 0, reason: "CLIProxyAPI is cooling down" },
};

/** Decides by the table above. A failure that may have been billed is never tried again, whatever the table says. */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { failure, attempt, random } = question;
  // 499: somebody on Google's side hung up for us; whether the picture was begun it does not say (reliability facts, row A13).
  if (failure.httpStatus === 499) return NO;
  const rule = rules[failure.code];
  const billed = failure.billed ?? errorTable[failure.code].billed;
  if (!rule || billed !== "no" || attempt >= rule.mostAttempts || attempt >= MOST_ATTEMPTS) return NO;

  const leftMs = (question.maxWaitMs ?? 60_000) - question.waitedMs;
  if (!(leftMs > 0)) return NO;

  const askedMs = rule.providerTime === "ignored" ? null : providerMs(failure.retryAfterMs);
  if (askedMs === null && rule.providerTime === "required") return NO;
  if (askedMs !== null && askedMs > leftMs) return NO;
  const wantedMs =
    askedMs === null
      ? backoffMs(attempt, rule.floor, random)
      : askedMs + random() * Math.min(MOST_JITTER_MS, askedMs / 2);
  return { retry: true, waitMs: Math.min(wantedMs, leftMs), reason: rule.reason };
}

/** Full jitter over a ceiling that doubles, of which `floor` is certain. */
function backoffMs(attempt: number, floor: number, random: () => number): number {
  const ceilingMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
  return ceilingMs * (floor + (1 - floor) * random());
}

/** A time to wait that can be believed, or nothing. */
function providerMs(ms: number | undefined): number | null {
  return ms !== undefined && ms >= 0 ? ms : null;
}

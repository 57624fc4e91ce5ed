// The deadline that we give the server: below our own, so that it says "504, not charged" before we hang up without knowing.

import type { HttpCall } from "../core/http-call.ts";

/**
 * Seconds for `X-Server-Timeout`: a minute less than the whole call, but at least 80 % of it: 240 for 300.
 * `null` when the call is too short for a whole second below it.
 *
 * Google's own SDK sends the header and Google was seen to cut at it (100 s after 101 s, 600 s after 601 s):
 * reliability facts §0.4, 2026-11-22. The SDK sets it to the client's own limit, which leaves the outcome open.
 */
export function serverTimeoutSeconds(totalMs: number): number | null {
  const seconds = Math.floor(Math.max(totalMs - 60_000, totalMs * 0.8) / 1000);
  return seconds >= 1 ? seconds : null;
}

/** The call with the header, unless it brings its own. */
export function withServerTimeout(call: HttpCall, totalMs: number): HttpCall {
  const seconds = serverTimeoutSeconds(totalMs);
  if (seconds === null || "x-server-timeout" in call.headers) return call;
  return { ...call, headers: { ...call.headers, "x-server-timeout": String(seconds) } };
}

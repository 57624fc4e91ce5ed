// Is this machine's clock right? Tokens of a clock that is minutes off are refused, with an error that does not say why.

import type { HttpHead } from "../core/http-call.ts";
import { type Check, warning } from "./report.ts";

/** Google refuses assertions that are more than some minutes off (RFC 7523, and measured reports). */
const MOST_MS = 5 * 60_000;

/** A warning, or `null` when the clock is right or the answer does not tell the time. */
export function checkClock({ headers }: HttpHead, nowMs: number): Check | null {
  const serverMs = Date.parse(headers["date"] ?? "");
  const offMs = nowMs - serverMs;
  if (!Number.isFinite(offMs) || Math.abs(offMs) <= MOST_MS) return null;
  const minutes = Math.round(Math.abs(offMs) / 60_000);
  return warning(
    "clock",
    `This machine's clock is ${minutes} minutes ${offMs > 0 ? "ahead of" : "behind"} the server's.`,
    "Set the clock; signed tokens are refused when it is wrong.",
  );
}

// Is this machine's clock right? Tokens of a clock that is minutes off are refused, with an error that does not say why.

import type { Clock } from "../core/clock.ts";
import type { SendSmall } from "../core/http-call.ts";
import { type Check, warning } from "./report.ts";

/** Google refuses assertions that are more than some minutes off (RFC 7523, and measured reports). */
const MOST_MS = 5 * 60_000;

/** A sender that looks at the `date` of every answer, refusals included: the token server's is the one that matters. */
export interface ClockWitness {
  readonly send: SendSmall;
  /** A warning, or `null` when the clock is right or no answer told the time. */
  check(): Check | null;
}

export function watchClock(send: SendSmall, clock: Clock): ClockWitness {
  let offMs = 0;
  return {
    async send(call, limits) {
      const answer = await send(call, limits);
      const seenMs = clock.now() - Date.parse(answer.headers["date"] ?? "");
      if (Number.isFinite(seenMs)) offMs = seenMs;
      return answer;
    },
    check() {
      if (Math.abs(offMs) <= MOST_MS) return null;
      const minutes = Math.round(Math.abs(offMs) / 60_000);
      return warning(
        "clock",
        `This machine's clock is ${minutes} minutes ${offMs > 0 ? "ahead of" : "behind"} the server's.`,
        "Set the clock; signed tokens are refused when it is wrong.",
      );
    },
  };
}

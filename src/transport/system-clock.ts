// The machine's own time. The one place of the library that waits for real; everything else takes a Clock.

import type { Clock } from "../core/clock.ts";

/** The longest that one timer can wait; Node fires anything longer at once. Source: Node 20 documentation of setTimeout, 2026-11. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The real {@link Clock}. A sleep keeps the process alive, holds no timer once it is aborted, and may last longer than one timer can. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(reasonOf(signal));
        return;
      }
      // NaN counts as nothing to wait for.
      let leftMs = ms > 0 ? ms : 0;
      let timer: NodeJS.Timeout;
      const abort = (): void => {
        clearTimeout(timer);
        if (signal) reject(reasonOf(signal));
      };
      const wait = (): void => {
        const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
        timer = setTimeout(() => {
          leftMs -= stepMs;
          if (leftMs > 0) {
            wait();
            return;
          }
          signal?.removeEventListener("abort", abort);
          resolve();
        }, stepMs);
      };
      signal?.addEventListener("abort", abort, { once: true });
      wait();
    }),
};

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error("The wait was aborted.", { cause: reason });
}

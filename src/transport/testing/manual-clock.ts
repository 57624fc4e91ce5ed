// A clock that stands still until a test moves it.

import type { Clock } from "../../core/clock.ts";

export interface ManualClock extends Clock {
  /** Moves the time and wakes every sleep that is due, in order. */
  advance(ms: number): void;
  /** Sleeps that are still waiting. */
  sleeping(): number;
}

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

export function createManualClock(startMs = 1_000): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleeping: () => sleepers.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(new Error("aborted", { cause: signal.reason }));
          return;
        }
        const sleeper: Sleeper = {
          atMs: nowMs + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(new Error("aborted", { cause: signal?.reason }));
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
    advance(ms) {
      nowMs += ms;
      const due = [...sleepers].filter((sleeper) => sleeper.atMs <= nowMs).toSorted((a, b) => a.atMs - b.atMs);
      for (const sleeper of due) sleeper.wake();
    },
  };
}

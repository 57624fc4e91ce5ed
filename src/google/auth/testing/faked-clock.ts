// For tests: a clock that stands still until it is told, and whose sleeps pass at once.

import type { Clock } from "../../../core/clock.ts";

export interface FakedClock extends Clock {
  advance(ms: number): void;
  readonly slept: readonly number[];
}

export function fakedClock(startMs = Date.UTC(2026, 10, 22)): FakedClock {
  let passedMs = 0;
  const slept: number[] = [];
  return {
    now: () => startMs + passedMs,
    monotonic: () => passedMs,
    sleep: (ms) => {
      slept.push(ms);
      passedMs += ms;
      return Promise.resolve();
    },
    advance: (ms) => {
      passedMs += ms;
    },
    slept,
  };
}

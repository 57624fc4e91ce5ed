// A clock on which waits between attempts are over at once, and the time is that much later; deadlines run as they are.

import type { Clock } from "../../core/clock.ts";
import { systemClock } from "../system-clock.ts";

/** Deadlines are 10 s and more: what is shorter is a wait between attempts. */
const SHORTEST_DEADLINE_MS = 10_000;

export function createImpatientClock(): Clock {
  let skippedMs = 0;
  return {
    now: () => systemClock.now() + skippedMs,
    monotonic: () => systemClock.monotonic() + skippedMs,
    sleep: async (ms, signal) => {
      if (ms >= SHORTEST_DEADLINE_MS) return await systemClock.sleep(ms, signal);
      signal?.throwIfAborted();
      skippedMs += ms;
      // Who waits for somebody else must let him work.
      await new Promise((settle) => {
        setImmediate(settle);
      });
    },
  };
}

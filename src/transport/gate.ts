// The gate: when the provider has told one call to come back later, all calls of this process for the same
// endpoint, credential and model wait. How long is right is retry.ts' business; other processes are the ledger's.

import type { Clock } from "../core/clock.ts";

export interface Gate {
  /** Closes the gate of `key` until `clock.monotonic()` reaches `untilMs`. An earlier time than the one that holds changes nothing. */
  hold(key: string, untilMs: number): void;
  /** Milliseconds that `pass` would wait now; 0 when the gate is open. */
  waitMs(key: string): number;
  /** Resolves when the gate of `key` is open, also when it was held longer meanwhile; rejects with the signal's reason when aborted. */
  pass(key: string, signal?: AbortSignal): Promise<void>;
}

/** An open gate for every key. The key names endpoint, credential and model, and holds no secret: it stays in memory and may be shown. */
export function createGate(clock: Clock): Gate {
  const closedUntil = new Map<string, number>();

  const waitMs = (key: string): number => {
    const untilMs = closedUntil.get(key);
    if (untilMs === undefined) return 0;
    const leftMs = untilMs - clock.monotonic();
    if (leftMs > 0) return leftMs;
    closedUntil.delete(key);
    return 0;
  };

  return {
    hold(key, untilMs) {
      if (untilMs > (closedUntil.get(key) ?? Number.NEGATIVE_INFINITY)) closedUntil.set(key, untilMs);
    },
    waitMs,
    async pass(key, signal) {
      signal?.throwIfAborted();
      for (let leftMs = waitMs(key); leftMs > 0; leftMs = waitMs(key)) await clock.sleep(leftMs, signal);
    },
  };
}

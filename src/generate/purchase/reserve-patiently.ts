// A reservation that waits while only running calls fill the budget.

import type { Clock } from "../../core/clock.ts";
import { isToolError } from "../../core/tool-error.ts";
import type { Ledger } from "../../spend/ledger/ledger.ts";
import type { Reservation, ReserveRequest } from "../../spend/ledger/reserve.ts";

/** Between two looks at a budget that running calls have filled. */
const LOOK_AGAIN_MS = 150;

export interface PatienceInput {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxWaitMs: number;
  readonly signal: AbortSignal | undefined;
  /** Told once, when the waiting begins. */
  readonly tellWaiting: (waitMs: number, reason: string) => void;
  /** Resolves what dead processes have left, so that their holds are in nobody's way. */
  readonly recover: () => Promise<void>;
}

/** Throws what `reserve` throws, when waiting does not help or has lasted too long. */
export async function reservePatiently(input: PatienceInput, wanted: ReserveRequest): Promise<Reservation> {
  const { ledger, clock, maxWaitMs, signal } = input;
  const untilMs = clock.monotonic() + maxWaitMs;
  let hasTold = false;
  for (;;) {
    try {
      return ledger.reserve(wanted);
    } catch (error) {
      if (!isToolError(error) || error.code !== "over-budget" || !ledger.fitsWithoutRunningCalls(wanted)) throw error;
      const leftMs = untilMs - clock.monotonic();
      if (leftMs <= 0) throw error;
      if (!hasTold) input.tellWaiting(leftMs, "running calls hold the budget");
      hasTold = true;
      await input.recover();
      await clock.sleep(Math.min(leftMs, LOOK_AGAIN_MS * (0.5 + input.random())), signal);
    }
  }
}

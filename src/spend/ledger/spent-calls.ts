// Spent calls: each call that was billed or may have been, with its moment, so that others can sum them by their own days.

import type { MicroUsd } from "../../core/money.ts";
import type { Database } from "./database.ts";

export interface SpentCall {
  /** When the request left; milliseconds since 1970. */
  readonly atMs: number;
  /** The id on the wire. */
  readonly model: string;
  /** Captured, or settled as paid; 0 for an unknown call. */
  readonly spentMicroUsd: MicroUsd;
  /** The hold of a call whose outcome is unknown; else 0. */
  readonly unknownMicroUsd: MicroUsd;
}

/** Oldest first. Without rehearsals and what a subscription made. */
export function spentCalls(database: Database): SpentCall[] {
  return database
    .all<SpentCall>(
      `SELECT coalesce(sent_at_ms, ended_at_ms, reserved_at_ms) AS atMs, model,
         iif(state = 'unknown', 0, counted) AS spentMicroUsd, iif(state = 'unknown', counted, 0) AS unknownMicroUsd
       FROM calls
       WHERE counts = 1 AND (state IN ('captured', 'unknown') OR (state = 'settled' AND paid = 1))
       ORDER BY atMs, ordinal`,
    )
    .map((row) => ({ ...row }));
}

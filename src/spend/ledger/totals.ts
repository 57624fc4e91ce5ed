// Totals: what was spent, by day, month, project, model or route; the estimate against the true cost; and what went
// otherwise than hoped. Rehearsals are left out.

import type { MicroUsd } from "../../core/money.ts";
import type { Database } from "./database.ts";
import { bucketMark, isClipSql } from "./operation-kind.ts";

export const totalsBy = ["all", "day", "month", "project", "model", "route"] as const;
export type TotalsBy = (typeof totalsBy)[number];

export interface Totals {
  /** `2026-11-24`, `2026-11`, a project or model, `aiplatform/adc`; empty for no project and for `all`. */
  readonly key: string;
  readonly calls: number;
  readonly pictures: number;
  /** Published, or left in the caller's bucket. */
  readonly clips: number;
  /** Captured, and settled as paid. */
  readonly spentMicroUsd: MicroUsd;
  /** What was said before for the same calls. */
  readonly estimatedMicroUsd: MicroUsd;
  /** Held by running calls. */
  readonly heldMicroUsd: MicroUsd;
  /** Held by calls of unknown outcome. */
  readonly unknownMicroUsd: MicroUsd;
  /** List price of what a subscription route made; not billed. */
  readonly unmeteredListPriceMicroUsd: MicroUsd;
  readonly unknownCalls: number;
  /** Attempts beyond the first. */
  readonly retries: number;
  /** Refused by the provider without a bill, or answered without a picture. */
  readonly refusals: number;
}

const keys: Readonly<Record<TotalsBy, string>> = {
  all: "''",
  day: "calls.day",
  month: "substr(calls.day, 1, 7)",
  project: "calls.project",
  model: "calls.model",
  route: "operations.endpoint || '/' || operations.auth",
};

/** In the order of the keys; for `all` one row, also when the ledger is empty. */
export function totals(database: Database, by: TotalsBy): Totals[] {
  const ended = "state = 'captured' OR (state = 'settled' AND paid = 1)";
  // What lies in a bucket has no file here; its address stands where other answers have their id.
  const hasResult = `(picture_path IS NOT NULL OR (state = 'captured' AND error IS NULL AND coalesce(response_id, '') LIKE '${bucketMark}%'))`;
  const running = "state IN ('reserved', 'sent', 'answered')";
  return database
    .all<Totals>(
      `SELECT
       ${keys[by]} AS key,
       count(*) AS calls,
       coalesce(sum(${hasResult} AND NOT (${isClipSql})), 0) AS pictures,
       coalesce(sum((${isClipSql}) AND ${hasResult}), 0) AS clips,
       coalesce(sum(iif(${ended}, counted, 0)), 0) AS spentMicroUsd,
       coalesce(sum(iif(counts AND (${ended}), estimate_micro_usd, 0)), 0) AS estimatedMicroUsd,
       coalesce(sum(iif(${running}, counted, 0)), 0) AS heldMicroUsd,
       coalesce(sum(iif(state = 'unknown', counted, 0)), 0) AS unknownMicroUsd,
       coalesce(sum(iif(metered = 0 AND state = 'captured', list_price_micro_usd, 0)), 0) AS unmeteredListPriceMicroUsd,
       coalesce(sum(state = 'unknown'), 0) AS unknownCalls,
       coalesce(sum(max(attempts - 1, 0)), 0) AS retries,
       coalesce(sum(state = 'rejected' OR (state = 'captured' AND NOT ${hasResult})), 0) AS refusals
     FROM calls JOIN operations ON operations.id = calls.operation
     WHERE rehearsal = 0
     ${by === "all" ? "" : `GROUP BY ${keys[by]} ORDER BY key`}`,
    )
    .map((row) => ({ ...row }));
}

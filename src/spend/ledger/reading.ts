// Reading: the questions that can be put to a ledger without changing it.

import type { Cap } from "../../core/cap.ts";
import type { Clock } from "../../core/clock.ts";
import { type BudgetMoment, type CapStanding, capStanding } from "./caps.ts";
import type { Database } from "./database.ts";
import { type HistoryEntry, type HistoryOptions, history, openOperations } from "./history.ts";
import { readMeta } from "./meta.ts";
import { type CallRecord, type OperationRecord, readOperations } from "./records.ts";
import { type SpentCall, spentCalls } from "./spent-calls.ts";
import { type Totals, type TotalsBy, totals } from "./totals.ts";
import { dayOf, laterDay } from "./windows.ts";

export interface LedgerReading {
  operation(id: string): OperationRecord | undefined;
  operationOfCall(id: string): OperationRecord | undefined;
  /** The first call that made exactly this file: a picture or a clip. */
  callOfPicture(sha256: string): CallRecord | undefined;
  /** Operations with a call that is reserved, sent, answered or unknown; oldest first. */
  openOperations(): OperationRecord[];
  /** Newest first; `limit` 0 gives all. */
  history(options: HistoryOptions): HistoryEntry[];
  totals(options: { readonly by: TotalsBy }): Totals[];
  /** What stands against each cap now. */
  standings<Kind extends Cap>(caps: readonly Kind[], run: string): CapStanding<Kind>[];
  /** What was billed, or may have been, call by call, oldest first. */
  spentCalls(): SpentCall[];
}

export function readingOf(database: Database, clock: Clock): LedgerReading {
  const one = (sql: string, value: string): OperationRecord | undefined => readOperations(database, sql, value)[0];
  return {
    operation: (id) => one("SELECT * FROM operations WHERE id = ?", id),
    operationOfCall: (id) => one("SELECT * FROM operations WHERE id = (SELECT operation FROM calls WHERE id = ?)", id),
    callOfPicture: (sha256) =>
      one(
        "SELECT * FROM operations WHERE id = (SELECT operation FROM calls WHERE picture_sha256 = ? ORDER BY reserved_at_ms LIMIT 1)",
        sha256,
      )?.calls.find(({ picture }) => picture?.sha256 === sha256),
    openOperations: () => openOperations(database),
    history: (options) => history(database, options),
    totals: ({ by }) => totals(database, by),
    standings: (caps, run) => caps.map((cap) => capStanding(database, cap, budgetMoment(database, clock, run))),
    spentCalls: () => spentCalls(database),
  };
}

/** The windows that are open now; none that was left opens again because a clock went back. */
export function budgetMoment(database: Database, clock: Clock, run: string): BudgetMoment {
  const nowMs = clock.now();
  const meta = readMeta(database);
  return { run, nowMs, day: laterDay(dayOf(Math.max(nowMs, meta.clockHighMs)), meta.dayHigh) };
}

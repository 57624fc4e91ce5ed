// Caps: what a budget is, how several combine, and what stands against each. A cap is only ever added to the others,
// so whoever may add one (an agent, a command line) can lower what may be spent and never raise it.

import type { Cap } from "../../core/cap.ts";
import type { MicroUsd } from "../../core/money.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Database, SqlValue } from "./database.ts";
import { damaged } from "./failures.ts";
import { monthOf, renewsAtMs } from "./windows.ts";

/** Where a cap is looked at: the windows that are open now and the run that asks. */
export interface BudgetMoment {
  readonly run: string;
  readonly day: string;
  readonly nowMs: number;
}

/** What stands against one cap. */
export interface CapStanding<Kind extends Cap = Cap> {
  readonly cap: Kind;
  /** Captured, and settled as paid. */
  readonly spentMicroUsd: MicroUsd;
  /** Held by calls that run or whose outcome is unknown. */
  readonly heldMicroUsd: MicroUsd;
  /** How many calls hold it. */
  readonly unresolvedCalls: number;
  /** The part of it that calls of unknown outcome hold. */
  readonly unknownMicroUsd: MicroUsd;
  /** How many of those are `unknown`: they hold until a person settles them. */
  readonly unknownCalls: number;
  /** Negative after an overrun or when the cap was lowered. */
  readonly leftMicroUsd: MicroUsd;
  /** Milliseconds since 1970; `null` for a window that never renews. */
  readonly renewsAtMs: number | null;
}

/** Every cap of every list; of caps on the same things the lowest. Throws `config-invalid` for a limit that is no amount. */
export function combineCaps<Kind extends Cap>(...lists: readonly (readonly Kind[])[]): Kind[] {
  const lowest = new Map<string, Kind>();
  for (const cap of lists.flat()) {
    assertCap(cap);
    const key = JSON.stringify([cap.window, cap.project ?? null, cap.model ?? null]);
    const known = lowest.get(key);
    if (!known || cap.limitMicroUsd < known.limitMicroUsd) lowest.set(key, cap);
  }
  return [...lowest.values()];
}

/** Throws `config-invalid` unless the limit is a whole, non-negative number of micro-dollars. */
function assertCap({ limitMicroUsd }: Cap): void {
  if (Number.isSafeInteger(limitMicroUsd) && limitMicroUsd >= 0) return;
  throw new ToolError("config-invalid", {
    message: `A budget must be a whole number of micro-dollars from 0, not ${String(limitMicroUsd)}.`,
  });
}

/** Whether a call of this project and model falls under the cap. */
export function capApplies(cap: Cap, call: { readonly project: string; readonly model: string }): boolean {
  return (cap.project ?? call.project) === call.project && (cap.model ?? call.model) === call.model;
}

/**
 * What counts against the cap: captured, unknown and held. Summed twice from separate tables, so that a flipped bit in
 * either is seen before money goes out. Throws `ledger-damaged` when the two differ.
 */
export function countedAgainst(database: Database, cap: Cap, moment: BudgetMoment): MicroUsd {
  const { condition, values } = scope(cap, moment);
  const rows = database.get<Sums>(
    `SELECT coalesce(sum(counted), 0) AS counted, count(*) AS calls FROM calls WHERE counts = 1${condition}`,
    ...values,
  );
  const totals = database.get<Sums>(
    `SELECT coalesce(sum(counted), 0) AS counted, coalesce(sum(calls), 0) AS calls FROM totals WHERE 1 = 1${condition}`,
    ...values,
  );
  if (!rows || !totals || rows.counted !== totals.counted || rows.calls !== totals.calls) {
    throw damaged("its sums do not agree with each other");
  }
  return rows.counted;
}

interface Sums {
  readonly counted: number;
  readonly calls: number;
}

interface Detail {
  readonly held: number;
  readonly unresolved: number;
  readonly unknown: number;
  readonly unknownHeld: number;
}

/** The sums apart, for people. Slower than {@link countedAgainst}. */
export function capStanding<Kind extends Cap>(database: Database, cap: Kind, moment: BudgetMoment): CapStanding<Kind> {
  assertCap(cap);
  const counted = countedAgainst(database, cap, moment);
  const { condition, values } = scope(cap, moment);
  const detail = database.get<Detail>(
    `SELECT coalesce(sum(counted), 0) AS held, count(*) AS unresolved, coalesce(sum(state = 'unknown'), 0) AS unknown,
       coalesce(sum(iif(state = 'unknown', counted, 0)), 0) AS unknownHeld
     FROM calls INDEXED BY calls_open
     WHERE state IN ('reserved', 'sent', 'answered', 'unknown') AND counts = 1${condition}`,
    ...values,
  );
  const held = detail?.held ?? 0;
  return {
    cap,
    spentMicroUsd: counted - held,
    heldMicroUsd: held,
    unresolvedCalls: detail?.unresolved ?? 0,
    unknownMicroUsd: detail?.unknownHeld ?? 0,
    unknownCalls: detail?.unknown ?? 0,
    leftMicroUsd: cap.limitMicroUsd - counted,
    renewsAtMs: renewsAtMs(cap.window, moment.day),
  };
}

function scope(cap: Cap, { run, day }: BudgetMoment): { condition: string; values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...more: SqlValue[]): void => {
    conditions.push(` AND ${condition}`);
    values.push(...more);
  };
  if (cap.window === "run") add("run = ?", run);
  if (cap.window === "day") add("day = ?", day);
  if (cap.window === "month") add("day BETWEEN ? AND ?", `${monthOf(day)}-01`, `${monthOf(day)}-31`);
  if (cap.project !== undefined) add("project = ?", cap.project);
  if (cap.model !== undefined) add("model = ?", cap.model);
  return { condition: conditions.join(""), values };
}

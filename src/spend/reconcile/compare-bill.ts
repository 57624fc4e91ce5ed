// Comparing a bill with the ledger, by period and model. A period is a day, or the days that lines of the bill sum together.

import type { MicroUsd } from "../../core/money.ts";
import type { SpentCall } from "../ledger/spent-calls.ts";
import { type PicoUsd, roundToMicroUsd } from "./bill-amounts.ts";
import type { BillingExport, BillLine } from "./billing-export.ts";

export interface ReconciledRow {
  /** `2026-11-24`, or `2026-11-01/2026-11-30` */
  readonly period: string;
  readonly model: string;
  /** What the ledger holds as paid. */
  readonly ledgerMicroUsd: MicroUsd;
  /** Held by calls of unknown outcome: the bill may tell what became of them. */
  readonly unknownMicroUsd: MicroUsd;
  readonly billedMicroUsd: MicroUsd;
  /** Billed less ledger. */
  readonly differenceMicroUsd: MicroUsd;
}

export interface Reconciliation {
  readonly timeZone: BillingExport["timeZone"];
  /** `null` for a bill without lines. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  /** By period, then by model. */
  readonly rows: readonly ReconciledRow[];
  readonly total: Omit<ReconciledRow, "period" | "model">;
  /** Billed for what names no known model: other services, other models. Not compared. */
  readonly others: readonly { readonly sku: string; readonly billedMicroUsd: MicroUsd }[];
  readonly rowsWithoutDay: number;
}

interface Period {
  readonly first: string;
  readonly last: string;
}

/** `modelOf` finds the model that a SKU names. Calls outside the days of the bill are left out. */
export function compareBill(
  bill: BillingExport,
  calls: readonly SpentCall[],
  modelOf: (sku: string) => string | null,
): Reconciliation {
  const periods = mergedPeriods(bill.lines);
  const [firstDay = null, lastDay = null] = [periods[0]?.first, periods.at(-1)?.last];
  const sums = new Map<string, { period: string; model: string; ledger: number; unknown: number; billed: PicoUsd }>();
  const sumOf = (period: string, model: string) => {
    const key = JSON.stringify([period, model]);
    const known = sums.get(key) ?? { period, model, ledger: 0, unknown: 0, billed: 0n };
    sums.set(key, known);
    return known;
  };
  const others = new Map<string, PicoUsd>();
  for (const { firstDay: day, sku, cost } of bill.lines) {
    const model = modelOf(sku);
    if (model === null) others.set(sku, (others.get(sku) ?? 0n) + cost);
    else sumOf(periodOf(periods, day), model).billed += cost;
  }
  const dayOfCall = dayFinder(bill.timeZone);
  for (const { atMs, model, spentMicroUsd, unknownMicroUsd } of calls) {
    const day = dayOfCall(atMs);
    if (firstDay === null || lastDay === null || day < firstDay || day > lastDay) continue;
    const sum = sumOf(periodOf(periods, day), model);
    sum.ledger += spentMicroUsd;
    sum.unknown += unknownMicroUsd;
  }
  const sorted = [...sums.values()].toSorted(
    (one, other) => compareText(one.period, other.period) || compareText(one.model, other.model),
  );
  return {
    timeZone: bill.timeZone,
    firstDay,
    lastDay,
    rows: sorted.map(({ period, model, ledger, unknown, billed }) => ({
      period,
      model,
      ...amounts(ledger, unknown, billed),
    })),
    total: amounts(
      sorted.reduce((total, { ledger }) => total + ledger, 0),
      sorted.reduce((total, { unknown }) => total + unknown, 0),
      sorted.reduce((total, { billed }) => total + billed, 0n),
    ),
    others: [...others]
      .map(([sku, cost]) => ({ sku, billedMicroUsd: roundToMicroUsd(cost) }))
      .toSorted((one, other) => other.billedMicroUsd - one.billedMicroUsd || compareText(one.sku, other.sku)),
    rowsWithoutDay: bill.rowsWithoutDay,
  };
}

function amounts(ledgerMicroUsd: MicroUsd, unknownMicroUsd: MicroUsd, billed: PicoUsd): Reconciliation["total"] {
  const billedMicroUsd = roundToMicroUsd(billed);
  return { ledgerMicroUsd, unknownMicroUsd, billedMicroUsd, differenceMicroUsd: billedMicroUsd - ledgerMicroUsd };
}

/** Periods of the lines, those that share days as one, in order. */
function mergedPeriods(lines: readonly BillLine[]): Period[] {
  const merged: Period[] = [];
  for (const { firstDay, lastDay } of lines.toSorted((one, other) => compareText(one.firstDay, other.firstDay))) {
    const last = merged.at(-1);
    if (!last || firstDay > last.last) merged.push({ first: firstDay, last: lastDay });
    else if (lastDay > last.last) merged[merged.length - 1] = { first: last.first, last: lastDay };
  }
  return merged;
}

/** The name of the period that a day is in; the day itself when the bill has nothing on it. */
function periodOf(periods: readonly Period[], day: string): string {
  const period = periods.find(({ first, last }) => first <= day && day <= last);
  return !period || period.first === period.last ? day : `${period.first}/${period.last}`;
}

function dayFinder(timeZone: BillingExport["timeZone"]): (ms: number) => string {
  // Canada's English writes 2026-11-24.
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return (ms) => format.format(ms);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

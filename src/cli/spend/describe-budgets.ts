// Budgets for people and programs: what stands against each, and where it was set.

import { formatUsd } from "../../core/money.ts";
import type { Budget } from "../../settings/budgets.ts";
import { type CapStanding, combineCaps } from "../../spend/ledger/caps.ts";
import { duration } from "../../spend/ledger/over-budget.ts";
import type { LedgerView } from "../../spend/ledger/view.ts";
import { formatTable } from "../terminal/table.ts";

/** What stands against each budget that counts. A run that has not begun has spent nothing. */
export function standingsOf(budgets: readonly Budget[], view: LedgerView): readonly CapStanding<Budget>[] {
  return view.standings(combineCaps(budgets), "");
}

/** A budget by itself, for programs. */
export function limitDocument({ window, project, model, limitMicroUsd }: Omit<Budget, "origin">) {
  return { window, project: project ?? null, model: model ?? null, limitMicroUsd };
}

export function budgetDocument({ cap, renewsAtMs, ...amounts }: CapStanding<Budget>) {
  return {
    ...limitDocument(cap),
    ...amounts,
    renewsAt: renewsAtMs === null ? null : new Date(renewsAtMs).toISOString(),
    from: cap.origin,
  };
}

/** `day`, `month, project films`, `run, gemini-…`. */
export function budgetName({ window, project, model }: Pick<Budget, "window" | "project" | "model">): string {
  const words = [window, project === undefined ? undefined : `project ${project}`, model];
  return words.filter((word) => word !== undefined).join(", ");
}

export function budgetTable(standings: readonly CapStanding<Budget>[], nowMs: number): string {
  return formatTable(
    ["budget", "limit", "spent", "held", "left", "renews", "from"],
    standings.map(({ cap, spentMicroUsd, heldMicroUsd, leftMicroUsd, renewsAtMs }) => [
      budgetName(cap),
      formatUsd(cap.limitMicroUsd),
      formatUsd(spentMicroUsd),
      formatUsd(heldMicroUsd),
      formatUsd(leftMicroUsd),
      renewsAtMs === null ? "with each run" : `in ${duration(renewsAtMs - nowMs)}`,
      cap.origin,
    ]),
  );
}

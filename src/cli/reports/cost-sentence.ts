// The cost of what was done, as one sentence.

import { formatUsd } from "../../core/money.ts";
import type { CostReport } from "../../core/outcome.ts";

/** What was paid and how that is known; unknown is said to be unknown, never 0. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
export function costSentence(cost: CostReport, rehearsal: boolean): string {
  const listPrice = cost.listPriceMicroUsd ?? cost.estimatedMicroUsd;
  if (rehearsal) return `Paid: nothing, it was a rehearsal (list price ${formatUsd(listPrice)})`;
  switch (cost.basis) {
    case "usage":
      return `Paid: ${cost.actualMicroUsd === null ? "unknown" : formatUsd(cost.actualMicroUsd)}`;
    case "list-price":
      return `Paid: ${formatUsd(cost.actualMicroUsd ?? listPrice)} (list price of what was made)`;
    case "unmetered":
      return `Paid: nothing per image on this route (list price ${formatUsd(listPrice)})`;
    case "unknown":
      return `Paid: unknown, at most about ${formatUsd(cost.estimatedMicroUsd)}`;
  }
}

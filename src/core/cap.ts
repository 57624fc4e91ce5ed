// Cap: one budget. Several may hold at once; the lowest on the same things counts. What stands against one is the ledger's business.

import type { MicroUsd } from "./money.ts";

/** `run`: one command or session. `all`: never renews. Days and months are those of the user's own time zone. */
const budgetWindows = ["run", "day", "month", "all"] as const;
export type BudgetWindow = (typeof budgetWindows)[number];

export interface Cap {
  readonly window: BudgetWindow;
  /** Only calls of this project; all projects when absent. */
  readonly project?: string;
  /** Only calls of this model (the id on the wire). */
  readonly model?: string;
  /** Integer of micro-dollars; 0: nothing may be spent. */
  readonly limitMicroUsd: MicroUsd;
}

// `spend` and the commands below it: what was spent, budgets, unknown calls, the ledger's soundness, the provider's bill.

import type { ExitCode } from "../../core/error-table.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Context } from "../context.ts";
import type { CommandInput } from "../handler.ts";
import { clearBudgets, setBudget, showBudgets } from "../spend/budgets.ts";
import { resolveCalls } from "../spend/resolve-calls.ts";
import { showSpend } from "../spend/show-spend.ts";
import { repair, verify } from "../spend/soundness.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  switch (input.invocation.command) {
    case "spend":
      return await showSpend(input, context);
    case "spend budget":
      return await showBudgets(input, context);
    case "spend budget set":
      return await setBudget(input, context);
    case "spend budget clear":
      return await clearBudgets(input, context);
    case "spend resolve":
      return await resolveCalls(input, context);
    case "spend verify":
      return await verify(input, context);
    case "spend repair":
      return await repair(input, context);
    case "spend reconcile":
      return await (await import("../spend/reconcile-bill.ts")).reconcileBill(input, context);
    default:
      throw new ToolError("internal", { message: `${input.invocation.command} has no handler.` });
  }
}

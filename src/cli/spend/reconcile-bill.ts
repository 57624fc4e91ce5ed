// `spend reconcile`: the provider's billing export beside the ledger. Changes nothing.

import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd, type MicroUsd } from "../../core/money.ts";
import { ToolError } from "../../core/tool-error.ts";
import { errorCode } from "../../core/error-code.ts";
import { readBillingExport } from "../../spend/reconcile/billing-export.ts";
import { compareBill, type Reconciliation } from "../../spend/reconcile/compare-bill.ts";
import { modelFinder } from "../../spend/reconcile/name-in-sku.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { withLedgerView } from "../opening/own-ledger.ts";
import { openCatalogue } from "../opening/own-models.ts";
import { formatTable } from "../terminal/table.ts";

const LIMIT_BYTES = 128 * 1024 * 1024;

export async function reconcileBill(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { operands, switches } = input.invocation;
  const bill = readBillingExport(readBill(resolve(context.workingDirectory, operands[0] ?? "")));
  const calls = await withLedgerView(context, (view) => view.spentCalls());
  const known = openCatalogue(context).models.map(({ id, label, aliases }) => ({
    id,
    names: [label, ...aliases.map(({ name }) => name)],
  }));
  // What was bought of a model that is in no catalogue any more is found by its id.
  const bought = [...new Set(calls.map(({ model }) => model))].map((id) => ({ id, names: [] }));
  const reconciliation = compareBill(bill, calls, modelFinder([...known, ...bought]));
  if (switches.has("json")) writeJson(context, { version: 1, status: "ok", currency: "USD", ...reconciliation });
  else write(reconciliation, context);
  return 0;
}

function readBill(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new ToolError("bill-unreadable", { message: `${path} is not a file.` });
    if (stats.size > LIMIT_BYTES) {
      throw new ToolError("bill-unreadable", { message: `${path} is larger than 128 MB; export fewer days.` });
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof ToolError) throw error;
    throw new ToolError("bill-unreadable", {
      message: code === "ENOENT" ? `There is no file ${path}.` : `${path} cannot be read (${code}).`,
    });
  }
}

const MOST_OTHERS = 10;

function write(reconciliation: Reconciliation, context: Context): void {
  const { rows, total, others, timeZone, firstDay, lastDay, rowsWithoutDay } = reconciliation;
  const { stdout, stderr } = context;
  if (firstDay === null) {
    stderr.write("The bill has no line with a day.\n");
    return;
  }
  stdout.write(
    formatTable(
      ["period", "model", "ledger", "unknown", "billed", "difference"],
      [...rows.map((row) => [row.period, row.model, ...cells(row)]), ["total", "", ...cells(total)]],
    ),
  );
  const zone = timeZone === "UTC" ? "UTC" : "Pacific Time, as the provider counts them";
  stderr.write(
    `Compared: ${firstDay} to ${lastDay}, days of ${zone}. The difference is what was billed beyond the ledger.\n`,
  );
  if (rowsWithoutDay > 0) stderr.write(`Rows without a day (totals, taxes) left out: ${rowsWithoutDay}\n`);
  for (const { sku, billedMicroUsd } of others.slice(0, MOST_OTHERS)) {
    stderr.write(formatTable([`Not compared, names no image model: ${sku}`, formatUsd(billedMicroUsd)], []));
  }
  if (others.length > MOST_OTHERS) stderr.write(`and ${others.length - MOST_OTHERS} more SKUs\n`);
}

function cells(amounts: Reconciliation["total"]): string[] {
  return [
    formatUsd(amounts.ledgerMicroUsd),
    formatUsd(amounts.unknownMicroUsd),
    formatUsd(amounts.billedMicroUsd),
    signed(amounts.differenceMicroUsd),
  ];
}

function signed(amount: MicroUsd): string {
  return amount > 0 ? `+${formatUsd(amount)}` : formatUsd(amount);
}

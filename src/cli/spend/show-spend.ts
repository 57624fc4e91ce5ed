// `spend`: totals, apart by day, month, project, model or route; budgets; and what is not settled.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import type { Budget } from "../../settings/budgets.ts";
import { choice } from "../../settings/parsers.ts";
import type { CapStanding } from "../../spend/ledger/caps.ts";
import { type OpenOperation, toOpenOperation } from "../../spend/ledger/history.ts";
import type { Totals, TotalsBy } from "../../spend/ledger/totals.ts";
import { counted } from "../reports/amounts.ts";
import type { Context } from "../context.ts";
import { groupings } from "../definitions/spend.ts";
import { type CommandInput, writeJson } from "../handler.ts";
import { openBudgets } from "../opening/own-budgets.ts";
import { withLedgerView } from "../opening/own-ledger.ts";
import { recoverBeforeShowing } from "../opening/recover-leftovers.ts";
import { refuseProblems } from "../reports/problems-failure.ts";
import { readSwitch } from "../command-line/read-switch.ts";
import { formatTable } from "../terminal/table.ts";
import { budgetDocument, budgetTable, standingsOf } from "./describe-budgets.ts";
import { shortPrompt } from "./short-prompt.ts";
import { totalsCsv } from "./totals-csv.ts";

interface Spend {
  readonly totals: Totals;
  readonly groups: readonly Totals[] | null;
  readonly standings: readonly CapStanding<Budget>[];
  readonly open: readonly OpenOperation[];
}

export async function showSpend({ invocation }: CommandInput, context: Context): Promise<ExitCode> {
  const { switches } = invocation;
  const problems: Problem[] = [...invocation.problems];
  const by = readSwitch(switches, "by", choice(groupings), problems);
  if (switches.has("json") && switches.has("csv")) {
    problems.push({ code: "usage", field: "--csv", message: "--json and --csv cannot both be had." });
  }
  const spend = await readSpend(by, context, problems);
  if (switches.has("json")) writeJson(context, documentOf(spend, by));
  else if (switches.has("csv")) {
    context.stdout.write(totalsCsv(by ?? "all", spend.groups ?? [{ ...spend.totals, key: "all" }]));
  } else write(spend, by, context);
  return 0;
}

/** The document of `spend --json`, for others who show it. */
export async function spendDocument(by: TotalsBy | undefined, context: Context) {
  return documentOf(await readSpend(by, context, []), by);
}

async function readSpend(by: TotalsBy | undefined, context: Context, found: readonly Problem[]): Promise<Spend> {
  const budgets = openBudgets(context);
  refuseProblems([...found, ...budgets.problems]);
  await recoverBeforeShowing(context);
  return await withLedgerView(context, (view): Spend => {
    const [all] = view.totals({ by: "all" });
    if (!all) throw new ToolError("internal", { message: "The totals have no row." });
    return {
      totals: all,
      groups: by === undefined ? null : view.totals({ by }),
      standings: standingsOf(budgets.caps, view),
      open: view.openOperations().map(toOpenOperation),
    };
  });
}

function documentOf({ totals, groups, standings, open }: Spend, by: string | undefined) {
  const { key: _, ...amounts } = totals;
  return {
    version: 1,
    status: "ok",
    currency: "USD",
    totals: amounts,
    ...(groups === null ? {} : { groupedBy: by, by: groups }),
    budgets: standings.map(budgetDocument),
    open,
  };
}

function write({ totals, groups, standings, open }: Spend, by: string | undefined, context: Context): void {
  const sections = [
    formatTable(["spent", formatUsd(totals.spentMicroUsd)], totalRows(totals)),
    ...(groups === null || groups.length === 0 ? [] : [groupTable(by ?? "", groups)]),
    ...(standings.length === 0 ? [] : [budgetTable(standings, context.clock.now())]),
    ...(open.length === 0 ? [] : [openTable(open)]),
  ];
  context.stdout.write(sections.join("\n"));
  if (standings.length === 0)
    context.stderr.write("No budget is set. One for each day: image-gen spend budget set --day 5\n");
  if (open.some(({ state }) => state === "unknown")) {
    context.stderr.write("Calls of unknown outcome hold their price until you settle them: image-gen spend resolve\n");
  }
}

function totalRows(totals: Totals): string[][] {
  return [
    ["estimated before", formatUsd(totals.estimatedMicroUsd)],
    ["held by running calls", formatUsd(totals.heldMicroUsd)],
    ["unknown", `${formatUsd(totals.unknownMicroUsd)} in ${counted(totals.unknownCalls, "call")}`],
    ["not billed, list price", formatUsd(totals.unmeteredListPriceMicroUsd)],
    [
      "made",
      `${counted(totals.pictures, "image")}, ${counted(totals.clips, "clip")}, in ${counted(totals.calls, "call")}`,
    ],
    ["retries", String(totals.retries)],
    ["refusals", String(totals.refusals)],
  ];
}

function groupTable(by: string, groups: readonly Totals[]): string {
  return formatTable(
    [by, "images", "clips", "spent", "estimated", "held", "unknown", "list price", "retries", "refusals"],
    groups.map((group) => [
      group.key === "" ? "(none)" : group.key,
      String(group.pictures),
      String(group.clips),
      formatUsd(group.spentMicroUsd),
      formatUsd(group.estimatedMicroUsd),
      formatUsd(group.heldMicroUsd),
      formatUsd(group.unknownMicroUsd),
      formatUsd(group.unmeteredListPriceMicroUsd),
      String(group.retries),
      String(group.refusals),
    ]),
  );
}

function openTable(open: readonly OpenOperation[]): string {
  return formatTable(
    ["not settled", "state", "held", "started", "prompt"],
    open.map(({ id, state, heldMicroUsd, startedAt, prompt, rehearsal }) => [
      id,
      rehearsal ? `${state} (rehearsal)` : state,
      formatUsd(heldMicroUsd),
      startedAt,
      shortPrompt(prompt),
    ]),
  );
}

// `spend budget`, `spend budget set` and `spend budget clear`.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import type { Problem } from "../../core/tool-error.ts";
import { type BudgetChange, removeAllBudgets, removeBudgets, setBudgets } from "../../settings/budget-file.ts";
import { type Budget, configWindows, readBudgets } from "../../settings/budgets.ts";
import { findFolders } from "../../settings/folders.ts";
import { budgetAmount, text } from "../../settings/parsers.ts";
import type { CapStanding } from "../../spend/ledger/caps.ts";
import { counted } from "../reports/amounts.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { openBudgets } from "../opening/own-budgets.ts";
import { withLedgerView } from "../opening/own-ledger.ts";
import { openCatalogue } from "../opening/own-models.ts";
import { refuseProblems } from "../reports/problems-failure.ts";
import { readSwitch } from "../command-line/read-switch.ts";
import { budgetDocument, budgetName, budgetTable, limitDocument, standingsOf } from "./describe-budgets.ts";

export async function showBudgets(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { caps, problems } = openBudgets(context);
  refuseProblems(problems);
  const standings = await standingsNow(caps, context);
  if (input.invocation.switches.has("json")) {
    writeJson(context, {
      version: 1,
      status: "ok",
      currency: "USD",
      path: configPath(context),
      budgets: standings.map(budgetDocument),
    });
  } else writeStandings(standings, context);
  return 0;
}

export async function setBudget({ invocation }: CommandInput, context: Context): Promise<ExitCode> {
  const { switches } = invocation;
  const problems: Problem[] = [...invocation.problems];
  const scope = readScope(switches, context, problems);
  const changes = configWindows.flatMap((window): BudgetChange[] => {
    const limitMicroUsd = readSwitch(switches, window, budgetAmount, problems);
    return limitMicroUsd === undefined ? [] : [{ window, limitMicroUsd, ...scope }];
  });
  if (configWindows.every((window) => !switches.has(window))) {
    const message = "Say what the budget is for: --run <usd>, --day <usd>, --month <usd>, or several of them.";
    problems.push({ code: "usage", field: "spend budget set", message });
  }
  const before = openBudgets(context);
  refuseProblems([...problems, ...before.problems]);

  const path = configPath(context);
  await setBudgets(path, changes);
  const standings = await standingsNow(openBudgets(context).caps, context);
  if (switches.has("json")) {
    writeJson(context, {
      version: 1,
      status: "ok",
      currency: "USD",
      path,
      set: changes.map(limitDocument),
      budgets: standings.map(budgetDocument),
    });
    return 0;
  }
  for (const change of changes) {
    context.stderr.write(`${budgetName(change)}: ${formatUsd(change.limitMicroUsd)} is set in ${path}\n`);
    const lower = standings.find(({ cap }) => isSameScope(cap, change) && cap.limitMicroUsd < change.limitMicroUsd);
    if (lower)
      context.stderr.write(
        `What counts is the lower one of ${lower.cap.origin}: ${formatUsd(lower.cap.limitMicroUsd)}\n`,
      );
  }
  writeStandings(standings, context);
  return 0;
}

export async function clearBudgets({ invocation }: CommandInput, context: Context): Promise<ExitCode> {
  const { switches } = invocation;
  const problems: Problem[] = [...invocation.problems];
  const scope = readScope(switches, context, problems);
  refuseProblems(problems);

  const path = configPath(context);
  const windows = configWindows.filter((window) => switches.has(window));
  const isFiltered = windows.length > 0 || scope.project !== undefined || scope.model !== undefined;
  const removed = isFiltered
    ? await removeBudgets(
        path,
        (budget) =>
          (windows.length === 0 || windows.includes(budget.window)) &&
          (scope.project ?? budget.project) === budget.project &&
          (scope.model ?? modelId(budget.model, context)) === modelId(budget.model, context),
      )
    : await removeEvery(path);
  const { caps } = readBudgets({ configPath: path, environment: context.environment });
  if (switches.has("json")) {
    writeJson(context, {
      version: 1,
      status: "ok",
      currency: "USD",
      path,
      removed: removed.map(limitDocument),
      left: caps.map((cap) => ({ ...limitDocument(cap), from: cap.origin })),
    });
    return 0;
  }
  context.stderr.write(
    removed.length === 0
      ? `No such budget is set in ${path}\n`
      : `${counted(removed.length, "budget")} removed from ${path}\n`,
  );
  for (const budget of caps) {
    context.stderr.write(`Still set: ${budgetName(budget)}, ${formatUsd(budget.limitMicroUsd)}, by ${budget.origin}\n`);
  }
  return 0;
}

/** Also mends a list that cannot be read. */
async function removeEvery(path: string): Promise<readonly Budget[]> {
  const { caps } = readBudgets({ configPath: path, environment: {} });
  await removeAllBudgets(path);
  return caps;
}

interface Scope {
  readonly project?: string;
  readonly model?: string;
}

function readScope(switches: ReadonlyMap<string, string | boolean>, context: Context, problems: Problem[]): Scope {
  const project = readSwitch(switches, "project", text, problems);
  const name = readSwitch(switches, "model", text, problems);
  const scope = project === undefined ? {} : { project };
  if (name === undefined) return scope;
  const catalogue = openCatalogue(context);
  const found = catalogue.find(name);
  if (found) return { ...scope, model: found.model.id };
  const [suggestion] = catalogue.nearestTo(name);
  problems.push({
    code: "model-unknown",
    field: "--model",
    message: `No model is called ${JSON.stringify(name)}.`,
    given: name,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
  return scope;
}

function modelId(name: string | undefined, context: Context): string | undefined {
  return name === undefined ? undefined : (openCatalogue(context).find(name)?.model.id ?? name);
}

function isSameScope(one: BudgetChange, other: BudgetChange): boolean {
  return one.window === other.window && one.project === other.project && one.model === other.model;
}

function configPath({ environment, workingDirectory }: Context): string {
  return findFolders(environment, workingDirectory).configFile;
}

function standingsNow(caps: readonly Budget[], context: Context): Promise<readonly CapStanding<Budget>[]> {
  return withLedgerView(context, (view) => standingsOf(caps, view));
}

function writeStandings(standings: readonly CapStanding<Budget>[], context: Context): void {
  if (standings.length === 0)
    context.stderr.write("No budget is set. One for each day: image-gen spend budget set --day 5\n");
  else context.stdout.write(budgetTable(standings, context.clock.now()));
}

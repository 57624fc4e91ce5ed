// --show-defaults: the settings and budgets in force and where each came from, mistakes included, so that they can be found.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import { readBudgets } from "../../settings/budgets.ts";
import { describeSettings } from "../../settings/describe.ts";
import { findFolders } from "../../settings/folders.ts";
import { combineCaps } from "../../spend/ledger/caps.ts";
import type { Context } from "../context.ts";
import { problemLine } from "./failure-report.ts";
import { type CommandInput, writeJson } from "../handler.ts";
import { refuseProblems, withoutRepeats } from "./problems-failure.ts";
import { budgetName, limitDocument } from "../spend/describe-budgets.ts";
import { formatTable } from "../terminal/table.ts";

export async function reportSettings({ invocation, settings }: CommandInput, context: Context): Promise<ExitCode> {
  refuseProblems(invocation.problems);
  const rows = await withDefaultModel(describeSettings(settings));
  const { environment, workingDirectory } = context;
  const { configFile } = findFolders(environment, workingDirectory);
  // As they are written: a models file with a mistake must not hide them.
  const read = readBudgets({ configPath: configFile, environment });
  const budgets = combineCaps(read.caps);
  const problems = withoutRepeats([...settings.problems, ...read.problems]);
  const exitCode = problems.length > 0 ? 3 : 0;
  if (invocation.switches.has("json")) {
    const status = problems.length > 0 ? "error" : "ok";
    const limits = budgets.map((budget) => ({ ...limitDocument(budget), from: budget.origin }));
    writeJson(context, { version: 1, status, settings: rows, budgets: limits, problems });
    return exitCode;
  }
  context.stdout.write(
    formatTable(
      ["setting", "value", "from"],
      rows.map(({ name, value, origin }) => [name, value, origin]),
    ),
  );
  const limits = budgets.map((budget) => [budgetName(budget), formatUsd(budget.limitMicroUsd), budget.origin]);
  if (limits.length > 0) context.stdout.write(`\n${formatTable(["budget", "limit", "from"], limits)}`);
  for (const problem of problems) context.stderr.write(`${problemLine(problem)}\n`);
  for (const { message } of settings.warnings) context.stderr.write(`Warning: ${message}\n`);
  return exitCode;
}

/** Names the catalogue's default model, which the settings do not know. */
async function withDefaultModel(
  rows: ReturnType<typeof describeSettings>,
): Promise<ReturnType<typeof describeSettings>> {
  const { createCatalogue } = await import("../../google/models/catalogue.ts");
  const model = createCatalogue().default.id;
  return rows.map((row) => (row.name === "model" && row.origin === "default" ? { ...row, value: model } : row));
}

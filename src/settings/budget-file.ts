// The budgets in the user's settings file changed and written back. All else in the file stays as it is.

import { formatUsd } from "../core/money.ts";
import { problemsError } from "../core/tool-error.ts";
import { type Budget, type ConfigWindow, readBudgets } from "./budgets.ts";
import { readJsonFile, writeConfigFile } from "./config-file.ts";
import { BUDGETS_KEY } from "./config-keys.ts";
import { withConfigLocked } from "./lock-config.ts";

/** What a budget is about; project and model absent: all of them. */
export interface BudgetScope {
  readonly window: ConfigWindow;
  readonly project?: string;
  readonly model?: string;
}

export interface BudgetChange extends BudgetScope {
  readonly limitMicroUsd: number;
}

/** Sets each budget, instead of one on the same things. Throws `config-invalid` for a file with a mistake, which is not touched. */
export function setBudgets(configPath: string, changes: readonly BudgetChange[]): Promise<void> {
  return withConfigLocked(configPath, () => {
    const kept = budgetsOfFile(configPath).filter(
      (budget) => !changes.some((change) => scopeKey(change) === scopeKey(budget)),
    );
    write(configPath, [...kept, ...changes]);
  });
}

/** Removes each budget that `isMeant` says, and returns those. Throws `config-invalid` as {@link setBudgets}. */
export function removeBudgets(configPath: string, isMeant: (budget: Budget) => boolean): Promise<Budget[]> {
  return withConfigLocked(configPath, () => {
    const budgets = budgetsOfFile(configPath);
    const removed = budgets.filter(isMeant);
    if (removed.length > 0)
      write(
        configPath,
        budgets.filter((budget) => !isMeant(budget)),
      );
    return removed;
  });
}

/** Removes all of them, also what cannot be read as a budget. Returns whether there was anything. */
export function removeAllBudgets(configPath: string): Promise<boolean> {
  return withConfigLocked(configPath, () => {
    const was = Object.hasOwn(valuesOf(configPath), BUDGETS_KEY);
    if (was) write(configPath, []);
    return was;
  });
}

function budgetsOfFile(configPath: string): readonly Budget[] {
  const { caps, problems } = readBudgets({ configPath, environment: {} });
  const [first, ...rest] = problems;
  if (first) throw problemsError([first, ...rest]);
  return caps;
}

function scopeKey({ window, project, model }: BudgetScope): string {
  return JSON.stringify([window, project ?? null, model ?? null]);
}

function valuesOf(configPath: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(readJsonFile(configPath) ?? {}));
}

function write(configPath: string, budgets: readonly BudgetChange[]): void {
  const { [BUDGETS_KEY]: _, ...values } = valuesOf(configPath);
  const list = budgets.map(({ window, limitMicroUsd, project, model }) => ({
    window,
    usd: Number(formatUsd(limitMicroUsd).replace("$", "")),
    ...(project === undefined ? {} : { project }),
    ...(model === undefined ? {} : { model }),
  }));
  writeConfigFile(configPath, list.length === 0 ? values : { ...values, [BUDGETS_KEY]: list });
}

// `config`: the user's own settings file listed, read and changed. Values are checked before they are written.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import { ToolError } from "../../core/tool-error.ts";
import { type Budget, readBudgets } from "../../settings/budgets.ts";
import { readConfigFile, readJsonFile, writeConfigFile } from "../../settings/config-file.ts";
import { BUDGETS_KEY, fileKeys, unknownKey } from "../../settings/config-keys.ts";
import { showValue } from "../../settings/describe.ts";
import { findFolders } from "../../settings/folders.ts";
import { withConfigLocked } from "../../settings/lock-config.ts";
import { type SettingName, settingRow } from "../../settings/table.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { problemsFailure, refuseProblems } from "../reports/problems-failure.ts";
import { formatTable } from "../terminal/table.ts";

const SECRET_LIMIT_BYTES = 64 * 1024;

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { invocation } = input;
  const path = findFolders(context.environment, context.workingDirectory).configFile;
  const json = invocation.switches.has("json");
  const [key = "", value = ""] = invocation.operands;
  switch (invocation.command) {
    case "config path":
      if (json) writeJson(context, { version: 1, status: "ok", path });
      else context.stdout.write(`${path}\n`);
      return 0;
    case "config list":
      return list(path, json, context);
    case "config get":
      return get(path, key, json, context);
    case "config set":
      return await set(path, key, value, json, context);
    case "config unset":
      return await unset(path, key, json, context);
    default:
      throw new ToolError("internal", { message: `${invocation.command} has no handler.` });
  }
}

function settingOf(key: string): SettingName {
  const name = fileKeys.get(key);
  if (name === undefined) throw problemsFailure([{ ...unknownKey(key), code: "value-not-allowed" }]);
  return name;
}

interface ShownRow {
  readonly key: string;
  /** For people. */
  readonly value: string;
  /** For programs. */
  readonly document: unknown;
}

/** Keys and values that may be shown. Mistakes in the file are refused with their lines. */
function shown(path: string): { readonly rows: readonly ShownRow[]; readonly warnings: readonly string[] } {
  const { entries, problems, warnings } = readConfigFile(path);
  // What keeps the file from being read at all is told once.
  const budgets = problems.length > 0 ? { caps: [], problems: [] } : readBudgets({ configPath: path, environment: {} });
  refuseProblems([...problems, ...budgets.problems]);
  const rows = [...entries].map(([name, { text }]): ShownRow => {
    const { fileKey, mayHoldPassword, secret } = settingRow(name);
    const value = mayHoldPassword ? showValue(name, text) : secret ? "[set]" : text;
    return { key: fileKey ?? name, value, document: value };
  });
  const { caps } = budgets;
  if (caps.length === 0) return { rows, warnings };
  const document = caps.map(({ window, limitMicroUsd, project, model }) => ({
    window,
    limitMicroUsd,
    project: project ?? null,
    model: model ?? null,
  }));
  return { rows: [...rows, { key: BUDGETS_KEY, value: caps.map(budgetText).join("; "), document }], warnings };
}

/** `day $5.00`, `month $10.00 (project films)` */
function budgetText({ window, limitMicroUsd, project, model }: Budget): string {
  const scope = [project === undefined ? [] : `project ${project}`, model ?? []].flat().join(", ");
  return `${window} ${formatUsd(limitMicroUsd)}${scope === "" ? "" : ` (${scope})`}`;
}

function list(path: string, json: boolean, context: Context): ExitCode {
  const { rows, warnings } = shown(path);
  for (const warning of warnings) context.stderr.write(`Warning: ${warning}\n`);
  if (json) {
    writeJson(context, {
      version: 1,
      status: "ok",
      path,
      settings: Object.fromEntries(rows.map(({ key, document }) => [key, document])),
    });
  } else if (rows.length === 0) context.stderr.write(`Nothing is set in ${path}\n`);
  else
    context.stdout.write(
      formatTable(
        ["key", "value"],
        rows.map(({ key, value }) => [key, value]),
      ),
    );
  return 0;
}

function get(path: string, key: string, json: boolean, context: Context): ExitCode {
  if (key !== BUDGETS_KEY) settingOf(key);
  const row = shown(path).rows.find((candidate) => candidate.key === key);
  if (!row) {
    throw new ToolError("config-invalid", {
      message: `${key} is not set in ${path}.`,
      cause: "Only the settings file was looked at, not the environment and the defaults.",
      nextStep: `Set it with \`image-gen ${key === BUDGETS_KEY ? "spend budget set" : `config set ${key} <value>`}\`, or see what is in force: image-gen --show-defaults.`,
    });
  }
  if (json) writeJson(context, { version: 1, status: "ok", key, value: row.document });
  else context.stdout.write(`${row.value}\n`);
  return 0;
}

/** The file's object as it is, to be written back with one change. A file with a mistake is not touched. */
function currentValues(path: string): Record<string, unknown> {
  const { problems } = readConfigFile(path);
  refuseProblems(problems);
  return Object.fromEntries(Object.entries(readJsonFile(path) ?? {}));
}

async function set(path: string, key: string, given: string, json: boolean, context: Context): Promise<ExitCode> {
  if (key === BUDGETS_KEY) {
    const message = "Budgets are set with `image-gen spend budget set --day <usd>`, and --run or --month.";
    throw problemsFailure([{ code: "usage", field: key, message, suggestion: "image-gen spend budget set" }]);
  }
  const name = settingOf(key);
  const row = settingRow(name);
  const fromStdin = given === "-";
  const text = fromStdin ? await secretFromStdin(context) : given;
  const parsed = row.parse(text);
  if (!parsed.ok) {
    const { message, ...rest } = parsed.problem;
    const about = row.secret ? key : `${key} ${JSON.stringify(text)}`;
    throw problemsFailure([{ code: "value-not-allowed", field: key, message: `${about} ${message}`, ...rest }]);
  }
  const value = jsonValue(name, text, parsed.value);
  await withConfigLocked(path, () => writeConfigFile(path, { ...currentValues(path), [key]: value }));
  if (row.secret) {
    context.stderr.write(
      `Warning: ${path} now holds a key, readable by you alone; ${row.environment[0] ?? "the environment"} is the better place.\n`,
    );
    if (!fromStdin) {
      context.stderr.write(
        `Warning: the key stays in your shell's history; next time: image-gen config set ${key} -\n`,
      );
    }
  }
  if (json) writeJson(context, { version: 1, status: "ok", path, key, value: row.secret ? "[set]" : text });
  else context.stderr.write(`${key} is set in ${path}\n`);
  return 0;
}

/** As the file wants it: numbers and booleans as such, choices in their own spelling. */
function jsonValue(name: SettingName, text: string, value: unknown): unknown {
  const { fileType, choices } = settingRow(name);
  if (fileType === "boolean") return value;
  if (fileType === "number")
    return Number(
      text
        .trim()
        .replace(/^\$/, "")
        .replace(/\s*s(?:ec(?:onds?)?)?$/i, ""),
    );
  return choices.includes(String(value)) ? value : text.trim();
}

async function secretFromStdin(context: Context): Promise<string> {
  const bytes = await context.readStdin(SECRET_LIMIT_BYTES);
  if (bytes === null)
    throw new ToolError("input-too-large", { message: "Standard input holds more than a setting can." });
  return new TextDecoder().decode(bytes).trim();
}

async function unset(path: string, key: string, json: boolean, context: Context): Promise<ExitCode> {
  if (key !== BUDGETS_KEY) settingOf(key);
  const was = await withConfigLocked(path, () => {
    const { [key]: removed, ...values } = currentValues(path);
    if (removed !== undefined) writeConfigFile(path, values);
    return removed !== undefined;
  });
  if (json) writeJson(context, { version: 1, status: "ok", path, key, wasSet: was });
  else context.stderr.write(was ? `${key} is no longer set in ${path}\n` : `${key} was not set in ${path}\n`);
  return 0;
}

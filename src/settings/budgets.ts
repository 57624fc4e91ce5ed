// Budgets: the user's own caps, from the settings file and the environment. Every one that is found holds; of several on
// the same things the lowest counts (combineCaps of the ledger). Never from a project's file. A mistake is a problem and
// never a cap that silently does not hold.

import type { Cap } from "../core/cap.ts";
import { nearest } from "../core/nearest.ts";
import type { Problem } from "../core/tool-error.ts";
import { readText } from "./config-file.ts";
import { BUDGETS_KEY } from "./config-keys.ts";
import { type JsonDocument, parseJsonText } from "./json-text.ts";
import { budgetAmount } from "./parsers.ts";

/** The windows that a user's budget may have. */
export const configWindows = ["run", "day", "month"] as const;
export type ConfigWindow = (typeof configWindows)[number];

export interface Budget extends Cap {
  readonly window: ConfigWindow;
  /** `IMAGE_GEN_BUDGET_DAY` or `/…/config.json:3`. */
  readonly origin: string;
}

export interface BudgetSources {
  /** Absolute path of the user's own settings file. */
  readonly configPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ReadBudgets {
  /** Those that can be used, as they are written; with problems beside them nothing may be spent. */
  readonly caps: readonly Budget[];
  /** `config-invalid`, each with its place. */
  readonly problems: readonly Problem[];
}

/** A missing file and an empty variable set no budget. */
export function readBudgets({ configPath, environment }: BudgetSources): ReadBudgets {
  const problems: Problem[] = [];
  const caps = [...fileBudgets(configPath, problems), ...environmentBudgets(environment, problems)];
  return { caps, problems };
}

const VARIABLE = "IMAGE_GEN_BUDGET_";
const variables = configWindows.map((window) => `${VARIABLE}${window.toUpperCase()}`);

function environmentBudgets(environment: BudgetSources["environment"], problems: Problem[]): Budget[] {
  const caps: Budget[] = [];
  for (const [name, given = ""] of Object.entries(environment)) {
    if (!name.startsWith(VARIABLE) || given.trim() === "") continue;
    const window = configWindows[variables.indexOf(name)];
    if (window === undefined) {
      const message = `${name} is no budget that there is.`;
      const [suggestion] = nearest(name, variables, 1);
      problems.push({
        code: "config-invalid",
        field: name,
        message,
        given: name,
        allowed: variables,
        ...(suggestion ? { suggestion } : {}),
      });
      continue;
    }
    const parsed = budgetAmount(given);
    if (parsed.ok) caps.push({ window, limitMicroUsd: parsed.value, origin: name });
    else problems.push(wrongAmount(name, name, JSON.stringify(given), given));
  }
  return caps;
}

function fileBudgets(path: string, problems: Problem[]): Budget[] {
  const text = readText(path);
  if (text === undefined) return [];
  if (typeof text !== "string") {
    problems.push(text);
    return [];
  }
  const document = parseJsonText(text);
  if (!document.ok) {
    problems.push({ code: "config-invalid", field: `${path}:${document.line}`, message: document.message });
    return [];
  }
  const { value } = document;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push({ code: "config-invalid", field: `${path}:1`, message: "The file must hold one JSON object." });
    return [];
  }
  const list: unknown = Object.entries(value).find(([key]) => key === BUDGETS_KEY)?.[1];
  if (list === undefined) return [];
  const reader: ListReader = { path, document, problems };
  if (document.placeOf([BUDGETS_KEY])?.isRepeated) report(reader, [], "is there twice.");
  if (!Array.isArray(list)) {
    report(reader, [], 'must be a list such as [{ "window": "day", "usd": 5 }].');
    return [];
  }
  return list.flatMap((entry: unknown, index) => readEntry(reader, entry, index) ?? []);
}

interface ListReader {
  readonly path: string;
  readonly document: JsonDocument;
  readonly problems: Problem[];
}

/** Adds a problem with the place of what stands below `budgets`. */
function report(
  { path, document, problems }: ListReader,
  below: readonly (string | number)[],
  message: string,
  more: Partial<Problem> = {},
): void {
  // What is missing is told where the object begins.
  const place = document.placeOf([BUDGETS_KEY, ...below]) ?? document.placeOf([BUDGETS_KEY, ...below.slice(0, -1)]);
  const name = below.reduce<string>(
    (text, part) => `${text}${typeof part === "number" ? `[${part}]` : `.${part}`}`,
    BUDGETS_KEY,
  );
  const field = `${path}:${place?.line ?? 1}`;
  problems.push({ code: "config-invalid", field, message: `${name} ${message}`, ...more });
}

const entryKeys = ["window", "usd", "project", "model"];

function readEntry(reader: ListReader, entry: unknown, index: number): Budget | undefined {
  const before = reader.problems.length;
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    report(reader, [index], 'must be an object such as { "window": "day", "usd": 5 }.');
    return undefined;
  }
  const given = new Map<string, unknown>(Object.entries(entry));
  for (const key of given.keys()) {
    if (reader.document.placeOf([BUDGETS_KEY, index, key])?.isRepeated) report(reader, [index, key], "is there twice.");
    if (entryKeys.includes(key)) continue;
    const [suggestion] = nearest(key, entryKeys, 1);
    report(reader, [index, key], "is not something that a budget has.", {
      given: key,
      allowed: entryKeys,
      ...(suggestion ? { suggestion } : {}),
    });
  }
  const window = readWindow(reader, index, given.get("window"));
  const limitMicroUsd = readAmount(reader, index);
  const project = readName(reader, index, "project", given);
  const model = readName(reader, index, "model", given);
  if (reader.problems.length > before || window === undefined || limitMicroUsd === undefined) return undefined;
  const line = reader.document.placeOf([BUDGETS_KEY, index])?.line ?? 1;
  return {
    window,
    limitMicroUsd,
    ...(project === undefined ? {} : { project }),
    ...(model === undefined ? {} : { model }),
    origin: `${reader.path}:${line}`,
  };
}

function readWindow(reader: ListReader, index: number, given: unknown): ConfigWindow | undefined {
  const window = configWindows.find((known) => known === given);
  if (window !== undefined) return window;
  const [suggestion] = typeof given === "string" ? nearest(given, configWindows, 1) : [];
  report(reader, [index, "window"], given === undefined ? "is missing." : "is not one of the allowed values.", {
    allowed: configWindows,
    ...(typeof given === "string" ? { given } : {}),
    ...(suggestion ? { suggestion } : {}),
  });
  return undefined;
}

/** The amount by its digits in the file, not by the number that JSON.parse makes of them. */
function readAmount(reader: ListReader, index: number): number | undefined {
  const { path, document, problems } = reader;
  const place = document.placeOf([BUDGETS_KEY, index, "usd"]);
  if (place === undefined) {
    report(reader, [index, "usd"], "is missing.");
    return undefined;
  }
  const { line, literal = "what is there" } = place;
  const parsed = /^[-\d]/.test(literal) ? budgetAmount(literal) : undefined;
  if (parsed?.ok) return parsed.value;
  const text = literal.startsWith('"') ? String(JSON.parse(literal)) : literal;
  problems.push(wrongAmount(`${path}:${line}`, `${BUDGETS_KEY}[${index}].usd`, literal, text));
  return undefined;
}

function readName(
  reader: ListReader,
  index: number,
  key: "project" | "model",
  entry: ReadonlyMap<string, unknown>,
): string | undefined {
  if (!entry.has(key)) return undefined;
  const given = entry.get(key);
  if (typeof given === "string" && given.trim() !== "") return given.trim();
  report(reader, [index, key], "must be a text that is not empty; leave it out for all of them.");
  return undefined;
}

const LONGEST_SHOWN = 60;

/** `shown` is what was given as it was written. */
function wrongAmount(field: string, name: string, shown: string, text: string): Problem {
  const parsed = budgetAmount(text);
  const { message, ...more } = parsed.ok
    ? { message: "must be a number without quotation marks.", suggestion: text.trim() }
    : parsed.problem;
  return { code: "config-invalid", field, message: `${name} ${cut(shown)} ${message}`, given: cut(text), ...more };
}

function cut(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

// The user's own settings file: read with line numbers, written whole and readable by nobody else.
// No project's file is ever read: a cloned repository must not be able to send a key elsewhere.

import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "../core/error-code.ts";
import { type Problem, ToolError } from "../core/tool-error.ts";
import { fileKeys, listKeys, unknownKey } from "./config-keys.ts";
import { parseJsonText } from "./json-text.ts";
import { type SettingName, settingRow } from "./table.ts";

interface ConfigEntry {
  readonly text: string;
  readonly line: number;
}

export interface ConfigFile {
  readonly path: string;
  /** Settings that the file gives, as text for the row's parser. */
  readonly entries: ReadonlyMap<SettingName, ConfigEntry>;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Text of a file of the user's; `undefined` when there is none. */
export function readText(path: string): string | undefined | Problem {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { code: "config-invalid", field: path, message: `The file cannot be read (${code ?? "unknown fault"}).` };
  }
}

/** Contents of a JSON file of the user's; `undefined` when there is none. Throws `config-invalid` with the line of a mistake. */
export function readJsonFile(path: string): unknown {
  const text = readText(path);
  if (text === undefined) return undefined;
  const document = typeof text === "string" ? parseJsonText(text) : text;
  if ("ok" in document && document.ok) return document.value;
  const problem: Problem =
    "ok" in document
      ? { code: "config-invalid", field: `${path}:${document.line}`, message: document.message }
      : document;
  throw new ToolError("config-invalid", { message: `${problem.field}: ${problem.message}`, problems: [problem] });
}

/** Reads the settings file; lists such as `budgets` have readers of their own. A missing file is an empty one; everything wrong with it is in `problems`. */
export function readConfigFile(path: string): ConfigFile {
  const empty = { path, entries: new Map<SettingName, ConfigEntry>(), warnings: [] };
  const text = readText(path);
  if (text === undefined) return { ...empty, problems: [] };
  if (typeof text !== "string") return { ...empty, problems: [text] };
  const document = parseJsonText(text);
  const invalid = (line: number, message: string): Problem => ({
    code: "config-invalid",
    field: `${path}:${line}`,
    message,
  });
  if (!document.ok) return { ...empty, problems: [invalid(document.line, document.message)] };
  const { value, lines, repeated } = document;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ...empty, problems: [invalid(1, "The file must hold one JSON object.")] };
  }

  const entries = new Map<SettingName, ConfigEntry>();
  const problems: Problem[] = repeated.map((key) =>
    invalid(lines.get(key) ?? 1, `The key ${JSON.stringify(key)} is there twice.`),
  );
  for (const [key, given] of Object.entries(value)) {
    const line = lines.get(key) ?? 1;
    if (listKeys.includes(key)) continue;
    const name = fileKeys.get(key);
    if (name === undefined) {
      problems.push(unknownKey(key, `${path}:${line}`));
      continue;
    }
    const { fileType } = settingRow(name);
    if (typeof given !== fileType) {
      problems.push(invalid(line, `${key} must be a ${fileType}, not ${kindOf(given)}.`));
      continue;
    }
    entries.set(name, { text: String(given), line });
  }
  return { path, entries, problems, warnings: secretWarnings(path, entries) };
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function secretWarnings(path: string, entries: ReadonlyMap<SettingName, ConfigEntry>): string[] {
  if (process.platform === "win32" || ![...entries.keys()].some((name) => settingRow(name).secret)) return [];
  const { mode } = statSync(path);
  return (mode & 0o077) === 0 ? [] : [`${path} holds a key and others on this machine can read it: chmod 600 ${path}`];
}

/**
 * Writes the whole settings file: beside it first, synced, then renamed, so that a crash leaves the old or the new one.
 * Mode 0600 in a folder of mode 0700 (when it has to be made), since it may hold a key. Throws `config-invalid` when it
 * cannot be written.
 */
export function writeConfigFile(path: string, values: Readonly<Record<string, unknown>>): void {
  try {
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const temporary = join(folder, `.config-${process.pid}.json.part`);
    writeSynced(temporary, `${JSON.stringify(values, null, 2)}\n`);
    renameSync(temporary, path);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new ToolError("config-invalid", {
      message: `${path} cannot be written (${code}).`,
      cause: "The settings file is as it was.",
      nextStep: "Make its folder writable, free some space, or choose another folder with IMAGE_GEN_HOME.",
    });
  }
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    chmodSync(path, 0o600);
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

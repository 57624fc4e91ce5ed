// Resolving: flag before environment before file before default, where each value came from, and everything that is wrong, at once.

import { dirname, resolve as resolvePath } from "node:path";
import { Secret } from "../core/secret.ts";
import type { Problem } from "../core/tool-error.ts";
import type { ConfigFile } from "./config-file.ts";
import type { Setting } from "./setting.ts";
import { flagOf, type RawSettingValue, type SettingName, settingNames, settingRow } from "./table.ts";

export type Origin =
  | { readonly kind: "flag"; readonly name: string }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "file"; readonly path: string; readonly line: number }
  | { readonly kind: "default" };

/** Settings whose value is a {@link Secret}; a test keeps this equal to the rows marked secret. */
type SecretName = "apiKey" | "vertexKey" | "accessToken" | "proxyKey";

export type SettingValues = {
  readonly [Name in SettingName]: (Name extends SecretName ? Secret : RawSettingValue<Name>) | null;
};

export interface ResolvedSettings {
  readonly values: SettingValues;
  readonly origins: Readonly<Record<SettingName, Origin>>;
  readonly problems: readonly Problem[];
  readonly warnings: readonly SettingWarning[];
}

/** Something to say about a setting when it is used. */
interface SettingWarning {
  readonly setting: SettingName | null;
  readonly message: string;
}

export interface SettingSources {
  /** Text of each option that was given. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile;
  /** Settings that are looked at; the others keep their defaults and their mistakes are nobody's business. Default: all. */
  readonly names?: readonly SettingName[];
  /** Absolute; relative paths of flags and environment start here. */
  readonly workingDirectory: string;
}

interface Found {
  readonly text: string;
  readonly origin: Origin;
}

function find(name: SettingName, row: Setting<unknown>, sources: SettingSources): Found | undefined {
  const flag = sources.flags[name];
  if (flag !== undefined) return { text: flag, origin: { kind: "flag", name: flagOf(name) ?? name } };
  const variable = setVariables(row, sources.environment)[0];
  if (variable !== undefined) {
    return { text: sources.environment[variable] ?? "", origin: { kind: "environment", name: variable } };
  }
  const entry = sources.file.entries.get(name);
  if (entry === undefined) return undefined;
  return { text: entry.text, origin: { kind: "file", path: sources.file.path, line: entry.line } };
}

// An empty variable is how shells and CI systems unset one.
function setVariables(row: Setting<unknown>, environment: SettingSources["environment"]): string[] {
  return row.environment.filter((variable) => (environment[variable] ?? "").trim() !== "");
}

/** How people name the place a value came from: `--model`, `IMAGE_GEN_MODEL`, `/…/config.json:3`, `default`. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case "flag":
    case "environment":
      return origin.name;
    case "file":
      return `${origin.path}:${origin.line}`;
    case "default":
      return "default";
  }
}

/**
 * Values of all settings with their origins. A value that cannot be used becomes a problem and the setting its default:
 * `value-not-allowed` for an option, `config-invalid` for the environment and the file.
 */
export function resolveSettings(sources: SettingSources): ResolvedSettings {
  const values: Partial<Record<SettingName, unknown>> = {};
  const origins: Partial<Record<SettingName, Origin>> = {};
  const problems: Problem[] = [...sources.file.problems];
  const warnings: SettingWarning[] = sources.file.warnings.map((message) => ({ setting: null, message }));

  const looked = sources.names ?? settingNames;
  for (const name of settingNames) {
    const row = settingRow(name);
    values[name] = row.default;
    origins[name] = { kind: "default" };
    const found = looked.includes(name) ? find(name, row, sources) : undefined;
    if (found === undefined) continue;
    const parsed = row.parse(found.text);
    if (!parsed.ok) {
      const { message, ...rest } = parsed.problem;
      const field = originText(found.origin);
      problems.push({
        code: found.origin.kind === "flag" ? "value-not-allowed" : "config-invalid",
        field,
        message: row.secret ? `${field} ${message}` : `${field} ${quoted(found.text)} ${message}`,
        ...(row.secret ? {} : { given: found.text }),
        ...rest,
      });
      continue;
    }
    origins[name] = found.origin;
    values[name] = finish(row, parsed.value, found.origin, sources);
    if (row.secret) warnings.push(...secretWarnings(name, row, found.origin, sources));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name of the table was set in the loop above, by its own parser
  return { values: values as SettingValues, origins: origins as Record<SettingName, Origin>, problems, warnings };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function finish(row: Setting<unknown>, value: unknown, origin: Origin, sources: SettingSources): unknown {
  if (row.secret) return new Secret(String(value), originText(origin));
  if (!row.path) return value;
  return resolvePath(origin.kind === "file" ? dirname(origin.path) : sources.workingDirectory, String(value));
}

function secretWarnings(
  name: SettingName,
  row: Setting<unknown>,
  origin: Origin,
  { environment }: SettingSources,
): SettingWarning[] {
  if (origin.kind === "flag") {
    const message = `${origin.name} on the command line can be read by others on this machine and stays in the shell's history; ${row.environment[0]} is safer.`;
    return [{ setting: name, message }];
  }
  const [first, ...others] = setVariables(row, environment);
  if (origin.kind !== "environment" || first === undefined || others.length === 0) return [];
  return [{ setting: name, message: `${[first, ...others].join(" and ")} are both set; ${first} is used.` }];
}

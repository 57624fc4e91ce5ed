// Setting: the form of one row of the settings table.

import type { Parser } from "./parsers.ts";

/** Where in help a setting is shown. */
export type SettingGroup = "picture" | "imagen" | "retired" | "connection" | "network" | "display" | "agents";

/** About models that were shut down: a person insists on them at the command line, and nobody else does. */
export const groupsOfTheRetired: ReadonlySet<SettingGroup> = new Set<SettingGroup>(["imagen", "retired"]);

export interface Setting<T> {
  /** As commander writes them: `-m, --model <id>`. `null`: not on the command line. */
  readonly flags: string | null;
  /** Environment variables in the order in which they win. */
  readonly environment: readonly string[];
  /** Key in the user's own settings file. `null`: not in the file, because it belongs to one run. */
  readonly fileKey: string | null;
  /** JSON type in the settings file. */
  readonly fileType: "string" | "number" | "boolean";
  readonly parse: Parser<T>;
  /** Value when nothing is given; `null`: nothing is passed on and a later stage decides. */
  readonly default: T | null;
  /** What `--show-defaults` says for a `null` default. */
  readonly defaultText: string;
  /** Shown as `[set]` and handed on as a Secret. */
  readonly secret: boolean;
  /** A URL that may hold a user name and password, which are never shown. */
  readonly mayHoldPassword: boolean;
  /** A relative path starts at the working directory, or at the settings file's folder when it stands there. */
  readonly path: boolean;
  /** Allowed values, for help and completion. */
  readonly choices: readonly string[];
  readonly group: SettingGroup;
  readonly help: string;
}

type Given<T> = Pick<Setting<T>, "parse" | "group" | "help"> &
  Partial<Omit<Setting<T>, "default">> & { readonly default?: NoInfer<T> };

/** A row with what most rows have in common filled in. */
export function setting<T>(given: Given<T>): Setting<T> {
  return {
    flags: null,
    environment: [],
    fileKey: null,
    fileType: "string",
    default: null,
    defaultText: "not set",
    secret: false,
    mayHoldPassword: false,
    path: false,
    choices: [],
    ...given,
  };
}

/** For people, who see no list of choices beside the text. */
export function helpWithChoices({
  help,
  choices = [],
}: {
  readonly help: string;
  readonly choices?: readonly string[];
}) {
  return choices.every((choice) => help.includes(choice)) ? help : `${help} (${choices.join(", ")})`;
}

/** Ranges of the request are the plan's rules: there they are reported together with what the model does not offer. */
export const ANY_NUMBER = { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };

/** For `defaultText`. */
export const THE_MODELS_OWN = "the model's own";

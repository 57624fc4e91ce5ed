// Command definition: what a command is called and takes, as data. Parsing, help and completion read it; handlers are elsewhere.

import type { SettingName } from "../../settings/table.ts";

/** An option that is not a setting: it belongs to one run of one command. */
export interface SwitchDefinition {
  /** As commander writes them: `--json`, `--port <n>`; `--image <path...>` takes all words that follow. */
  readonly flags: string;
  readonly help: string;
  readonly choices?: readonly string[];
  /** It may be given again and again, one value each time. */
  readonly repeats?: true;
  /** Where in help it is shown. Default: with the run and its output. */
  readonly group?: "picture";
}

/** What has names that only this machine knows. */
export type NamedThing = "imageModel" | "videoModel" | "style" | "session";

interface CommandExample {
  readonly command: string;
  readonly note: string;
}

export interface CommandDefinition {
  /** One or two words: `models`, `cost estimate`. The first word names the handler's file. */
  readonly name: string;
  readonly summary: string;
  /** What comes after the name in the usage line. */
  readonly usage: string;
  /** How many words may follow. */
  readonly operands: { readonly least: number; readonly most: number };
  /** Values of the first operand, for completion. */
  readonly operandChoices?: readonly string[];
  /** What the first operand is the name of, for completion. */
  readonly operandNames?: NamedThing;
  /** Settings that this command reads and takes as options. */
  readonly settings: readonly SettingName[];
  /** Help of those that mean something of their own here, in place of the table's. */
  readonly settingHelp?: Readonly<Partial<Record<SettingName, string>>>;
  /** Heading of what is asked for, in help. Default: "Picture". */
  readonly subject?: string;
  readonly switches: readonly SwitchDefinition[];
  readonly examples: readonly CommandExample[];
  /** The command that this is only another name of. */
  readonly sameAs?: string;
  /** Something to know that no option says. */
  readonly notes?: string;
}

/** How a command is typed: `video` is a program of its own. */
export function typedName(name: string): string {
  return name.replace(/^video\b/, "video-gen").replace(/^(?!video-gen)/, "image-gen ");
}

export const jsonSwitch: SwitchDefinition = { flags: "--json", help: "one JSON document on stdout" };

/** The long name of a switch without dashes and without `no-`: `json`, `progress`. */
export function switchName({ flags }: SwitchDefinition): string {
  return /--(?:no-)?([\w-]+)/.exec(flags)?.[1] ?? flags;
}

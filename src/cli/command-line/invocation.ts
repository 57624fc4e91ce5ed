// Invocation: a command line after it was understood, and what help was asked for.

import type { Problem } from "../../core/tool-error.ts";
import type { SettingName } from "../../settings/table.ts";

export interface Invocation {
  readonly kind: "command";
  /** Name of the definition: `generate`, `cost estimate`. */
  readonly command: string;
  /** The command's name was written; false for the default command without its name. */
  readonly explicit: boolean;
  readonly operands: readonly string[];
  /** `complete -- …`: the words after `--` are a line that a shell asks about, and `operands` are exactly they. */
  readonly asksForWords: boolean;
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  /** Switches that were given, with their text or `true`; a `--no-…` switch is `false`. */
  readonly switches: ReadonlyMap<string, string | boolean>;
  /** Options that take several words, by their long name: `image`. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** What could not be understood; handlers report it together with their own findings. */
  readonly problems: readonly Problem[];
}

export type CommandLine =
  | Invocation
  /** `topic` is a command or the first word of several; `null` for all. */
  | { readonly kind: "help"; readonly topic: string | null }
  | { readonly kind: "version" }
  /** Nothing at all was given, or nothing but the name of the other program. */
  | { readonly kind: "nothing"; readonly topic: string | null }
  | { readonly kind: "mistake"; readonly problems: readonly [Problem, ...Problem[]] };

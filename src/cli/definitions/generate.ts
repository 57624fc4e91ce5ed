// Definition of `generate`, the default command, and the options that every command taking a request shares.

import { settingNames } from "../../settings/table.ts";
import type { SettingName } from "../../settings/table.ts";
import { type CommandDefinition, jsonSwitch, type SwitchDefinition } from "../command-line/command-definition.ts";

/** A request and its connection: all settings there are. */
export const requestSettings: readonly SettingName[] = settingNames;

export const rehearseSwitch = {
  flags: "--rehearse",
  help: "run all of it against the built-in emulator: free, offline, marked as a rehearsal",
};

/** What the picture is made from beside the prompt. */
export const referenceSwitches: readonly SwitchDefinition[] = [
  {
    flags: "-i, --image <path|url...>",
    help: "reference pictures: files, https: and data: URLs, - for standard input; takes all words that follow",
    group: "picture",
  },
  {
    flags: "-d, --doc <path|url...>",
    help: "text documents given as context; takes all words that follow",
    group: "picture",
  },
];

/** Filled into the style, or into the prompt itself. */
export const variableSwitch: SwitchDefinition = {
  flags: "--var <name=value>",
  help: "a value for a variable of the style, or of the prompt itself; may be given again",
  repeats: true,
  group: "picture",
};

export const foregroundSwitch = {
  flags: "--foreground",
  help: "send from this process: killing it may lose a picture that is on its way",
};

export const generateDefinition: CommandDefinition = {
  name: "generate",
  summary: "make a picture from a prompt (the default command)",
  usage: "<prompt> [options]",
  operands: { least: 0, most: Number.POSITIVE_INFINITY },
  settings: requestSettings,
  switches: [
    ...referenceSwitches,
    variableSwitch,
    rehearseSwitch,
    { flags: "--dry-run", help: "print the plan and the request that would be sent; send nothing" },
    { flags: "--estimate-cost", help: "print the price; send nothing" },
    { flags: "--show-defaults", help: "print the settings in force and where each came from" },
    { flags: "--new", help: "buy although the same request runs already or was never delivered" },
    foregroundSwitch,
    jsonSwitch,
    { flags: "-q, --quiet", help: "only the paths of the pictures" },
    { flags: "-v, --verbose", help: "also attempts, waits, route and usage" },
    { flags: "--no-progress", help: "no progress display" },
  ],
  examples: [
    { command: 'image-gen "a red fox in fresh snow"', note: "through CLIProxyAPI, the default connection" },
    { command: 'image-gen "a red fox" --auth api-key', note: "with GOOGLE_API_KEY or GEMINI_API_KEY" },
    { command: 'image-gen "a red fox" --ar 16:9 -s 2K -o fox.png', note: "ratio, size and a real PNG" },
    { command: 'image-gen "make it winter" -i fox.jpg', note: "a picture from a picture" },
    { command: 'image-gen "the fox in this style" -i fox.jpg style.png -o new.png', note: "several, in this order" },
    { command: 'image-gen "a red fox" --style watercolor', note: "in a style; see image-gen styles list" },
    { command: 'image-gen "a red fox" --transparent -o fox.png', note: "without a background" },
    { command: 'image-gen "a red fox" --rehearse', note: "free and offline, on the built-in emulator" },
    { command: 'image-gen "a red fox" -n 3 --estimate-cost', note: "the price before; sends nothing" },
    { command: 'image-gen "a red fox" --auth api-key --budget 0.50', note: "this run may not cost more" },
    { command: "image-gen - < prompt.txt", note: "the prompt from standard input" },
    { command: 'image-gen -- "-40 degrees, a frozen lake"', note: "a prompt that begins with a dash" },
  ],
  notes:
    "Several words are one prompt. Paths of the pictures go to stdout, all else to stderr. Exit codes: 0 all pictures, 2 mistake in the request, 3 credentials or configuration, 4 over a cost limit, 5 refused for good, 6 may be tried again, 7 outcome unknown, 8 paid and safe elsewhere, 9 some of the pictures, 10 our own fault, 130 interrupted.",
};

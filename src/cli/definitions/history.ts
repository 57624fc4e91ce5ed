// Definition of `history`.

import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";

export const historyDefinition: CommandDefinition = {
  name: "history",
  summary: "what was asked for, what became of it and what it cost, newest first",
  usage: "[options]",
  operands: { least: 0, most: 0 },
  settings: [],
  switches: [
    { flags: "--limit <n>", help: "how many operations, 0 for all (default 20)" },
    { flags: "--project <name>", help: "only those of this project" },
    { flags: "--model <id>", help: "only those of this model" },
    jsonSwitch,
  ],
  examples: [
    { command: "image-gen history", note: "the last twenty" },
    { command: "image-gen history --limit 0 --json", note: "all of them, for a program" },
  ],
};

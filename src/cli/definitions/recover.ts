// Definition of `recover`.

import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";

export const recoverDefinition: CommandDefinition = {
  name: "recover",
  summary: "finish what a killed command has left: publish paid pictures, name what is unknown",
  usage: "[options]",
  operands: { least: 0, most: 0 },
  settings: [],
  switches: [jsonSwitch],
  examples: [{ command: "image-gen recover", note: "every generate, history and spend does it first" }],
  notes:
    "Paths of published pictures go to stdout. Buys nothing. Exit codes: 0 all is settled or told, 4 the ledger cannot be used, 8 a paid picture still has no place and its path is told.",
};

// Definitions of `styles list` and `styles show`.

import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";

export const stylesDefinitions: readonly CommandDefinition[] = [
  {
    name: "styles list",
    summary: "the styles that --style takes, yours and those of the package",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen styles list", note: "names, what they are for, where they are" }],
    notes:
      "Your own styles are .md files in the folder styles beside your settings file; one with the name of a built-in style takes its place.",
  },
  {
    name: "styles show",
    summary: "one style: its variables and its text",
    usage: "<name|file> [options]",
    operands: { least: 1, most: 1 },
    operandNames: "style",
    settings: [],
    switches: [jsonSwitch],
    examples: [
      { command: "image-gen styles show poster", note: "what is sent with --style poster, and its variables" },
    ],
  },
];

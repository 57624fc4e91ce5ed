// Definitions of `config list`, `get`, `set`, `unset` and `path`.

import { fileKeys, listKeys } from "../../settings/config-keys.ts";
import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";

const keys = [...fileKeys.keys()];
const allKeys = [...keys, ...listKeys];

export const configDefinitions: readonly CommandDefinition[] = [
  {
    name: "config list",
    summary: "what your settings file holds",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen config list", note: "keys and values; keys and passwords are not shown" }],
  },
  {
    name: "config get",
    summary: "one value from your settings file",
    usage: "<key> [options]",
    operands: { least: 1, most: 1 },
    operandChoices: allKeys,
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen config get auth", note: "prints the value, or nothing and exit code 3" }],
  },
  {
    name: "config set",
    summary: "write a value into your settings file",
    usage: "<key> <value> [options]",
    operands: { least: 2, most: 2 },
    operandChoices: keys,
    settings: [],
    switches: [jsonSwitch],
    examples: [
      { command: "image-gen config set auth api-key", note: "a default that options and environment still override" },
      {
        command: "image-gen config set apiKey - < key.txt",
        note: "a key from standard input, kept out of the history",
      },
    ],
    notes: `Keys: ${keys.join(", ")}. Budgets have their own command: image-gen spend budget set.\nThe file is readable by you alone. For keys the environment is the better place.`,
  },
  {
    name: "config unset",
    summary: "take a value out of your settings file",
    usage: "<key> [options]",
    operands: { least: 1, most: 1 },
    operandChoices: allKeys,
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen config unset auth", note: "back to the default" }],
  },
  {
    name: "config path",
    summary: "where your settings file is",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen config path", note: "IMAGE_GEN_HOME moves it" }],
  },
];

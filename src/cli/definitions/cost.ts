// Definitions of `cost estimate`, `cost compare` and `cost recommend`.

import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";
import { referenceSwitches, rehearseSwitch, requestSettings, variableSwitch } from "./generate.ts";

export const costDefinitions: readonly CommandDefinition[] = [
  {
    name: "cost estimate",
    summary: "the price of a request before it is sent",
    usage: "<prompt> [generate options]",
    operands: { least: 0, most: Number.POSITIVE_INFINITY },
    settings: requestSettings,
    switches: [...referenceSwitches, variableSwitch, rehearseSwitch, jsonSwitch],
    examples: [{ command: 'image-gen cost estimate "a red fox" -s 4K -n 2', note: "two pictures in 4K" }],
  },
  {
    name: "cost compare",
    summary: "a picture beside a clip of 5 and of 8 seconds",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: ["model", "size", "count", "tier"],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen cost compare -s 2K", note: "what moving pictures cost instead" }],
  },
  {
    name: "cost recommend",
    summary: "the cheapest model that can do it, and what is given up",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: ["size", "aspectRatio", "endpoint"],
    switches: [
      { flags: "--references <n>", help: "reference pictures that the request will have (default 0)" },
      {
        flags: "--quality <level>",
        help: "draft, good or best (default good)",
        choices: ["draft", "good", "best"],
      },
      jsonSwitch,
    ],
    examples: [
      { command: "image-gen cost recommend -s 4K --ar 21:9", note: "for a wide picture in 4K" },
      { command: "image-gen cost recommend --quality draft", note: "for many quick drafts" },
    ],
  },
];

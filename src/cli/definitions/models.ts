// Definition of `models`.

import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";

export const modelsDefinition: CommandDefinition = {
  name: "models",
  summary: "list the models with sizes, ratios, prices and life cycle",
  usage: "[id] [options]",
  operands: { least: 0, most: 1 },
  settings: ["auth", "endpoint"],
  switches: [{ flags: "--all", help: "also retired models and those that this version cannot run" }, jsonSwitch],
  examples: [
    { command: "image-gen models", note: "what can be used on the default connection" },
    { command: "image-gen models --auth adc --all", note: "everything that is known, seen from Vertex AI" },
    { command: "image-gen models <id>", note: "one model with its ratios and aliases" },
  ],
};

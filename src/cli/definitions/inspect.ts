// Definition of `inspect`.

import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";

export const inspectDefinition: CommandDefinition = {
  name: "inspect",
  summary: "read back what a picture says of itself: kind, pixels, provenance, how it was made",
  usage: "<file> [options]",
  operands: { least: 1, most: 1 },
  settings: [],
  switches: [jsonSwitch],
  examples: [
    { command: "image-gen inspect fox.png", note: "prompt, model and cost, from beside the picture or from inside" },
    { command: "image-gen inspect fox.jpg --json", note: "all of it, the whole record included" },
  ],
  notes:
    "Reads the picture and the record beside it, changes nothing and asks nobody. Whether a C2PA mark is there is told; whether its signature holds is not checked.",
};

// Definition of `edit`.

import type { CommandDefinition } from "../command-line/command-definition.ts";
import { generateDefinition } from "./generate.ts";

export const editDefinition: CommandDefinition = {
  ...generateDefinition,
  name: "edit",
  summary: "change a picture by saying how",
  usage: "<picture> <instruction> [generate options]",
  operands: { least: 2, most: Number.POSITIVE_INFINITY },
  examples: [
    { command: 'image-gen edit fox.jpg "make it winter"', note: "a new picture; the old one stays" },
    { command: 'image-gen edit fox.jpg "the same light" -i sea.jpg', note: "with another picture beside it" },
  ],
  notes:
    "The picture goes first. Where its record names a conversation (--session) that this machine still has, it goes on from there, with everything said before; else the picture is sent as a reference.",
};

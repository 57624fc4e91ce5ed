// Definitions of `session list`, `show`, `undo`, `fork` and `delete`.

import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";

const shared = { settings: [], switches: [jsonSwitch] } as const;

export const sessionDefinitions: readonly CommandDefinition[] = [
  {
    name: "session list",
    summary: "your conversations about pictures, with what they have cost",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    ...shared,
    examples: [{ command: "image-gen session list", note: "begin or go on with one: --session <name>" }],
  },
  {
    name: "session show",
    summary: "the turns of a conversation",
    usage: "<name> [options]",
    operands: { least: 1, most: 1 },
    operandNames: "session",
    ...shared,
    examples: [{ command: "image-gen session show fox", note: "what was said, the pictures, the cost so far" }],
  },
  {
    name: "session undo",
    summary: "take the last turn of a conversation back",
    usage: "<name> [options]",
    operands: { least: 1, most: 1 },
    operandNames: "session",
    ...shared,
    examples: [{ command: "image-gen session undo fox", note: "its picture stays, and so does its cost" }],
  },
  {
    name: "session fork",
    summary: "go on from an earlier turn under another name",
    usage: "<name> <new name> [options]",
    operands: { least: 2, most: 2 },
    operandNames: "session",
    settings: [],
    switches: [{ flags: "--turns <n>", help: "take over the first n turns (default: all)" }, jsonSwitch],
    examples: [{ command: "image-gen session fork fox fox-at-sea --turns 2", note: "fox stays as it is" }],
  },
  {
    name: "session delete",
    summary: "delete a conversation; its published pictures stay",
    usage: "<name> [options]",
    operands: { least: 1, most: 1 },
    operandNames: "session",
    ...shared,
    examples: [{ command: "image-gen session delete fox", note: "turns, signatures and the copies of its pictures" }],
  },
];

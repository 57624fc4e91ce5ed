// All commands, in the order of the help text. A new command is a definition here and a handler in ../commands.

import type { CommandDefinition } from "../command-line/command-definition.ts";
import { completeDefinition } from "./complete.ts";
import { configDefinitions } from "./config.ts";
import { costDefinitions } from "./cost.ts";
import { doctorDefinitions } from "./doctor.ts";
import { emulatorDefinition } from "./emulator.ts";
import { editDefinition } from "./edit.ts";
import { generateDefinition } from "./generate.ts";
import { historyDefinition } from "./history.ts";
import { inspectDefinition } from "./inspect.ts";
import { mcpDefinition } from "./mcp.ts";
import { modelsDefinition } from "./models.ts";
import { recoverDefinition } from "./recover.ts";
import { spendDefinitions } from "./spend.ts";
import { sessionDefinitions } from "./session.ts";
import { stylesDefinitions } from "./styles.ts";
import { videoDefinitions } from "./video.ts";

export const definitions: readonly CommandDefinition[] = [
  generateDefinition,
  editDefinition,
  ...videoDefinitions,
  inspectDefinition,
  modelsDefinition,
  ...stylesDefinitions,
  ...sessionDefinitions,
  ...doctorDefinitions,
  ...costDefinitions,
  ...spendDefinitions,
  historyDefinition,
  recoverDefinition,
  ...configDefinitions,
  mcpDefinition,
  emulatorDefinition,
  completeDefinition,
];

export const defaultDefinition = generateDefinition;

/** First words of commands, `help` among them: what a prompt of one word must not be mistaken for. */
export const commandWords: readonly string[] = [
  ...new Set([...definitions.map(({ name }) => name.split(" ")[0] ?? name), "help"]),
];

export function definitionOf(name: string): CommandDefinition | undefined {
  return definitions.find((definition) => definition.name === name);
}

/** Commands that begin with a word: `cost` gives three. */
export function membersOf(word: string): readonly CommandDefinition[] {
  return definitions.filter(({ name }) => name === word || name.startsWith(`${word} `));
}

// Misspelt commands: never buy a picture of "modles". Looks at what would be a prompt for the default command.

import { distance } from "fastest-levenshtein";
import type { Problem } from "../core/tool-error.ts";
import { commandWords, membersOf } from "./definitions/index.ts";

// Two edits, but never more than half of the word: "cat" is not a misspelt "cost".
function closest(word: string, known: readonly string[]): string | undefined {
  const most = Math.min(2, Math.floor(word.length / 2));
  const [best] = known
    .map((name) => ({ name, edits: distance(word.toLowerCase(), name) }))
    .filter(({ edits }) => edits <= most)
    .toSorted((a, b) => a.edits - b.edits);
  return best?.name;
}

/** The problem when the words look like a command with a slip of the finger; `undefined` when they are a prompt. */
export function misspeltCommand(operands: readonly string[]): Problem | undefined {
  const [first, second, ...rest] = operands;
  if (first === undefined || /\s/.test(first)) return undefined;
  const word = closest(first, commandWords);
  if (word === undefined) return undefined;
  const members = membersOf(word).filter(({ name }) => name !== word);
  if (second === undefined) return refusal(first, word, first);
  // `cots estimate …`: both words fit a command of two words.
  const member = closest(
    second,
    members.map(({ name }) => name.slice(word.length + 1)),
  );
  if (member !== undefined) return refusal(`${first} ${second}`, `${word} ${member}`, operands.join(" "));
  // `generat "a fox"`: the rest is quoted like a prompt.
  if (word === "generate" && [second, ...rest].some((part) => /\s/.test(part))) {
    return refusal(first, word, operands.join(" "));
  }
  return undefined;
}

function refusal(given: string, command: string, prompt: string): Problem {
  return {
    code: "usage",
    field: "prompt",
    message: `${JSON.stringify(given)} looks like the command ${JSON.stringify(command)}, so no picture was bought. To draw it all the same: image-gen generate ${JSON.stringify(prompt)}.`,
    given,
    suggestion: `image-gen ${command}`,
  };
}

// Misspelt commands: never buy a picture of "modles". Looks at what would be a prompt for the default command.

import { distance } from "fastest-levenshtein";
import type { Problem } from "../../core/tool-error.ts";
import { commandWords, membersOf } from "../definitions/index.ts";

const letters = (text: string): string => text.split("").toSorted().join("");

/** One slip of the finger: a letter too many, too few or wrong after the first, or two neighbours swapped. "hello" is no slip of "help". */
function isSlip(word: string, name: string): boolean {
  const edits = distance(word, name);
  if (edits <= 1) return word[0] === name[0];
  return edits === 2 && word.length === name.length && letters(word) === letters(name);
}

function closest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  return known.find((name) => name === typed) ?? known.find((name) => isSlip(typed, name));
}

/** Commands that documents name and this version has not got: `image-gen batch jobs.jsonl` must not buy a picture of these words. */
const PLANNED: readonly string[] = ["batch", "gallery"];

function isPlanned(word: string): boolean {
  return PLANNED.includes(word.toLowerCase()) && !commandWords.includes(word.toLowerCase());
}

function notYet(command: string, prompt: string): Problem {
  return {
    code: "usage",
    field: "prompt",
    message: `This version has no command ${JSON.stringify(command)}, and no picture was bought. To draw the words all the same: image-gen generate ${JSON.stringify(prompt)}.`,
    given: command,
  };
}

/** The problem when the words look like a command with a slip of the finger; `undefined` when they are a prompt. */
export function misspeltCommand(operands: readonly string[]): Problem | undefined {
  const [first, second, ...rest] = operands;
  if (first === undefined || /\s/.test(first)) return undefined;
  if (isPlanned(first)) return notYet(first.toLowerCase(), operands.join(" "));
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

/** The same for clips, which are dearer: a single word that is a command, or nearly one, is no prompt. */
export function misspeltForClip(operands: readonly string[]): Problem | undefined {
  const [word, ...more] = operands;
  if (word === undefined || more.length > 0 || /\s/.test(word)) return undefined;
  const command = closest(word, ["resume", ...commandWords]);
  if (command === undefined) return undefined;
  const suggestion = command === "resume" ? "video-gen resume" : `image-gen ${command}`;
  return {
    code: "usage",
    field: "prompt",
    message: `${JSON.stringify(word)} looks like the command ${JSON.stringify(command)}, so no clip was bought. A prompt has more than one word.`,
    given: word,
    suggestion,
  };
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

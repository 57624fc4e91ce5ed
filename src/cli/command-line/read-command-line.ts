// Reading a command line: which command, its options and operands, every mistake at once. Nothing is run here.
// commander splits options from operands; which command is meant is decided before, because a misspelt command is a prompt otherwise.

import type { Command } from "commander";
import { nearest } from "../../core/nearest.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { SettingName } from "../../settings/table.ts";
import { counted } from "../reports/amounts.ts";
import { type CommandDefinition, switchName, typedName } from "./command-definition.ts";
import { buildParser, type OptionMeanings } from "./command-parser.ts";
import { commandWords, defaultDefinition, definitionOf, membersOf } from "../definitions/index.ts";
import type { CommandLine, Invocation } from "./invocation.ts";
import { misspeltCommand } from "./misspelt-command.ts";

/** Switches without a value that may stand before the command's name. */
const leadingSwitches = new Set(
  defaultDefinition.switches.flatMap(({ flags }) => (flags.includes("<") ? [] : flags.split(", "))),
);

/** True when `--json` stands among the options, even after a mistake. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? argv.length : end).includes("--json");
}

export function readCommandLine(argv: readonly string[]): CommandLine {
  if (argv.length === 0) return { kind: "nothing", topic: null };
  if (argv.length === 1 && argv[0] === "video") return { kind: "nothing", topic: "video" };
  const start = argv.findIndex((word) => !leadingSwitches.has(word));
  const before = start === -1 ? argv : argv.slice(0, start);
  const [word, second, ...further] = start === -1 ? [] : argv.slice(start);

  if (word === "-V" || word === "--version") return { kind: "version" };
  if (word === "-h" || word === "--help") return { kind: "help", topic: null };
  if (word === "help") return readHelpTopic([second, ...further].filter((part) => part !== undefined));
  if (word === undefined || !commandWords.includes(word)) {
    return readOptions(defaultDefinition, argv, false);
  }

  const rest = second === undefined ? [] : [second, ...further];
  if (word === "complete" && second === "--") return completionQuestion(further);
  const definition = longestNamed([word, ...rest]);
  if (definition) {
    const taken = definition.name.split(" ").length;
    const given = [word, ...rest].slice(taken);
    const [next] = given;
    // `spend budgte`: where a command takes no words, what follows its name can only be a longer name.
    if (
      next !== undefined &&
      !isOption(next) &&
      definition.operands.most === 0 &&
      membersOf(definition.name).length > 1
    ) {
      return { kind: "mistake", problems: [unknownMember(definition.name, next)] };
    }
    return readOptions(definition, [...before, ...given], true);
  }
  if (second === "-h" || second === "--help") return { kind: "help", topic: word };
  return { kind: "mistake", problems: [unknownMember(word, second)] };
}

const LONGEST_NAME_WORDS = 3;

/** The command whose name takes most of the words: `spend budget set` before `spend budget`. */
function longestNamed(words: readonly string[]): CommandDefinition | undefined {
  for (let count = LONGEST_NAME_WORDS; count > 0; count -= 1) {
    const definition = count > words.length ? undefined : definitionOf(words.slice(0, count).join(" "));
    if (definition) return definition;
  }
  return undefined;
}

/** The words are somebody's half-typed command line: nothing in them is an option of ours. */
function completionQuestion(words: readonly string[]): Invocation {
  return {
    kind: "command",
    command: "complete",
    explicit: true,
    operands: words,
    asksForWords: true,
    flags: {},
    switches: new Map(),
    lists: new Map(),
    problems: [],
  };
}

function readHelpTopic(words: readonly string[]): CommandLine {
  const topic = words.filter((word) => !word.startsWith("-")).join(" ");
  if (topic === "") return { kind: "help", topic: null };
  if (membersOf(topic).length > 0) return { kind: "help", topic };
  const [suggestion] = nearest(topic, commandWords, 1);
  return {
    kind: "mistake",
    problems: [
      {
        code: "usage",
        field: "help",
        message: `There is no command ${JSON.stringify(topic)}.`,
        given: topic,
        allowed: commandWords,
        ...(suggestion ? { suggestion: `image-gen help ${suggestion}` } : {}),
      },
    ],
  };
}

function unknownMember(word: string, given: string | undefined): Problem {
  const allowed = membersOf(word)
    .map(({ name }) => name.slice(word.length + 1))
    .filter((name) => name !== "");
  const [suggestion] = given === undefined ? [] : nearest(given, allowed, 1);
  return {
    code: "usage",
    field: word,
    message:
      given === undefined || given.startsWith("-")
        ? `\`image-gen ${word}\` needs to be told what to do.`
        : `\`image-gen ${word}\` has no ${JSON.stringify(given)}.`,
    ...(given === undefined ? {} : { given }),
    allowed,
    ...(suggestion ? { suggestion: `image-gen ${word} ${suggestion}` } : {}),
  };
}

function readOptions(definition: CommandDefinition, words: readonly string[], explicit: boolean): CommandLine {
  const problems: Problem[] = [];
  const { parser, meanings } = buildParser(definition);
  const split = splitOptions(parser, words, problems);

  const unknownOptions = split.unknown;
  if (unknownOptions.some((word) => word === "-h" || word === "--help")) {
    return { kind: "help", topic: explicit ? definition.name : null };
  }
  const known = parser.options.flatMap(({ short, long }) => [short, long].filter((flag) => flag !== undefined));
  problems.push(...unknownOptions.map((word) => unknownOption(word, known, definition, explicit)));

  const operands = [...split.operands, ...split.literal];
  const invocation: Invocation = {
    kind: "command",
    command: definition.name,
    explicit,
    operands,
    asksForWords: false,
    ...givenOptions(parser, meanings),
    problems,
  };
  const { least, most } = definition.operands;
  if (operands.length < least || operands.length > most) problems.push(wrongOperands(definition, operands));
  if (!explicit && split.literal.length === 0) {
    const misspelt = misspeltCommand(operands);
    if (misspelt) return { kind: "mistake", problems: [misspelt, ...problems] };
  }
  return invocation;
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith("-");
}

interface Split {
  readonly operands: readonly string[];
  readonly unknown: readonly string[];
  /** What stands after `--`. */
  readonly literal: readonly string[];
}

function splitOptions(parser: Command, words: readonly string[], problems: Problem[]): Split {
  try {
    const { operands, unknown } = parser.parseOptions([...words]);
    // After an unknown option commander puts everything that is left into `unknown`, `--` included.
    const end = unknown.indexOf("--");
    const mixed = end === -1 ? unknown : unknown.slice(0, end);
    const literal = end === -1 ? literalTail(words, operands) : unknown.slice(end + 1);
    return {
      operands: [
        ...operands.slice(0, operands.length - (end === -1 ? literal.length : 0)),
        ...mixed.filter((word) => !isOption(word)),
      ],
      unknown: mixed.filter(isOption),
      literal,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^error: /, "") : String(error);
    const flag = /--?[\w-]+/.exec(message)?.[0] ?? "";
    problems.push({ code: "usage", field: flag, message: `${flag} needs a value.` });
    return { operands: [], unknown: [], literal: [] };
  }
}

/** The words after `--` when commander has put them at the end of the operands. */
function literalTail(words: readonly string[], operands: readonly string[]): readonly string[] {
  for (let at = words.indexOf("--"); at !== -1; at = words.indexOf("--", at + 1)) {
    const tail = words.slice(at + 1);
    // An option's value may be `--` too; the literal marker is the one whose tail ends the operands.
    if (
      tail.length <= operands.length &&
      tail.every((word, index) => operands[operands.length - tail.length + index] === word)
    ) {
      return tail;
    }
  }
  return [];
}

function givenOptions(parser: Command, meanings: OptionMeanings): Pick<Invocation, "flags" | "switches" | "lists"> {
  const flags: Partial<Record<SettingName, string>> = {};
  const switches = new Map<string, string | boolean>();
  const lists = new Map<string, readonly string[]>();
  for (const option of parser.options) {
    const attribute = option.attributeName();
    if (parser.getOptionValueSource(attribute) !== "cli") continue;
    const given: unknown = parser.getOptionValue(attribute);
    const words = Array.isArray(given) ? given.map(String) : null;
    const value = typeof given === "string" ? given : given === true;
    const meaning = meanings.get(attribute);
    if (meaning?.setting) flags[meaning.setting] = String(value);
    else if (meaning?.switch && words !== null) lists.set(switchName(meaning.switch), words);
    else if (meaning?.switch) switches.set(switchName(meaning.switch), value);
  }
  return { flags, switches, lists };
}

function unknownOption(
  word: string,
  known: readonly string[],
  definition: CommandDefinition,
  explicit: boolean,
): Problem {
  const name = word.replace(/=.*$/s, "");
  const [suggestion] = nearest(name, known, 1);
  const command = explicit ? typedName(definition.name) : "image-gen";
  return {
    code: "usage",
    field: name,
    message: `\`${command}\` has no option ${name}. A prompt that begins with a dash goes after --.`,
    given: name,
    ...(suggestion ? { suggestion } : {}),
  };
}

function wrongOperands(definition: CommandDefinition, operands: readonly string[]): Problem {
  const { least, most } = definition.operands;
  return {
    code: "usage",
    field: definition.name,
    message:
      operands.length < least
        ? `Something is missing: ${typedName(definition.name)} ${definition.usage}`
        : `\`${typedName(definition.name)}\` takes ${most === 0 ? "no words" : `at most ${counted(most, "word")}`}, but got ${JSON.stringify(operands.slice(most).join(" "))} as well.`,
  };
}

// `complete`: the script for a shell, and the answers that the script asks for on each TAB (`complete -- <words>`).

import { RootCommand, ShellCompDirective } from "@bomb.sh/tab";
import type { ExitCode } from "../../core/error-table.ts";
import { settingRow } from "../../settings/table.ts";
import { type CommandDefinition, switchName } from "../command-line/command-definition.ts";
import type { Context } from "../context.ts";
import { shells } from "../definitions/complete.ts";
import { commandWords, defaultDefinition, definitions, membersOf } from "../definitions/index.ts";
import { type CommandInput, requireNoProblems } from "../handler.ts";
import { type KnownNames, readKnownNames } from "../command-line/known-names.ts";
import { problemsFailure } from "../reports/problems-failure.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  const { operands, asksForWords } = input.invocation;
  const root = describeCommands(readKnownNames(context));
  if (asksForWords && takesFile(operands.at(-2))) {
    context.stdout.write(`:${ShellCompDirective.ShellCompDirectiveDefault}\n`);
    return 0;
  }
  if (asksForWords) {
    context.stdout.write(printed(() => root.parse([...operands])));
    return 0;
  }
  requireNoProblems(input);
  const shell = operands[0] ?? "";
  if (!shells.some((known) => known === shell)) {
    throw problemsFailure([
      {
        code: "value-not-allowed",
        field: "shell",
        message: `There is no completion for ${JSON.stringify(shell)}.`,
        given: shell,
        allowed: shells,
      },
    ]);
  }
  context.stdout.write(printed(() => root.setup("image-gen", "image-gen", shell)));
  return 0;
}

/** The word after this option is a file or a folder, which the shell completes better. */
function takesFile(option: string | undefined): boolean {
  const flags = [settingRow("output"), settingRow("credentialsFile")].flatMap((row) => row.flags?.split(/[ ,]+/) ?? []);
  flags.push("-i", "--image", "-d", "--doc");
  return option !== undefined && option.startsWith("-") && flags.includes(option);
}

// What --ar offers is the model's; these are what the image models have in common. Source: google-apis facts §2.2, 2026-11-22.
const commonRatios = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];

function describeCommands(known: KnownNames): RootCommand {
  const root = new RootCommand();
  const valuesOf = (name: string, choices: readonly string[], command: string): readonly string[] => {
    if (name === "model") return command.startsWith("video") ? known.videoModel : known.imageModel;
    if (name === "style" || name === "session") return known[name];
    return name === "aspectRatio" ? commonRatios : choices;
  };
  const addOptions = (target: Pick<RootCommand, "option">, definition: CommandDefinition) => {
    for (const name of definition.settings) {
      const row = settingRow(name);
      if (row.flags !== null) addOption(target, row.flags, row.help, valuesOf(name, row.choices, definition.name));
    }
    for (const definedSwitch of definition.switches) {
      const { flags, help, choices = [] } = definedSwitch;
      addOption(target, flags, help, valuesOf(switchName(definedSwitch), choices, definition.name));
    }
  };
  addOptions(root, defaultDefinition);
  // tab walks word by word: the first word of `cost estimate` must be known too.
  for (const word of commandWords) {
    const [first, ...others] = membersOf(word);
    root.command(word, others.length === 0 ? (first?.summary ?? "help") : `${word} …`);
  }
  for (const definition of definitions) {
    const command = root.command(definition.name, definition.summary);
    addOptions(command, definition);
    const { operandNames, operandChoices = [] } = definition;
    const choices = operandNames === undefined ? operandChoices : known[operandNames];
    if (choices.length > 0) {
      command.argument("word", (complete) => {
        for (const value of choices) complete(value, "");
      });
    }
  }
  return root;
}

function addOption(target: Pick<RootCommand, "option">, flags: string, help: string, values: readonly string[]): void {
  const short = /(?:^|\s)-(\w)\b/.exec(flags)?.[1];
  const offer = (complete: (value: string, description: string) => void) => {
    for (const value of values) complete(value, "");
  };
  for (const [, long = ""] of flags.matchAll(/--([\w-]+)/g)) {
    if (flags.includes("<")) target.option(long, help, offer, short);
    else if (short === undefined) target.option(long, help);
    else target.option(long, help, short);
  }
}

/** tab writes with console.log; here it becomes text, so that it goes where this program's data goes. */
function printed(write: () => void): string {
  const lines: string[] = [];
  const log = globalThis.console.log.bind(globalThis.console);
  globalThis.console.log = (...words: unknown[]) => void lines.push(words.join(" "));
  try {
    write();
  } finally {
    globalThis.console.log = log;
  }
  return lines.map((line) => `${line}\n`).join("");
}

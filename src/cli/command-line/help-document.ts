// Help for machines: commands, options and exit codes as one document. Each option is described once and named by the
// commands that take it, so that all of it fits into what an agent's host passes on.

import { exitCodeMeanings } from "../../core/exit-codes.ts";
import { type SettingName, settingNames, settingRow } from "../../settings/table.ts";
import type { SettingGroup } from "../../settings/setting.ts";
import { type CommandDefinition, type SwitchDefinition, switchName, typedName } from "./command-definition.ts";
import { defaultDefinition, definitions, membersOf } from "../definitions/index.ts";

interface OptionHelp {
  /** As they are typed: `-m, --model <id>`. */
  readonly flags: string;
  readonly help: string;
  readonly choices?: readonly string[];
  readonly environment?: readonly string[];
  readonly settingsKey?: string;
}

/** In the document of all commands; all of a command's are told where it is asked for by name. */
const examplesOf = (definition: CommandDefinition, topic: string | null): CommandDefinition["examples"] =>
  topic === null ? definition.examples.slice(0, definition === defaultDefinition ? 3 : 1) : definition.examples;

/** All commands (`null`), one, or those that share a first word. */
export function helpDocument(topic: string | null, version: string) {
  const shown = topic === null ? definitions : membersOf(topic);
  const options: Record<string, OptionHelp> = {};
  const toldChoices = new Set<string>();
  const commands = shown.map((definition) => {
    const { name, summary, usage, operandChoices, notes, sameAs } = definition;
    // Told once: the other name's options and notes stand at the command itself.
    if (topic === null && sameAs !== undefined) {
      return { name, summary, usage: `${typedName(name)} ${usage}`, sameAs, options: [], examples: [] };
    }
    return {
      name,
      summary,
      usage: `${typedName(name)} ${usage}`,
      ...operandsOnce(operandChoices, toldChoices),
      // In the document of all, an option of several commands is told once, in the words of the table.
      ...listOptions(topic === null ? { ...definition, settingHelp: {} } : definition, options, topic),
      examples: examplesOf(definition, topic).map(({ command, note }) => ({ command, note })),
      ...(notes === undefined ? {} : { notes }),
    };
  });
  return {
    version: 1,
    program: { name: "image-gen", version },
    defaultCommand: defaultDefinition.name,
    commands,
    options,
    ...(topic === null ? { optionGroups: Object.fromEntries(groups) } : {}),
    ...(topic === null ? { environment: environmentHelp() } : {}),
    exitCodes: exitCodeMeanings,
  };
}

/** Several commands take the same words, the keys of the settings file for one: the first of them tells. */
function operandsOnce(choices: readonly string[] | undefined, told: Set<string>) {
  const key = choices?.join(" ");
  if (choices === undefined || key === undefined || told.has(key)) return {};
  told.add(key);
  return { operands: choices };
}

const GROUPS: readonly SettingGroup[] = ["picture", "imagen", "connection", "network"];

/** Options that are taken together: in the document of all commands they are named once, and a command says that it takes them. */
const groups: ReadonlyMap<SettingGroup, readonly string[]> = new Map(
  GROUPS.map((group) => {
    const rows = settingNames.filter((name) => settingRow(name).group === group && settingRow(name).flags !== null);
    return [group, rows];
  }),
);

function listOptions(definition: CommandDefinition, described: Record<string, OptionHelp>, topic: string | null) {
  const names = collectOptions(definition, described);
  const taken = [...groups].filter(([, members]) => members.every((name) => names.includes(name)));
  if (topic !== null || taken.length === 0) return { options: names };
  const told = new Set(taken.flatMap(([, members]) => members));
  return { optionGroups: taken.map(([group]) => group), options: names.filter((name) => !told.has(name)) };
}

/** Names of the command's options; describes those that are new. */
function collectOptions(definition: CommandDefinition, described: Record<string, OptionHelp>): string[] {
  return [
    ...definition.settings.flatMap((name) => {
      const help = describeSetting(name, definition);
      return help === null ? [] : [keep(described, name, help)];
    }),
    ...definition.switches.map((one) => keep(described, switchName(one), describeSwitch(one))),
  ];
}

/** Commands may have options of one name that are not the same. */
function keep(described: Record<string, OptionHelp>, name: string, help: OptionHelp): string {
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? name : `${name} (${number})`;
    const known = described[key];
    if (known && (known.flags !== help.flags || known.help !== help.help)) continue;
    described[key] = help;
    return key;
  }
}

function describeSetting(
  name: SettingName,
  { settingHelp }: Pick<CommandDefinition, "settingHelp">,
): OptionHelp | null {
  const { flags, help, choices, environment, fileKey } = settingRow(name);
  if (flags === null) return null;
  return {
    flags,
    help: settingHelp?.[name] ?? help,
    ...(choices.length === 0 ? {} : { choices }),
    ...(environment.length === 0 ? {} : { environment }),
    ...(fileKey === null ? {} : { settingsKey: fileKey }),
  };
}

function describeSwitch({ flags, help, choices }: SwitchDefinition): OptionHelp {
  return { flags, help, ...(choices ? { choices } : {}) };
}

/** Variables of settings that have no option. */
function environmentHelp(): Readonly<Record<string, string>> {
  const entries = settingNames
    .map(settingRow)
    .filter(({ flags }) => flags === null)
    .flatMap(({ environment, help }) => environment.map((variable) => [variable, help] as const));
  return Object.fromEntries(entries);
}

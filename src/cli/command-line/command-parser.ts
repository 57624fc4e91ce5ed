// Command parser: a definition and the settings table become commander options, for parsing and for help.

import { Command, Option } from "commander";
import { helpWithChoices, type SettingGroup } from "../../settings/setting.ts";
import { type SettingName, settingRow } from "../../settings/table.ts";
import type { CommandDefinition, SwitchDefinition } from "./command-definition.ts";

interface OptionMeaning {
  readonly setting?: SettingName;
  readonly switch?: SwitchDefinition;
}

/** What an option stands for, by commander's attribute name. */
export type OptionMeanings = ReadonlyMap<string, OptionMeaning>;

const groupHeadings: Record<SettingGroup, string> = {
  picture: "Picture:",
  imagen: "Imagen (retired; Vertex AI with --allow-retired):",
  retired: "Picture:",
  connection: "Connection:",
  network: "Connection:",
  display: "Run and output:",
  agents: "Run and output:",
};

function headingOf(group: SettingGroup, { subject }: CommandDefinition): string {
  const heading = groupHeadings[group];
  return heading === groupHeadings.picture && subject !== undefined ? `${subject}:` : heading;
}

/** A commander command that never prints or exits, and what each of its options means. */
export function buildParser(definition: CommandDefinition): { parser: Command; meanings: OptionMeanings } {
  const parser = new Command(definition.name)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    .helpOption(false)
    .helpCommand(false);
  const meanings = new Map<string, OptionMeaning>();
  const add = (option: Option, meaning: OptionMeaning) => {
    parser.addOption(option);
    meanings.set(option.attributeName(), meaning);
  };
  for (const name of definition.settings) {
    const row = settingRow(name);
    if (row.flags === null) continue;
    const help = definition.settingHelp?.[name] ?? helpWithChoices(row);
    add(new Option(row.flags, help).helpGroup(headingOf(row.group, definition)), { setting: name });
  }
  for (const definedSwitch of definition.switches) {
    const option = new Option(definedSwitch.flags, helpWithChoices(definedSwitch)).helpGroup(
      headingOf(definedSwitch.group ?? "display", definition),
    );
    if (definedSwitch.repeats) option.argParser<string[]>((value, before) => [...(before ?? []), value]);
    add(option, { switch: definedSwitch });
  }
  return { parser, meanings };
}

// Definitions of `doctor` and of its other name, `check`.

import { groupsOfTheRetired } from "../../settings/setting.ts";
import { settingNames, settingRow } from "../../settings/table.ts";
import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";
import { rehearseSwitch } from "./generate.ts";

const doctorDefinition: CommandDefinition = {
  name: "doctor",
  summary: "ask each connection that has a credential what it can do; free",
  usage: "[options]",
  operands: { least: 0, most: 0 },
  settings: settingNames.filter((name) => !groupsOfTheRetired.has(settingRow(name).group)),
  switches: [rehearseSwitch, jsonSwitch],
  examples: [
    { command: "image-gen doctor", note: "the default connection, and every other that has a credential" },
    { command: "image-gen doctor --auth adc --location europe-west4", note: "the connection that would be used so" },
  ],
  notes:
    "Nothing that costs anything is called. The exit code is 0 when the chosen connection can make a picture, else that of its first failed check.",
};

export const doctorDefinitions: readonly CommandDefinition[] = [
  doctorDefinition,
  {
    ...doctorDefinition,
    name: "check",
    sameAs: "doctor",
    summary: "another name for doctor",
    examples: [{ command: "image-gen check", note: "the same as image-gen doctor" }],
  },
];

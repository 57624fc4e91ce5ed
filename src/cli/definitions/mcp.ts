// Definition of `mcp`: the server for coding agents.

import { groupsOfTheRetired } from "../../settings/setting.ts";
import { settingNames, settingRow } from "../../settings/table.ts";
import type { CommandDefinition } from "../command-line/command-definition.ts";
import { foregroundSwitch, rehearseSwitch } from "./generate.ts";

/** What belongs to one picture comes with each call of the agent; only the person's limits and defaults are options here. */
const perPicture = new Set(["count", "seed", "system", "search", "preview"]);

export const mcpDefinition: CommandDefinition = {
  name: "mcp",
  summary: "serve coding agents over the Model Context Protocol",
  usage: "[options]",
  operands: { least: 0, most: 0 },
  settings: settingNames.filter(
    (name) =>
      !groupsOfTheRetired.has(settingRow(name).group) && (settingRow(name).flags === null || !perPicture.has(name)),
  ),
  switches: [
    rehearseSwitch,
    foregroundSwitch,
    { flags: "--http", help: "streamable HTTP on 127.0.0.1 instead of stdin and stdout" },
    { flags: "--port <n>", help: "port for --http (default: a free one)" },
  ],
  examples: [
    { command: "image-gen mcp", note: "what an agent's host starts; set-up: docs/agents.md" },
    { command: "image-gen mcp --rehearse", note: "try an agent's workflow without paying" },
    { command: "image-gen mcp --http --port 4815", note: "prints the address and a token for this start" },
  ],
  notes:
    "Speaks the protocol on stdin and stdout; diagnostics go to stderr. An agent can lower your limits and never raise them: set them with image-gen config set and image-gen spend budget set.",
};

// The options of a run as they go into the metadata beside a picture: what was set and is no secret.

import { settingNames, settingRow } from "../../settings/table.ts";
import type { CommandInput } from "../handler.ts";

/** Settings that are not defaults, without secrets, addresses that may hold a password, and what only the display needs. */
export function metadataOptions({ invocation, settings }: CommandInput): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = { command: invocation.command };
  for (const name of settingNames) {
    const row = settingRow(name);
    if (settings.origins[name].kind === "default" || row.secret || row.group === "network" || row.group === "display")
      continue;
    options[name] = settings.values[name];
  }
  if (invocation.switches.has("rehearse")) options["rehearse"] = true;
  return options;
}

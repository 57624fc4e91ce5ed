// Rehearsal demand: IMAGE_GEN_REHEARSE turns every command that can be rehearsed into a rehearsal, as if --rehearse were given.

import { onOff } from "../../settings/parsers.ts";
import { settingRow } from "../../settings/table.ts";
import { switchName } from "./command-definition.ts";
import type { Context } from "../context.ts";
import { definitionOf } from "../definitions/index.ts";
import type { Invocation } from "./invocation.ts";

/** The invocation with the switch `rehearse` when the environment demands it. */
export function withRehearsal(invocation: Invocation, environment: Context["environment"]): Invocation {
  const canRehearse = definitionOf(invocation.command)?.switches.some((one) => switchName(one) === "rehearse") ?? false;
  if (!canRehearse || !isDemanded(environment)) return invocation;
  return { ...invocation, switches: new Map([...invocation.switches, ["rehearse", true]]) };
}

/** A value that cannot be read counts as yes: the mistake is reported, and until then nothing may cost anything. */
function isDemanded(environment: Context["environment"]): boolean {
  const given = settingRow("rehearse")
    .environment.map((name) => environment[name]?.trim() ?? "")
    .find((text) => text !== "");
  if (given === undefined) return false;
  const parsed = onOff(given);
  return !parsed.ok || parsed.value;
}

// Intent: what the ledger keeps of a plan, so that another process can finish what this one began. No secret is in a plan.

import type { Plan } from "../../core/plan.ts";
import type { OperationRecord, JsonValue } from "../../spend/ledger/records.ts";
import type { ImageGenOptions } from "../options.ts";

export interface Intent {
  readonly plan: Plan;
  readonly command: ImageGenOptions["command"];
}

/** The prompt is left out: the ledger has it in a column of its own. */
export function intentOf(plan: Plan, command: ImageGenOptions["command"]): JsonValue {
  const kept = { version: 1, plan: { ...plan, request: { ...plan.request, prompt: "" } }, command: command ?? null };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a plan is a plain serialisable value
  return JSON.parse(JSON.stringify(kept)) as JsonValue;
}

/** The plan of an operation; `null` when another version of the program has written something that this one does not know. */
export function readIntent({ intent, prompt }: OperationRecord): Intent | null {
  if (typeof intent !== "object" || intent === null || !("version" in intent) || intent["version"] !== 1) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by intentOf of the same version
  const { plan, command } = intent as unknown as { plan: Plan; command: ImageGenOptions["command"] | null };
  return { plan: { ...plan, request: { ...plan.request, prompt } }, command: command ?? undefined };
}

// What the ledger keeps of a clip's plan, so that another process can finish what this one began. No secret is in a plan.

import type { ClipPlan } from "../../core/clip.ts";
import type { JsonValue, OperationRecord } from "../../spend/ledger/records.ts";
import { clipMark } from "../../spend/ledger/operation-kind.ts";
import type { ImageGenOptions } from "../options.ts";

export interface ClipIntent {
  readonly plan: ClipPlan;
  readonly command: ImageGenOptions["command"];
}

/** Other programs must not take it for a picture's: those have version 1 and no kind. */
const KIND = `${clipMark}1`;

/** What was written before there were other forms of an order, and prices by the token. */
const beforeInteractions = { wire: "predict" } as const;
const costBeforeTokens = { inputMicroUsd: 0, tokens: null, assumed: false } as const;

/** The prompt is left out: the ledger has it in a column of its own. */
export function clipIntentOf(plan: ClipPlan, command: ImageGenOptions["command"]): JsonValue {
  const kept = { version: KIND, plan: { ...plan, request: { ...plan.request, prompt: "" } }, command: command ?? null };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a plan is a plain serialisable value
  return JSON.parse(JSON.stringify(kept)) as JsonValue;
}

/** The plan of an operation that makes a clip; `null` for every other one. */
export function readClipIntent({ intent, prompt }: OperationRecord): ClipIntent | null {
  if (typeof intent !== "object" || intent === null || !("version" in intent) || intent["version"] !== KIND)
    return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by clipIntentOf of the same version
  const { plan: kept, command } = intent as unknown as { plan: ClipPlan; command: ImageGenOptions["command"] | null };
  const plan = { ...beforeInteractions, ...kept, cost: { ...costBeforeTokens, ...kept.cost } };
  return { plan: { ...plan, request: { ...plan.request, prompt } }, command: command ?? undefined };
}

// The outcome of a clip, and the record beside its file.

import type { ClipFailure, ClipOutcome, ClipPlan, ClipReport, ClipSuccess } from "../../core/clip.ts";
import type { CostReport, UsageReport } from "../../core/outcome.ts";
import { reportError, type ToolError } from "../../core/tool-error.ts";
import { metadataName } from "../../outputs/naming.ts";
import { writeMetadata } from "../../outputs/metadata.ts";
import { setRefusalAside } from "../../outputs/refusal-record.ts";
import { actualClipCost } from "../../spend/actual-clip-cost.ts";
import type { ImageGenOptions } from "../options.ts";

/** What became of a clip. */
export interface ClipResult {
  readonly report: ClipReport | null;
  readonly error: ToolError | null;
  readonly attempts: number;
  readonly durationMs: number;
  readonly handle: string | null;
  /** What the provider's answer counts. */
  readonly usage: UsageReport | null;
  readonly warnings: readonly string[];
}

/**
 * A clip that was made costs what its answer counts, else its list price; one that was not costs nothing. `unknown`: nobody
 * says.
 */
export function costOfClip({ cost }: ClipPlan, billed: "no" | "maybe" | "yes", usage: UsageReport | null): CostReport {
  const counted = usage === null || cost.tokens === null ? null : actualClipCost(cost.tokens, usage);
  const price = billed === "no" ? 0 : (counted ?? cost.estimatedMicroUsd);
  const known = counted === null ? "list-price" : "usage";
  const basis = !cost.metered ? "unmetered" : billed === "maybe" ? "unknown" : known;
  return {
    currency: "USD",
    estimatedMicroUsd: cost.estimatedMicroUsd,
    actualMicroUsd: !cost.metered ? 0 : billed === "maybe" ? null : price,
    listPriceMicroUsd: billed === "maybe" ? null : price,
    basis,
    pricedAsOf: cost.pricedAsOf,
    freeTier: false,
  };
}

export function reportClip(plan: ClipPlan, result: ClipResult): ClipOutcome {
  const { report, error, handle, attempts, usage } = result;
  const common = {
    operation: plan.operation,
    rehearsal: plan.rehearsal,
    route: { auth: plan.route.auth, endpoint: plan.route.endpoint, model: plan.route.model, modelVersion: null },
    request: plan.request,
    cost: costOfClip(plan, error === null ? "yes" : reportError(error).billed, usage),
    usage,
    attempts,
    durationMs: Math.round(result.durationMs),
    handle,
    warnings: [...new Set([...plan.warnings, ...result.warnings])],
  } as const;
  if (error !== null || report === null) {
    if (error === null) throw new Error("A clip ended neither well nor badly.");
    return { version: 1, status: "error", error: reportError(error), ...common } satisfies ClipFailure;
  }
  return { version: 1, status: "ok", ...common, videos: [report] } satisfies ClipSuccess;
}

/** Writes the record beside the file. Returns a warning when that failed; a record never costs the clip. */
export function writeClipRecord(
  plan: ClipPlan,
  outcome: ClipOutcome,
  path: string,
  nowMs: number,
  command: ImageGenOptions["command"],
): string | null {
  const name = metadataName(path);
  try {
    if (!plan.output.numbered) setRefusalAside(name);
    const record = { ...outcome, createdAt: new Date(nowMs).toISOString(), ...(command ? { command } : {}) };
    const written = writeMetadata([name], `${plan.operation}-0`, record);
    return written === null ? `The record ${name} was not written: the name is taken.` : null;
  } catch (error) {
    return `The record ${name} could not be written: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** The provider goes on with it, or may. */
export function isPending(outcome: ClipOutcome): boolean {
  return (
    outcome.status === "error" &&
    outcome.handle !== undefined &&
    outcome.handle !== null &&
    outcome.error.billed === "maybe"
  );
}

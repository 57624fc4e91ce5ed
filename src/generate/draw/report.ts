// The outcome of a request from what became of its pictures, and the record beside each picture. Pure.

import type {
  CostReport,
  ErrorOutcome,
  Outcome,
  RequestReport,
  SuccessOutcome,
  UsageReport,
} from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { reportError, ToolError } from "../../core/tool-error.ts";
import type { Model } from "../../google/models/model.ts";
import { type BilledCall, reportCost } from "../../spend/actual-cost.ts";
import type { PictureResult } from "./picture-result.ts";

export interface ReportInput {
  readonly plan: Plan;
  readonly model: Model;
  /** Of all pictures that were started. */
  readonly results: readonly PictureResult[];
  readonly durationMs: number;
  /** When it ended, milliseconds since 1970. */
  readonly nowMs: number;
  /** Why pictures that were not started are missing. */
  readonly notStarted: ToolError | null;
}

/** The design's one shape (§4). */
export function reportOutcome(input: ReportInput): Outcome {
  const { plan, results } = input;
  const images = results.flatMap(({ image }) => (image ? [image] : []));
  const stored = results.flatMap((result) => (result.stored ? [result.stored] : []));
  const made = images.length + stored.length;
  const errors = results.flatMap(({ error }) => (error ? [error] : []));
  const missing = plan.request.count - results.length;
  // The order of the fields is the design's: people read this too.
  const { version, operation, rehearsal, route, request, ...calls } = describeCalls(input);
  const [first, ...others] = [...errors, ...(missing > 0 && input.notStarted ? [input.notStarted] : [])];
  if (made === 0) {
    const error = weightiest(first ?? new ToolError("internal", { message: "No picture was started." }), others);
    const outcome: ErrorOutcome = {
      version,
      status: "error",
      operation,
      rehearsal,
      error: reportError(error),
      route,
      request,
      ...calls,
    };
    return outcome;
  }
  const failed = results.flatMap(({ index, error }) => (error ? [{ ...reportError(error), image: index }] : []));
  const reports = missing > 0 && input.notStarted ? [...failed, reportError(input.notStarted)] : failed;
  const outcome: SuccessOutcome = {
    version,
    status: made === plan.request.count ? "ok" : "partial",
    operation,
    rehearsal,
    route,
    request,
    images,
    ...(stored.length === 0 ? {} : { stored }),
    ...calls,
    ...(reports.length > 0 ? { errors: reports } : {}),
  };
  return outcome;
}

/** The record beside one picture, or of one refusal: the outcome of that picture alone, so that records add up. */
export function reportPicture(input: ReportInput, result: PictureResult): Outcome {
  const { plan } = input;
  const perImage = { ...plan.cost, estimatedMicroUsd: plan.cost.perImageMicroUsd + plan.cost.referencesMicroUsd };
  const request = { ...plan.request, count: 1 };
  return reportOutcome({ ...input, plan: { ...plan, cost: perImage, request }, results: [result], notStarted: null });
}

/** What one picture cost: the part of the operation's cost that the ledger records for its call. */
export function costOfPicture({ plan, model }: Pick<ReportInput, "plan" | "model">, call: BilledCall): CostReport {
  const estimate = { ...plan.cost, estimatedMicroUsd: plan.cost.perImageMicroUsd + plan.cost.referencesMicroUsd };
  return reportCost({ model, tier: plan.request.tier, estimate, calls: [call] });
}

function describeCalls({ plan, model, results, durationMs }: ReportInput) {
  const last = results.findLast(({ responseId }) => responseId !== null);
  const request: RequestReport = plan.request;
  const session = results.findLast((result) => result.session !== undefined)?.session;
  const texts = [...new Set(results.flatMap(({ text }) => (text === null ? [] : [text])))];
  return {
    version: 1,
    operation: plan.operation,
    rehearsal: plan.rehearsal,
    route: {
      auth: plan.route.auth,
      endpoint: plan.route.endpoint,
      model: plan.route.model,
      modelVersion: results.findLast(({ modelVersion }) => modelVersion !== null)?.modelVersion ?? null,
    },
    request,
    ...(session === undefined ? {} : { session }),
    text: texts.length === 0 ? null : texts.join("\n\n"),
    cost: reportCost({
      model,
      tier: plan.request.tier,
      estimate: plan.cost,
      calls: results.map(({ usage, searchQueries, image, stored, error }) => ({
        usage,
        searchQueries,
        hasPicture: image !== undefined || stored !== undefined || error?.exitCode === 8,
        isUnknown: error !== undefined && reportError(error).billed === "maybe",
      })),
    }),
    usage: sumUsage(results),
    attempts: results.reduce((sum, { attempts }) => sum + attempts, 0),
    durationMs: Math.round(durationMs),
    responseId: last?.responseId ?? null,
    warnings: [...new Set([...plan.warnings, ...results.flatMap(({ warnings }) => warnings)])],
  } as const;
}

function sumUsage(results: readonly PictureResult[]): UsageReport | null {
  const searchQueries = results.reduce((sum, result) => sum + result.searchQueries, 0);
  const usages = results.flatMap(({ usage }) => (usage ? [usage] : []));
  if (usages.length === 0) return null;
  return {
    promptTokens: usages.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    imageTokens: usages.reduce((sum, { imageTokens }) => sum + imageTokens, 0),
    textTokens: usages.reduce((sum, { textTokens }) => sum + textTokens, 0),
    thoughtTokens: usages.reduce((sum, { thoughtTokens }) => sum + thoughtTokens, 0),
    ...(searchQueries > 0 ? { searchQueries } : {}),
  };
}

/** The error that matters most to the caller's next step: an unknown outcome, then a kept picture, then what came first. */
function weightiest(first: ToolError, others: readonly ToolError[]): ToolError {
  const all = [first, ...others];
  return all.find(({ exitCode }) => exitCode === 7) ?? all.find(({ exitCode }) => exitCode === 8) ?? first;
}

// Recorded results: what became of an operation's pictures, from the ledger and the files, in the shapes of a fresh run.

import type { TokenUsage } from "../../core/answer.ts";
import type { Outcome, StoredImageReport } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import { findMismatch } from "../../outputs/compare.ts";
import type { FinishedPart } from "../../outputs/part-file.ts";
import { readPart } from "../../outputs/read-part.ts";
import { bucketAddress } from "../../spend/ledger/operation-kind.ts";
import type { CallRecord, OperationRecord } from "../../spend/ledger/records.ts";
import type { PictureResult } from "../draw/picture-result.ts";
import { askedMimeType } from "../plan/build-call.ts";
import { errorOfReport } from "../draw/errors.ts";
import { readIntent } from "./intent.ts";
import { reportOutcome } from "../draw/report.ts";

export interface RecordedInput {
  readonly operation: OperationRecord;
  readonly catalogue: Catalogue;
  readonly nowMs: number;
  /** Said beside the result. */
  readonly warnings: readonly string[];
}

/** The outcome of an operation that another process has finished. Pictures are checked against their hashes. */
export function reportRecorded({ operation, catalogue, nowMs, warnings }: RecordedInput): Outcome {
  const intent = readIntent(operation);
  if (intent === null) {
    throw new ToolError("operation-unknown", {
      message: `Operation ${operation.id} was written by another version of image-gen and cannot be shown as a result.`,
    });
  }
  const { plan } = intent;
  const ended = operation.calls.map(({ endedAtMs, reservedAtMs }) => endedAtMs ?? reservedAtMs);
  const outcome = reportOutcome({
    plan: { ...plan, warnings: [...warnings, ...plan.warnings] },
    model: catalogue.find(plan.route.model)?.model ?? catalogue.default,
    results: operation.calls.map((call) => recordedPicture(plan, call)),
    durationMs: Math.max(...ended) - operation.startedAtMs,
    nowMs,
    notStarted: null,
  });
  const costs = operation.calls.map(({ actualMicroUsd }) => actualMicroUsd);
  if (!outcome.cost || !operation.metered || costs.includes(null)) return outcome;
  const actualMicroUsd = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  return { ...outcome, cost: { ...outcome.cost, actualMicroUsd, listPriceMicroUsd: actualMicroUsd } };
}

/** What the ledger knows of a call, without its picture. */
export function resultOf(call: CallRecord): PictureResult {
  return {
    index: call.image,
    attempts: call.attempts,
    text: null,
    usage: usageOf(call),
    searchQueries: call.usage?.searchQueries ?? 0,
    modelVersion: call.modelVersion,
    responseId: call.responseId,
    warnings: [],
  };
}

function usageOf({ usage }: CallRecord): TokenUsage | null {
  return usage === null ? null : { ...usage, promptImageTokens: 0, servedTier: null };
}

function recordedPicture(plan: Plan, call: CallRecord): PictureResult {
  const result = resultOf(call);
  if (call.picture === null) {
    const stored = storedPicture(plan, call);
    return stored === null ? { ...result, error: errorOfCall(call) } : { ...result, responseId: null, stored };
  }
  const { path, sha256 } = call.picture;
  const part = readIfThere(path);
  if (part?.sha256 !== sha256) {
    const what = part === null ? "is no longer there" : "has been changed";
    return {
      ...result,
      error: new ToolError("picture-gone", {
        message: `This request was bought already, and its picture ${path} ${what}.`,
      }),
    };
  }
  const { format, width, height } = part.finding;
  const matchesRequest = findMismatch({ width, height }, plan.expected) === null;
  const image = {
    path,
    mimeType: `image/${format ?? "unknown"}`,
    width,
    height,
    bytes: part.bytes,
    sha256,
    matchesRequest,
  };
  return { ...result, image };
}

/** What lies in the caller's bucket is not looked for: that would take a credential for it. */
function storedPicture(plan: Plan, call: CallRecord): StoredImageReport | null {
  const uri = bucketAddress(call);
  return uri === null ? null : { uri, mimeType: askedMimeType(plan.output) ?? "image/png" };
}

function readIfThere(path: string): FinishedPart | null {
  try {
    return readPart(path);
  } catch {
    return null;
  }
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
function errorOfCall(call: CallRecord): ToolError {
  const recorded = call.error === null ? null : errorOfReport(call.error);
  switch (call.state) {
    case "unknown":
      return new ToolError("operation-unresolved", {
        message: `The same request was sent before (call ${call.id}) and nobody knows whether it was billed: ${recorded?.message ?? "its sender died"}`,
        ...(recorded?.details.savedAt === undefined ? {} : { savedAt: recorded.details.savedAt }),
      });
    case "answered":
      return new ToolError("not-published", call.spoolPath === null ? {} : { savedAt: call.spoolPath });
    case "settled":
      return new ToolError("operation-unresolved", {
        message: `The same request was sent before (call ${call.id}), its outcome stayed unknown, and a person has settled it as ${call.paid === true ? "paid" : "not paid"}.`,
      });
    case "reserved":
    case "sent":
    case "captured":
    case "rejected":
    case "released":
      return recorded ?? new ToolError("interrupted", { billed: "no", message: "This picture was never sent." });
  }
}

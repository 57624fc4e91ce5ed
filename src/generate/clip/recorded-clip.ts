// The outcome of a clip that another process has finished, from the ledger and the file.

import type { ClipOutcome, ClipPlan, ClipReport } from "../../core/clip.ts";
import { ToolError } from "../../core/tool-error.ts";
import { checkClip } from "../../outputs/clip/check-clip.ts";
import type { CallRecord, OperationRecord } from "../../spend/ledger/records.ts";
import { errorOfReport } from "../draw/errors.ts";
import { readClipIntent } from "./clip-intent.ts";
import { describeClip, describeStored } from "./publish-clip.ts";
import { reportClip } from "./report-clip.ts";

export async function reportRecordedClip(
  operation: OperationRecord,
  warnings: readonly string[],
): Promise<ClipOutcome> {
  const intent = readClipIntent(operation);
  const [call] = operation.calls;
  if (intent === null || call === undefined) {
    throw new ToolError("operation-unknown", {
      message: `Operation ${operation.id} was written by another version, or makes no clip.`,
    });
  }
  const { plan } = intent;
  const { attempts, handle, usage } = call;
  const durationMs = (call.endedAtMs ?? call.reservedAtMs) - operation.startedAtMs;
  const told = { attempts, handle, usage, durationMs, warnings };
  const found = await findClip(plan, call);
  return found instanceof Error
    ? reportClip(plan, { ...told, report: null, error: found })
    : reportClip(plan, { ...told, report: found, error: null });
}

async function findClip(plan: ClipPlan, call: CallRecord): Promise<ClipReport | ToolError> {
  if (call.picture !== null) {
    const { path, sha256 } = call.picture;
    const checked = await checkClip(path).catch(() => null);
    if (checked?.sha256 === sha256) return describeClip(plan, path, checked);
    return new ToolError("not-published", {
      message: `The clip was published as ${path} and is no longer there as it was.`,
      nextStep: "Look for where it was moved to, or buy it again with --new.",
    });
  }
  if (call.error !== null) return errorOfReport(call.error);
  if (call.state === "captured" && call.responseId !== null) return describeStored(call.responseId);
  if (call.state === "answered") {
    return new ToolError("not-published", {
      message: `The clip is complete but could not be put into ${plan.output.directory}.`,
      ...(call.spoolPath === null ? {} : { savedAt: call.spoolPath }),
    });
  }
  if (call.state === "sent") return new ToolError("clip-pending");
  return call.state === "unknown"
    ? new ToolError("sender-lost")
    : new ToolError("interrupted", { message: "It was never sent.", billed: "no" });
}

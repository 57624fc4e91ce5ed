// What recovery does with a clip that waits in the spool: it is published as the one who began it would have done.

import { existsSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import { ToolError } from "../../core/tool-error.ts";
import { checkClip } from "../../outputs/clip/check-clip.ts";
import type { CallRecord } from "../../spend/ledger/records.ts";
import type { ClipIntent } from "./clip-intent.ts";
import { publishClip } from "./publish-clip.ts";
import { reportClip, writeClipRecord } from "./report-clip.ts";

/** Throws `not-published` or `answer-damaged`. */
export async function publishLeftClip(
  { plan, command }: ClipIntent,
  call: CallRecord,
  startedAtMs: number,
  clock: Clock,
): Promise<{ readonly path: string; readonly sha256: string }> {
  const { spoolPath } = call;
  if (spoolPath === null || !existsSync(spoolPath)) {
    throw new ToolError("answer-damaged", { message: "The clip is no longer in the spool: somebody has removed it." });
  }
  const clip = await checkClip(spoolPath);
  if (clip.damage !== null) {
    throw new ToolError("answer-damaged", { message: `The clip is damaged: ${clip.damage}.`, savedAt: spoolPath });
  }
  const report = await publishClip({ plan, isRecovery: true }, clip);
  if (report.path === null) throw new Error("A file was published without a name.");
  const { attempts, handle, usage } = call;
  const durationMs = clock.now() - startedAtMs;
  const outcome = reportClip(plan, { report, error: null, attempts, handle, usage, durationMs, warnings: [] });
  writeClipRecord(plan, outcome, report.path, clock.now(), command);
  return { path: report.path, sha256: clip.sha256 };
}

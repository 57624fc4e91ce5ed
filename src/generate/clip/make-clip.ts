// One clip from the paid call, or from an operation that was begun before, to the published file.

import { rmSync } from "node:fs";
import type { ClipOutcome, ClipReport } from "../../core/clip.ts";
import type { UsageReport } from "../../core/outcome.ts";
import { reportError, type ToolError } from "../../core/tool-error.ts";
import type { CheckedClip } from "../../outputs/clip/check-clip.ts";
import { findParts } from "../../outputs/spool.ts";
import { errorOfFailure, failureOfError, isVerdict, toToolError } from "../draw/errors.ts";
import { awaitClip } from "./await-clip.ts";
import type { ClipRun } from "./clip-run.ts";
import { describeStored, publishClip } from "./publish-clip.ts";
import { discardUploads } from "./ready-inputs.ts";
import { costOfClip, isPending, reportClip, writeClipRecord } from "./report-clip.ts";
import { startClip } from "./start-clip.ts";

export interface MakeInput {
  /** The provider's name of an operation that was begun before; `null`: nothing was bought yet. */
  readonly handle: string | null;
  /** On the monotonic clock. */
  readonly startedMs: number;
}

/** What is known of the clip on the way. */
interface Way extends MakeInput {
  readonly attempts: number;
  readonly usage: UsageReport | null;
}

/** Never throws for what goes wrong with the clip. */
export async function makeClip(run: ClipRun, input: MakeInput): Promise<ClipOutcome> {
  const outcome = await orderClip(run, input);
  // The provider may still read it while it works.
  const leftBehind = isPending(outcome) ? null : await discardUploads(run);
  return leftBehind === null ? outcome : { ...outcome, warnings: [...(outcome.warnings ?? []), leftBehind] };
}

async function orderClip(run: ClipRun, input: MakeInput): Promise<ClipOutcome> {
  if (input.handle !== null) return await receiveClip(run, { ...input, attempts: 0, usage: null }, input.handle);
  const started = await startClip(run);
  const way = { ...input, attempts: started.attempts, usage: null };
  if (started.kind === "begun") return await receiveClip(run, { ...way, handle: started.handle }, started.handle);
  const { failure, error } = started;
  await run.book.failed(failure, reportError(error), costOfClip(run.plan, reportError(error).billed, null), null);
  return conclude(run, way, null, error);
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
async function receiveClip(run: ClipRun, begun: Way, handle: string): Promise<ClipOutcome> {
  const awaited = await awaitClip(run, handle);
  const usage = awaited.kind === "pending" ? null : awaited.usage;
  const way = { ...begun, usage };
  switch (awaited.kind) {
    case "pending":
      // The ledger keeps it as sent, with its handle.
      return conclude(run, way, null, awaited.error);
    case "failure": {
      const error = errorOfFailure(awaited.failure, run.clean, awaited.savedAt);
      const { billed } = reportError(error);
      await run.book.failed(awaited.failure, reportError(error), costOfClip(run.plan, billed, usage), usage);
      return conclude(run, way, null, error);
    }
    case "stored": {
      const cost = costOfClip(run.plan, "yes", usage);
      await run.book.answered({ ...cost, usage }, null, awaited.uri);
      await run.book.published({ kind: "bucket", uri: awaited.uri }, { ...cost, usage });
      return conclude(run, way, describeStored(run.clean(awaited.uri)), null);
    }
    case "clip":
      return await publish(run, way, awaited.clip);
  }
}

/** Published, recorded beside the file and in the ledger, and only then gone from the spool. */
async function publish(run: ClipRun, way: Way, clip: CheckedClip): Promise<ClipOutcome> {
  const { plan, book, clock, command } = run;
  const { usage } = way;
  const cost = { ...costOfClip(plan, "yes", usage), usage };
  await book.answered(cost, clip.path, null);
  try {
    const report = await publishClip({ plan, isRecovery: way.attempts === 0 }, clip);
    const outcome = conclude(run, way, report, null);
    const { path } = report;
    const warning = path === null ? null : writeClipRecord(plan, outcome, path, clock.now(), command);
    const place = { kind: "file", path: path ?? clip.path, sha256: clip.sha256 } as const;
    if (await book.published(place, cost)) clearSpool(run, clip);
    return warning === null ? outcome : { ...outcome, warnings: [...(outcome.warnings ?? []), warning] };
  } catch (error) {
    const failure = toToolError(error);
    // A clip that only has no place yet stays as answered: recovery tries again to give it one.
    if (isVerdict(failure)) await book.failed(failureOfError(failure), reportError(failure), cost, usage);
    return conclude(run, way, null, failure);
  }
}

/** The clip, and what earlier looks that were killed have left. */
function clearSpool({ plan, spoolDirectory }: ClipRun, clip: CheckedClip): void {
  rmSync(clip.path, { force: true });
  for (const path of findParts([spoolDirectory, plan.output.directory], plan.operation, 0))
    rmSync(path, { force: true });
}

function conclude(run: ClipRun, way: Way, report: ClipReport | null, error: ToolError | null): ClipOutcome {
  const { plan, clock, book } = run;
  if (report !== null) run.tell({ type: "published", image: 0, report });
  if (error !== null) run.tell({ type: "failed", image: 0, message: error.message });
  const { attempts, handle, usage } = way;
  const durationMs = clock.monotonic() - way.startedMs;
  return reportClip(plan, {
    report,
    error,
    attempts,
    handle,
    usage,
    durationMs,
    warnings: [...mismatch(run, report), ...book.takeWarnings()],
  });
}

function mismatch({ plan }: ClipRun, report: ClipReport | null): string[] {
  if (report === null || report.matchesRequest) return [];
  const { width, height, seconds } = plan.expected;
  return [
    `The clip is not what was asked for: ${report.width} x ${report.height} and ${report.seconds} s in place of ${width} x ${height}${seconds === null ? "" : ` and ${seconds} s`}.`,
  ];
}

// Waiting for a clip that the provider has begun: asked more and more rarely, its bytes brought into the spool, checked there.
// Asking is free: what goes wrong on the way is tried again, and when patience ends the operation is left to a later resume.

import { rmSync } from "node:fs";
import { errorTable } from "../../core/error-table.ts";
import type { Failure } from "../../core/failure.ts";
import type { UsageReport } from "../../core/outcome.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { AnsweredClip, OperationAnswer } from "../../google/wire/operation-answer.ts";
import { failureOfStop } from "../../google/wire/failures/interaction-failure.ts";
import { failureOfFiltering } from "../../google/wire/failures/operation-failure.ts";
import { type CheckedClip, checkClip } from "../../outputs/clip/check-clip.ts";
import { spooledClipName } from "../../outputs/clip/name-clip.ts";
import { keepFile } from "../../outputs/keep.ts";
import type { PartFile } from "../../outputs/part-file.ts";
import { failureOfError, toToolError } from "../draw/errors.ts";
import { askClip } from "./ask-clip.ts";
import type { ClipRun } from "./clip-run.ts";
import { clipWires } from "./clip-wire.ts";
import { downloadClip } from "./download-clip.ts";

export type Awaited =
  | { readonly kind: "clip"; readonly clip: CheckedClip; readonly usage: UsageReport | null }
  | { readonly kind: "stored"; readonly uri: string; readonly usage: UsageReport | null }
  /** There will be no clip: `failure` says whether it was billed. */
  | {
      readonly kind: "failure";
      readonly failure: Failure;
      readonly usage: UsageReport | null;
      readonly savedAt?: string;
    }
  /** The provider goes on, or may; ask again later. */
  | { readonly kind: "pending"; readonly error: ToolError };

/** Between two looks. A clip takes 11 s to 6 min (google-apis facts §8.1). */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;
/** A clip that comes damaged this often is damaged where it lies. */
const MOST_DAMAGED = 3;

/** Never throws. */
export async function awaitClip(run: ClipRun, handle: string): Promise<Awaited> {
  const { clock, plan } = run;
  const beganMs = clock.monotonic();
  let waitMs = FIRST_WAIT_MS;
  let damaged = 0;
  for (let look = 1; ; look += 1) {
    const seen = await lookOnce(run, handle, look);
    if (seen.kind === "damaged") {
      damaged += 1;
      if (damaged >= MOST_DAMAGED) return seen.verdict;
      if (seen.verdict.savedAt !== undefined) rmSync(seen.verdict.savedAt, { force: true });
    } else if (seen.kind !== "not-yet") return seen;
    const elapsedMs = clock.monotonic() - beganMs;
    if (elapsedMs >= plan.patienceMs) return { kind: "pending", error: outOfPatience(elapsedMs, seen) };
    const pauseMs = Math.min(waitMs, plan.patienceMs - elapsedMs);
    run.tell({ type: "working", image: 0, elapsedMs, waitMs: pauseMs, ...troubleOf(run, seen) });
    try {
      await clock.sleep(pauseMs, run.signal);
    } catch {
      return { kind: "pending", error: leftAlone() };
    }
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.6);
  }
}

type Look =
  | Awaited
  | { readonly kind: "not-yet"; readonly failure: Failure | null }
  | { readonly kind: "damaged"; readonly verdict: Extract<Awaited, { kind: "failure" }> };

async function lookOnce(run: ClipRun, handle: string, look: number): Promise<Look> {
  const asked = await askClip(run, handle, look);
  if (asked.kind === "failure") return judgeFailure(run, asked.failure);
  try {
    return await judgeAnswer(run, asked.answer, asked.parts, look);
  } catch (error) {
    return judgeFailure(run, failureOfError(toToolError(error)));
  } finally {
    for (const part of asked.parts) part.discard();
  }
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
async function judgeAnswer(
  run: ClipRun,
  answer: OperationAnswer,
  parts: readonly PartFile[],
  look: number,
): Promise<Look> {
  switch (answer.kind) {
    case "working":
      return { kind: "not-yet", failure: null };
    case "failed":
    case "empty":
      return over(clipWires[run.plan.wire].failureOfEnd(answer), answer.usage);
    case "filtered":
      return over(failureOfFiltering(answer.reasons), null);
    case "stopped":
      return over(failureOfStop(answer.status, answer.usage), answer.usage);
    case "unreadable":
      return {
        kind: "not-yet",
        failure: { code: "answer-incomplete", message: "The provider's answer could not be read." },
      };
    case "done":
      return await takeClip(run, answer.clips[0], answer.usage, parts, look);
  }
}

function over(failure: Failure, usage: UsageReport | null): Look {
  return { kind: "failure", failure, usage };
}

/** Whatever may pass is waited for; what is wrong with the credential or the link is for the caller to mend. */
function judgeFailure(run: ClipRun, failure: Failure): Look {
  if (run.signal?.aborted === true) return { kind: "pending", error: leftAlone() };
  const { exit, retryable } = errorTable[failure.code];
  if (failure.code === "model-not-found" || failure.code === "clip-lost") {
    return over({ ...failure, code: "clip-lost", billed: "maybe" }, null);
  }
  if (retryable || (exit === 7 && failure.code !== "link-refused")) return { kind: "not-yet", failure };
  const message = failure.message === undefined ? undefined : run.clean(failure.message);
  return {
    kind: "pending",
    error: new ToolError(failure.code, {
      ...(message === undefined ? {} : { message }),
      ...(failure.httpStatus === undefined ? {} : { httpStatus: failure.httpStatus }),
      ...(failure.providerMessage === undefined ? {} : { providerMessage: run.clean(failure.providerMessage) }),
      billed: "maybe",
      nextStep: `${failure.nextStep ?? errorTable[failure.code].nextStep} Then \`video-gen resume\`: the clip was begun and is not bought again.`,
    }),
  };
}

async function takeClip(
  run: ClipRun,
  answered: AnsweredClip,
  usage: UsageReport | null,
  parts: readonly PartFile[],
  look: number,
): Promise<Look> {
  if (answered.kind === "stored") return { kind: "stored", uri: answered.uri, usage };
  const part = answered.kind === "link" ? await downloadClip(run, answered.uri, look) : parts[answered.index];
  if (part === undefined) throw new Error("The answer names a clip that has no file.");
  try {
    const { path } = part.finish();
    const checked = await checkClip(path);
    const isTextDamaged = answered.kind === "bytes" && !answered.whole;
    const damage = checked.damage ?? (isTextDamaged ? "its base64 is damaged" : null);
    const { spoolDirectory, plan } = run;
    if (damage === null) {
      const kept = keepFile(path, spoolDirectory, spooledClipName(plan.operation));
      return { kind: "clip", clip: { ...checked, path: kept }, usage };
    }
    const savedAt = keepFile(path, spoolDirectory, `${plan.operation}-0.damaged`);
    const failure: Failure = { code: "answer-damaged", message: `The clip is damaged: ${damage}.`, httpStatus: 200 };
    return { kind: "damaged", verdict: { kind: "failure", failure, usage, savedAt } };
  } catch (error) {
    if (isToolError(error)) throw error;
    throw new ToolError("answer-incomplete", { message: `The clip could not be written down: ${String(error)}.` });
  }
}

/** For who waits: a provider that is down looks like one that is at work. */
function troubleOf({ clean }: ClipRun, seen: Look): { readonly trouble?: string } {
  if (seen.kind === "damaged") return { trouble: seen.verdict.failure.message ?? "the clip came damaged" };
  if (seen.kind !== "not-yet" || seen.failure === null) return {};
  const { message, code } = seen.failure;
  return { trouble: clean(message ?? errorTable[code].cause) };
}

function outOfPatience(elapsedMs: number, seen: Look): ToolError {
  const why = seen.kind === "not-yet" ? seen.failure?.message : undefined;
  return new ToolError("clip-pending", {
    message: `After ${Math.round(elapsedMs / 1_000)} s the clip is not there yet${why === undefined ? "" : ` (${why})`}.`,
  });
}

function leftAlone(): ToolError {
  return new ToolError("interrupted", {
    message: "Stopped waiting; the provider goes on with the clip.",
    billed: "maybe",
    nextStep: "Ask for it later with `video-gen resume`; it buys nothing.",
  });
}

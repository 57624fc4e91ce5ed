// One picture, from the first call to the published file: attempts, waits, and what is told on the way.
// Whether a call may be repeated is transport/retry's decision; one attempt is call-once's, the file publish-picture's.

import { rmSync } from "node:fs";
import type { Answer, StoredPicture } from "../../core/answer.ts";
import type { CostReport, ImageReport } from "../../core/outcome.ts";
import { reportError, ToolError } from "../../core/tool-error.ts";
import { setTurnPath } from "../../sessions/append-turn.ts";
import { askedMimeType } from "../plan/build-call.ts";
import { decideRetry } from "../../transport/retry.ts";
import { type CallResult, callOnce } from "./call-once.ts";
import { keepTurn } from "../inputs/conversation.ts";
import { errorOfFailure, failureOfError, isVerdict, toToolError } from "./errors.ts";
import type { PictureResult } from "./picture-result.ts";
import { publishPicture } from "./publish-picture.ts";
import { describeRecord, writeRecord } from "./record.ts";
import { costOfPicture, type ReportInput } from "./report.ts";
import type { Run } from "./run.ts";

/** Imagen's own format. */
const PNG = "image/png";

/** Never throws: every failure is part of the result. */
export async function drawPicture(run: Run, index: number): Promise<PictureResult> {
  const beganMs = run.clock.monotonic();
  let attempts = 0;
  let waitedMs = 0;
  for (;;) {
    try {
      await passGate(run, index, attempts + 1);
    } catch (error) {
      const reason = run.stopWaiting?.aborted === true ? stoppedWaiting() : toToolError(error);
      run.tell({ type: "failed", image: index, message: reason.message });
      return { ...describeAnswer(run, index, attempts, null), error: reason };
    }
    attempts += 1;
    const call = await callOnce(run, index, attempts);
    const told = describeAnswer(run, index, attempts, call.answer);
    if (call.kind === "picture") return await finishPicture(run, beganMs, call, told);
    if (call.kind === "stored") return await finishStored(run, beganMs, call, told);
    const { failure } = call;
    const decision = decideRetry({
      failure,
      attempt: attempts,
      waitedMs,
      maxWaitMs: run.maxWaitMs,
      random: run.random,
    });
    const closedMs = decision.retry ? decision.waitMs : Math.min(failure.retryAfterMs ?? 0, run.maxWaitMs);
    if (closedMs > 0) run.gate.hold(closedMs);
    const error = errorOfFailure(failure, run.clean, call.savedAt);
    if (!decision.retry) return await giveUp(run, beganMs, call, { ...told, error });
    await run.book.failedAttempt(index, reportError(error));
    const { waitMs, reason } = decision;
    run.tell({ type: "waiting", image: index, attempt: attempts + 1, waitMs, reason });
    waitedMs += waitMs;
  }
}

/** Published, recorded beside the picture and in the ledger, and only then gone from the spool. */
async function finishPicture(
  run: Run,
  beganMs: number,
  call: Extract<CallResult, { kind: "picture" }>,
  before: PictureResult,
): Promise<PictureResult> {
  const { part, answer } = call;
  const { index } = before;
  const cost = costOfPicture(run, { ...before, hasPicture: true, isUnknown: false });
  await run.book.answered(index, answer, cost, part.path);
  const turn = keepNewTurn(run, call, cost);
  const told = { ...before, ...turn.told };
  try {
    const describe = (image: ImageReport) => recordOf(run, beganMs, { ...told, image });
    const { report, warnings, keepsReceived } = await publishPicture({ ...run, describe }, index, part);
    run.tell({ type: "published", image: index, report });
    turn.published(report.path);
    const result = { ...told, warnings: [...told.warnings, ...warnings], image: report };
    const warning = recordResult(run, beganMs, result);
    const isRecorded = await run.book.published(index, report, answer, cost);
    if (isRecorded && !keepsReceived) rmSync(part.path, { force: true });
    return warning === null ? result : { ...result, warnings: [...result.warnings, warning] };
  } catch (error) {
    const failure = toToolError(error);
    // A picture that only has no place yet stays as answered: recovery tries again to give it one.
    if (isVerdict(failure)) {
      await run.book.failed(index, failureOfError(failure), reportError(failure), cost, answer);
    }
    run.tell({ type: "failed", image: index, message: failure.message });
    return { ...told, error: failure };
  }
}

/** What lies in the caller's bucket has its place already: it is recorded, here and in the ledger. */
async function finishStored(
  run: Run,
  beganMs: number,
  { stored, answer }: { readonly stored: StoredPicture; readonly answer: Answer },
  before: PictureResult,
): Promise<PictureResult> {
  const { index } = before;
  const cost = costOfPicture(run, { ...before, hasPicture: true, isUnknown: false });
  await run.book.stored(index, stored.uri, answer, cost);
  const mimeType = run.clean(stored.mimeType ?? askedMimeType(run.plan.output) ?? PNG);
  const result = { ...before, stored: { uri: run.clean(stored.uri), mimeType } };
  run.tell({ type: "stored", image: index, report: result.stored });
  const warning = recordResult(run, beganMs, result);
  return warning === null ? result : { ...result, warnings: [...result.warnings, warning] };
}

interface KeptTurn {
  readonly told: Pick<PictureResult, "warnings" | "session">;
  /** Notes where the picture is. */
  published(path: string): void;
}

/** Before the picture is published: whatever happens to it, the conversation knows what was said. */
function keepNewTurn(
  { conversation, plan, clock, clean }: Run,
  { turn, warnings }: Extract<CallResult, { kind: "picture" }>,
  cost: CostReport,
): KeptTurn {
  const none: KeptTurn = { told: { warnings }, published: () => {} };
  if (conversation === null || turn === null) return none;
  try {
    const { actualMicroUsd: costMicroUsd } = cost;
    const appended = keepTurn(conversation, { plan, nowMs: clock.now(), ...turn, costMicroUsd });
    const { name, number, warning } = appended;
    return {
      told: { warnings: warning === null ? warnings : [...warnings, warning], session: { name, turn: number } },
      published(path) {
        try {
          setTurnPath(conversation.sessions, appended, path);
        } catch {
          // The turn is there; only where its picture went is not noted, and the record beside the picture tells that.
        }
      },
    };
  } catch (error) {
    const why = clean(error instanceof Error ? error.message : String(error));
    const lost = `The conversation ${conversation.session.name} could not be kept: ${why}`;
    return { ...none, told: { warnings: [...warnings, lost] } };
  }
}

async function giveUp(
  run: Run,
  beganMs: number,
  { failure, answer }: Extract<CallResult, { kind: "failure" }>,
  result: PictureResult & { readonly error: ToolError },
): Promise<PictureResult> {
  const error = reportError(result.error);
  const cost = costOfPicture(run, {
    ...result,
    hasPicture: error.exitCode === 8,
    isUnknown: error.billed === "maybe",
  });
  await run.book.failed(result.index, failure, error, cost, answer);
  run.tell({ type: "failed", image: result.index, message: error.message });
  const warning = recordResult(run, beganMs, result);
  const bucket = error.billed === "maybe" ? run.plan.request.predict?.storageUri : undefined;
  const warnings = [
    ...(warning === null ? [] : [warning]),
    ...(bucket === undefined ? [] : [`If the picture was made all the same, it lies in ${bucket}.`]),
  ];
  return { ...result, warnings: [...result.warnings, ...warnings] };
}

function recordResult(run: Run, beganMs: number, result: PictureResult): string | null {
  return writeRecord(recordInput(run, beganMs), result, run.command);
}

/** What is told of the picture inside it. */
function recordOf(run: Run, beganMs: number, result: PictureResult): object {
  return describeRecord(recordInput(run, beganMs), result, run.command);
}

function recordInput({ plan, model, clock }: Run, beganMs: number): ReportInput {
  const durationMs = clock.monotonic() - beganMs;
  return { plan, model, results: [], durationMs, nowMs: clock.now(), notStarted: null };
}

/** A signal's reason may be anything, a signal's name for one. What was sent before the wait was refused, so it is not billed. */
function stoppedWaiting(): ToolError {
  return new ToolError("interrupted", {
    message: "Stopped while waiting, before another call was sent.",
    billed: "no",
    nextStep: "Nothing was paid; run the same command again when you like.",
  });
}

/** Waits while the provider has asked any call with this credential and model to wait. */
async function passGate(run: Run, index: number, attempt: number): Promise<void> {
  const waitMs = run.gate.waitMs();
  if (waitMs > run.maxWaitMs) {
    throw new ToolError("rate-limited", {
      message: "The provider has asked for a longer wait than this run may make.",
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    });
  }
  if (waitMs > 0 && attempt === 1) {
    run.tell({ type: "waiting", image: index, attempt, waitMs, reason: "the provider asked another call to wait" });
  }
  await run.gate.pass(run.stopWaiting);
}

function describeAnswer(run: Run, index: number, attempts: number, answer: Answer | null): PictureResult {
  return {
    index,
    attempts,
    text: answer === null || answer.text === "" ? null : run.clean(answer.text),
    usage: answer?.usage ?? null,
    searchQueries: answer?.searchQueries ?? 0,
    modelVersion: answer?.modelVersion ? run.clean(answer.modelVersion) : null,
    responseId: answer?.responseId ? run.clean(answer.responseId) : null,
    warnings: [],
  };
}

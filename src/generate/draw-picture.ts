// One picture, from the first call to the published file: attempts, waits, and what is told on the way.
// Whether a call may be repeated is transport/retry's decision; one attempt is call-once's, the file publish-picture's.

import type { Answer, TokenUsage } from "../core/answer.ts";
import type { ImageReport } from "../core/outcome.ts";
import { ToolError } from "../core/tool-error.ts";
import { decideRetry } from "../transport/retry.ts";
import { callOnce } from "./call-once.ts";
import { errorOfFailure, toToolError } from "./errors.ts";
import { publishPicture } from "./publish-picture.ts";
import type { Run } from "./run.ts";

/** What became of one picture. `usage` is what the provider told of tokens, also when there is no picture. */
export interface PictureResult {
  readonly index: number;
  readonly attempts: number;
  readonly text: string | null;
  readonly usage: TokenUsage | null;
  /** Searches that the model made for it. */
  readonly searchQueries: number;
  readonly modelVersion: string | null;
  readonly responseId: string | null;
  readonly warnings: readonly string[];
  readonly image?: ImageReport;
  readonly error?: ToolError;
}

/** Never throws: every failure is part of the result. */
export async function drawPicture(run: Run, index: number): Promise<PictureResult> {
  let attempts = 0;
  let waitedMs = 0;
  for (;;) {
    try {
      await passGate(run, index, attempts + 1);
    } catch (error) {
      const reason = run.stopWaiting?.aborted === true ? stoppedWaiting() : toToolError(error);
      return { ...describeAnswer(run, index, attempts, null), error: reason };
    }
    attempts += 1;
    run.tell({ type: "sending", image: index, attempt: attempts });
    const call = await callOnce(run, index);
    const told = describeAnswer(run, index, attempts, call.answer);
    if (call.kind === "picture") {
      try {
        const { report, warnings } = await publishPicture(run, index, call.part);
        run.tell({ type: "published", image: index, report });
        return { ...told, warnings: [...call.warnings, ...warnings], image: report };
      } catch (error) {
        return { ...told, error: toToolError(error) };
      }
    }
    const { failure } = call;
    const decision = decideRetry({
      failure,
      attempt: attempts,
      waitedMs,
      maxWaitMs: run.maxWaitMs,
      random: run.random,
    });
    const closedMs = decision.retry ? decision.waitMs : Math.min(failure.retryAfterMs ?? 0, run.maxWaitMs);
    if (closedMs > 0) run.gate.hold(run.gateKey, run.clock.monotonic() + closedMs);
    if (!decision.retry) return { ...told, error: errorOfFailure(failure, run.clean, call.savedAt) };
    const { waitMs, reason } = decision;
    run.tell({ type: "waiting", image: index, attempt: attempts + 1, waitMs, reason });
    waitedMs += waitMs;
  }
}

/** A signal's reason may be anything, a signal's name for one. What was sent before the wait was refused, so it is not billed. */
function stoppedWaiting(): ToolError {
  return new ToolError("interrupted", {
    message: "Stopped while waiting, before another call was sent.",
    billed: "no",
    nextStep: "Nothing was paid; run the same command again when you like.",
  });
}

/** Waits while the provider has asked any call of this run to wait. */
async function passGate(run: Run, index: number, attempt: number): Promise<void> {
  const waitMs = run.gate.waitMs(run.gateKey);
  if (waitMs > 0 && attempt === 1) {
    run.tell({ type: "waiting", image: index, attempt, waitMs, reason: "the provider asked another call to wait" });
  }
  await run.gate.pass(run.gateKey, run.stopWaiting);
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

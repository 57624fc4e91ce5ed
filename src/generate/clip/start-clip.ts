// The one paid call: the request goes out, and the provider's name for the operation is recorded before it is asked for.

import type { ClipPlan } from "../../core/clip.ts";
import type { Failure } from "../../core/failure.ts";
import type { HttpHead } from "../../core/http-call.ts";
import { reportError, ToolError } from "../../core/tool-error.ts";
import { bodyBytes } from "../../google/wire/body-bytes.ts";
import type { ClipInputs } from "../../google/wire/predict-long-running.ts";
import { readFailure } from "../../google/wire/failures/read-failure.ts";
import { createTextWithoutClips } from "../../google/wire/streaming/text-without-clips.ts";
import { createTextCollector } from "../../transport/collect.ts";
import { decideRetry } from "../../transport/retry.ts";
import { errorOfFailure, failureOfError, toToolError } from "../draw/errors.ts";
import { type ClipRun, longRunningOf } from "./clip-run.ts";
import { clipWires } from "./clip-wire.ts";
import { readyInputs } from "./ready-inputs.ts";

/** The request and its URL; the dry run shows the same. */
export function prepareClip(plan: ClipPlan, inputs: ClipInputs): { readonly url: string; readonly body: object } {
  return { url: longRunningOf(plan).startUrl(plan.route), body: clipWires[plan.wire].encode(plan, inputs) };
}

export type Started =
  | { readonly kind: "begun"; readonly handle: string; readonly attempts: number }
  | { readonly kind: "failure"; readonly failure: Failure; readonly error: ToolError; readonly attempts: number };

/** Never throws. */
export async function startClip(run: ClipRun): Promise<Started> {
  let waitedMs = 0;
  let ready: ClipInputs | null = null;
  // Once for all attempts.
  const inputs = async (): Promise<ClipInputs> => (ready ??= await readyInputs(run));
  for (let attempts = 1; ; attempts += 1) {
    const stopped = await passGate(run, attempts);
    if (stopped) return { kind: "failure", failure: failureOfError(stopped), error: stopped, attempts: attempts - 1 };
    run.tell({ type: "sending", image: 0, attempt: attempts });
    const answer = await sendOnce(run, inputs);
    if (typeof answer === "string") {
      await run.book.begun(answer);
      run.tell({ type: "begun", image: 0, handle: run.clean(answer) });
      return { kind: "begun", handle: answer, attempts };
    }
    const { maxWaitMs, random } = run;
    const decision = decideRetry({ failure: answer, attempt: attempts, waitedMs, maxWaitMs, random });
    const error = errorOfFailure(answer, run.clean);
    const closedMs = decision.retry ? decision.waitMs : Math.min(answer.retryAfterMs ?? 0, maxWaitMs);
    if (closedMs > 0) run.gate.hold(closedMs);
    if (!decision.retry) return { kind: "failure", failure: answer, error, attempts };
    await run.book.failedAttempt(reportError(error));
    run.tell({ type: "waiting", image: 0, attempt: attempts + 1, waitMs: decision.waitMs, reason: decision.reason });
    waitedMs += decision.waitMs;
  }
}

async function passGate(run: ClipRun, attempt: number): Promise<ToolError | null> {
  const waitMs = run.gate.waitMs();
  const stop = run.stopStarting ?? run.signal;
  if (stop?.aborted === true) return stoppedBefore();
  if (waitMs > run.maxWaitMs) {
    return new ToolError("rate-limited", {
      message: "The provider has asked for a longer wait than this run may make.",
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    });
  }
  if (waitMs > 0 && attempt === 1) {
    run.tell({ type: "waiting", image: 0, attempt, waitMs, reason: "the provider asked another call to wait" });
  }
  try {
    await run.gate.pass(stop);
    return null;
  } catch {
    return stoppedBefore();
  }
}

function stoppedBefore(): ToolError {
  return new ToolError("interrupted", {
    message: "Stopped before another call was sent.",
    billed: "no",
    nextStep: "Nothing was paid; run the same command again when you like.",
  });
}

/** The operation's name, or why there is none. */
async function sendOnce(run: ClipRun, inputs: () => Promise<ClipInputs>): Promise<string | Failure> {
  const { plan, transport, signal } = run;
  const { endpoint, auth, model } = plan.route;
  const seen: { head: HttpHead; text: () => string } = { head: { status: 0, headers: {} }, text: () => "" };
  let requestBytes = 0;
  try {
    const { url, body } = prepareClip(plan, await inputs());
    const bytes = bodyBytes(body);
    requestBytes = bytes.byteLength;
    const headers = await run.credential.headers();
    await transport.send(
      {
        method: "POST",
        url,
        headers: { accept: "application/json", "content-type": "application/json", ...headers },
        body: bytes,
      },
      {
        deadlines: plan.deadlines,
        ...(signal ? { signal } : {}),
        onSent: () => run.book.sending(),
        onHead(head) {
          const collector = head.status === 200 ? createTextWithoutClips() : createTextCollector();
          seen.head = head;
          seen.text = () => collector.text();
          return (chunk) => collector.write(chunk);
        },
      },
    );
  } catch (error) {
    return failureOfError(toToolError(error));
  }
  const body = seen.text();
  const name = seen.head.status === 200 ? clipWires[plan.wire].readHandle(body) : null;
  if (name !== null && longRunningOf(plan).pollRequest(plan.route, name) !== null) return name;
  const { head } = seen;
  return readFailure({ ...head, body, endpoint, auth, model, requestBytes });
}

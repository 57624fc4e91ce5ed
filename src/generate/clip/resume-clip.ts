// Going on with a clip that somebody else has begun: taken over from a dead process, asked for, published. Buys nothing.

import { rmSync } from "node:fs";
import { monotonicFactory } from "ulid";
import type { ClipOutcome, ClipPlan, OnClipEvent } from "../../core/clip.ts";
import type { Clock } from "../../core/clock.ts";
import type { Route } from "../../core/route.ts";
import { reportError, ToolError } from "../../core/tool-error.ts";
import type { Credential } from "../../google/auth/credential.ts";
import { findParts } from "../../outputs/spool.ts";
import { holdOwnership, isAlive } from "../../spend/ledger/owners.ts";
import type { CallRecord, OperationRecord } from "../../spend/ledger/records.ts";
import type { OpenedLedger } from "../purchase/open-ledger.ts";
import { type ClipBook, openClipBook } from "./clip-book.ts";
import { readClipIntent } from "./clip-intent.ts";
import type { ClipRun } from "./clip-run.ts";
import { makeClip } from "./make-clip.ts";
import { reportRecordedClip } from "./recorded-clip.ts";
import { reportClip } from "./report-clip.ts";

/** Results are kept for two days (google-apis facts §8.1): who is not finished by then never will be. */
const MOST_LIFE_MS = 2 * 86_400_000;
const LOOK_AGAIN_MS = 100;

/** The call of an operation that the provider has begun and nobody has the end of. */
export function pendingCall({ calls }: OperationRecord): (CallRecord & { readonly handle: string }) | null {
  const [call] = calls;
  const handle = call?.handle ?? null;
  return call?.state === "sent" && handle !== null ? { ...call, handle } : null;
}

export interface ResumeInput {
  readonly opened: OpenedLedger;
  readonly operation: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly openCredential: (route: Route) => Promise<Credential>;
  readonly runOf: (plan: ClipPlan, credential: Credential, book: ClipBook) => ClipRun;
}

/** `null`: there is nothing to go on with, or somebody is at it. */
export async function resumeClip(input: ResumeInput): Promise<ClipOutcome | null> {
  const { opened, clock } = input;
  const { ledger, directory } = opened;
  const found = ledger.operation(input.operation);
  const call = found ? pendingCall(found) : null;
  const intent = found ? readClipIntent(found) : null;
  if (found === undefined || call === null || intent === null || (await isAlive(directory, call.owner))) return null;
  const owner = monotonicFactory(input.random)(clock.now());
  const ownership = await holdOwnership(directory, owner);
  try {
    // Of several who try, one gets it.
    if (ledger.adopt(found.id, call.owner, owner) === 0) return null;
    const { plan } = intent;
    const { takeWarnings } = opened;
    const book = openClipBook({ ledger, clock, operation: found.id, owner, isResumed: true, takeWarnings });
    const { handle } = call;
    const startedMs = clock.monotonic();
    if (plan.rehearsal) return await giveUpRehearsal(plan, call, book);
    let credential: Credential;
    try {
      credential = await input.openCredential(plan.route);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const warnings = takeWarnings();
      return reportClip(plan, {
        report: null,
        error: pendingFor(error),
        attempts: 0,
        durationMs: 0,
        handle,
        usage: null,
        warnings,
      });
    }
    const run = input.runOf(plan, credential, book);
    for (const path of findParts([run.spoolDirectory, plan.output.directory], found.id, 0))
      rmSync(path, { force: true });
    run.tell({ type: "planned", plan });
    const outcome = await makeClip(run, { handle, startedMs });
    const isPending = outcome.status === "error" && outcome.error.code === "clip-pending";
    if (!isPending || clock.now() - found.startedAtMs < MOST_LIFE_MS) return outcome;
    const error = new ToolError("clip-lost", { message: "Two days after it was begun the clip is still not there." });
    ledger.markUnknown(call.id, reportError(error));
    return reportClip(plan, {
      report: null,
      error,
      attempts: 0,
      durationMs: outcome.durationMs ?? 0,
      handle,
      usage: null,
      warnings: [],
    });
  } finally {
    ownership.release();
  }
}

function pendingFor(error: ToolError): ToolError {
  return new ToolError(error.code, { ...error.details, message: error.message, billed: "maybe" });
}

/** A rehearsal's emulator ends with its process, and what it has begun ends with it. */
async function giveUpRehearsal(plan: ClipPlan, call: CallRecord, book: ClipBook): Promise<ClipOutcome> {
  const error = new ToolError("interrupted", {
    message: "The rehearsal's emulator has ended, and its clip with it.",
    billed: "no",
    nextStep: "Run the rehearsal again; it costs nothing.",
  });
  const failure = { code: error.code, message: error.message, billed: "no" } as const;
  const outcome = reportClip(plan, {
    report: null,
    error,
    attempts: call.attempts,
    durationMs: 0,
    handle: call.handle,
    usage: null,
    warnings: [],
  });
  if (outcome.cost) await book.failed(failure, reportError(error), outcome.cost, null);
  return outcome;
}

export interface ClipAttachment {
  readonly opened: OpenedLedger;
  readonly operation: string;
  readonly because: "identical-request" | "idempotency-key";
  readonly clock: Clock;
  /** Ends the waiting; the operation goes on. */
  readonly signal: AbortSignal | undefined;
  readonly tell: OnClipEvent;
}

/** The result of an operation that another call has begun: waited for while it runs, gone on with when its process is gone. */
export async function attachToClip(
  { opened, operation, because, clock, signal, tell }: ClipAttachment,
  goOn: () => Promise<ClipOutcome | null>,
): Promise<ClipOutcome> {
  const again =
    because === "idempotency-key"
      ? "its idempotency key was used before"
      : "the same request was running or never delivered (--new buys another)";
  const warning = `Nothing was bought again: ${again}; this is the result of operation ${operation}.`;
  let hasTold = false;
  for (;;) {
    const { running } = await opened.recover(operation);
    const record = opened.ledger.operation(operation);
    if (record === undefined) {
      throw new ToolError("operation-unknown", { message: `The ledger has no operation ${operation}.` });
    }
    if (running.length === 0) {
      const resumed = pendingCall(record) === null ? null : await goOn();
      if (resumed !== null) return { ...resumed, warnings: [warning, ...(resumed.warnings ?? [])] };
      const now = opened.ledger.operation(operation) ?? record;
      if (pendingCall(now) === null) return await reportRecordedClip(now, [warning]);
    }
    if (!hasTold) {
      tell({ type: "waiting", image: 0, attempt: 1, waitMs: 0, reason: "the same request is running already" });
    }
    hasTold = true;
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

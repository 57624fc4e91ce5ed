// Transitions: what each step in a call's life records. Which step may follow which is the schema's rule; here a repeat
// after a crash is told from a mistake. Whether something was billed is decided by the sender from the evidence.

import type { MicroUsd } from "../../core/money.ts";
import type { CostBasis, UsageReport } from "../../core/outcome.ts";
import { type ErrorReport, ToolError } from "../../core/tool-error.ts";
import type { Row } from "./database.ts";
import type { CallRow } from "./records.ts";
import type { CallState } from "./states.ts";
import type { Writing } from "./writing.ts";

/** What a call has cost, as far as the answer tells. */
export interface CallCost {
  /** `null`, negative or no whole number: not known, and the whole hold counts. */
  readonly actualMicroUsd: MicroUsd | null;
  readonly listPriceMicroUsd: MicroUsd | null;
  readonly basis: CostBasis;
  readonly usage: UsageReport | null;
}

export interface AnswerRecord extends CallCost {
  /** Absolute path of the answer in the spool; `null` when it had no picture to keep. */
  readonly spoolPath: string | null;
  readonly responseId: string | null;
  readonly modelVersion: string | null;
}

export interface CaptureRecord extends CallCost {
  /** Absolute path and lower-case hexadecimal hash of the published file. */
  readonly picture: { readonly path: string; readonly sha256: string } | null;
  /** Why there is no picture, or what is wrong with it. */
  readonly error: ErrorReport | null;
}

export interface Settlement {
  readonly paid: boolean;
  /** What it cost; the whole hold when absent. Ignored when not paid. */
  readonly actualMicroUsd?: MicroUsd;
}

/** Each returns whether it changed anything; `false`: the step had been taken before. */
export interface Transitions {
  /**
   * Before the last byte of the request leaves. Only the owner may, and only once per attempt: when this throws, nothing
   * more may be sent.
   */
  markSent(call: string, owner: string): true;
  /** An attempt failed and surely nothing was billed: the call waits for its next attempt, or for `reject` or `release`. */
  recordFailedAttempt(call: string, error: ErrorReport): true;
  /** The provider has begun a long-running call under this name; recorded before it is asked for the result. */
  recordHandle(call: string, handle: string): boolean;
  markAnswered(call: string, answer: AnswerRecord): boolean;
  /** May cost more than was held; the next reservation sees the true sum. */
  capture(call: string, record: CaptureRecord): boolean;
  /** The provider refused, and its answer proves that nothing is billed. */
  reject(call: string, error: ErrorReport): boolean;
  /** Never sent as a whole. */
  release(call: string, error?: ErrorReport): boolean;
  markUnknown(call: string, error?: ErrorReport): boolean;
  /** A person's word on an unknown call. Throws `operation-not-open` when it is not unknown. */
  settle(call: string, settlement: Settlement): boolean;
  /** The caller has been shown the result of the operation. */
  markDelivered(operation: string): boolean;
  /** Takes over the operation's calls that `from` answers for; returns how many. Of several who try, one gets them. */
  adopt(operation: string, from: string, to: string): number;
}

export function createTransitions(writing: Writing): Transitions {
  return {
    markSent: (call, owner) => markSent(writing, call, owner),
    recordFailedAttempt: (call, error) => recordFailedAttempt(writing, call, error),
    recordHandle: (call, handle) => recordHandle(writing, call, handle),
    markAnswered(call, answer) {
      return step(writing, call, "answered", ["captured"], {
        ...columnsOf(answer),
        spool_path: answer.spoolPath,
        response_id: answer.responseId,
        model_version: answer.modelVersion,
        answered_at_ms: writing.nowMs,
        ended_at_ms: null,
        error: null,
      });
    },
    capture(call, record) {
      return step(writing, call, "captured", [], {
        ...columnsOf(record),
        picture_path: record.picture?.path ?? null,
        picture_sha256: record.picture?.sha256 ?? null,
        error: textOrNull(record.error),
        ended_at_ms: writing.nowMs,
      });
    },
    reject(call, error) {
      return step(writing, call, "rejected", [], { error: JSON.stringify(error), ended_at_ms: writing.nowMs });
    },
    release(call, error) {
      return step(writing, call, "released", [], { error: textOrNull(error ?? null), ended_at_ms: writing.nowMs });
    },
    markUnknown(call, error) {
      return step(writing, call, "unknown", ["settled"], {
        error: textOrNull(error ?? null),
        ended_at_ms: writing.nowMs,
      });
    },
    settle: (call, settlement) => settle(writing, call, settlement),
    markDelivered: (operation) => markDelivered(writing, operation),
    adopt: (operation, from, to) => adopt(writing, operation, from, to),
  };
}

/** One step; `false` when the call is there already, or beyond it in one of the `later` states. */
function step(writing: Writing, id: string, to: CallState, later: readonly CallState[], set: Row): boolean {
  const call = find(writing, id);
  if (call.state === to || later.includes(call.state)) return false;
  writing.update("calls", { id }, { state: to, ...set });
  return true;
}

function find({ database }: Writing, id: string): CallRow {
  const call = database.get<CallRow>("SELECT * FROM calls WHERE id = ?", id);
  if (!call) throw new ToolError("operation-unknown", { message: `The ledger has no call ${JSON.stringify(id)}.` });
  return call;
}

function markSent(writing: Writing, id: string, owner: string): true {
  const call = find(writing, id);
  if (call.owner !== owner) {
    throw new ToolError("internal", { billed: "no", message: "Another process has taken this call over." });
  }
  if (call.state !== "reserved") {
    throw new ToolError("internal", { billed: "no", message: `A call that is ${call.state} must not be sent.` });
  }
  writing.update("calls", { id }, { state: "sent", sent_at_ms: writing.nowMs, attempts: call.attempts + 1 });
  return true;
}

function recordFailedAttempt(writing: Writing, id: string, error: ErrorReport): true {
  const call = find(writing, id);
  if (call.state !== "reserved" && call.state !== "sent") {
    throw new ToolError("internal", { message: `A call that is ${call.state} has no attempt that could fail.` });
  }
  // An attempt that broke off before its last byte was never marked as sent, and counts all the same.
  const number = call.state === "sent" ? call.attempts : call.attempts + 1;
  writing.insert("attempts", { call: id, number, at_ms: writing.nowMs, error: JSON.stringify(error) });
  writing.update("calls", { id }, { state: "reserved", attempts: number });
  return true;
}

function recordHandle(writing: Writing, id: string, handle: string): boolean {
  const call = find(writing, id);
  if (call.handle === handle) return false;
  if (call.state !== "sent") {
    throw new ToolError("internal", { message: `A call that is ${call.state} has no handle to record.` });
  }
  writing.update("calls", { id }, { handle });
  return true;
}

function settle(writing: Writing, id: string, { paid, actualMicroUsd }: Settlement): boolean {
  const call = find(writing, id);
  if (call.state === "settled" && (call.paid === 1) === paid) return false;
  if (call.state !== "unknown") {
    throw new ToolError("operation-not-open", { message: `The call is ${call.state}, not unknown.` });
  }
  const actual = paid ? (actualMicroUsd ?? null) : 0;
  writing.update(
    "calls",
    { id },
    { state: "settled", paid: paid ? 1 : 0, actual_micro_usd: amountOrNull(actual), ended_at_ms: writing.nowMs },
  );
  return true;
}

function markDelivered(writing: Writing, id: string): boolean {
  const row = writing.database.get<{ delivered_at_ms: number | null }>(
    "SELECT delivered_at_ms FROM operations WHERE id = ?",
    id,
  );
  if (!row) throw new ToolError("operation-unknown", { message: `The ledger has no operation ${JSON.stringify(id)}.` });
  if (row.delivered_at_ms !== null) return false;
  writing.update("operations", { id }, { delivered_at_ms: writing.nowMs });
  return true;
}

function adopt(writing: Writing, operation: string, from: string, to: string): number {
  const calls = writing.database.all<{ id: string }>(
    "SELECT id FROM calls WHERE operation = ? AND owner = ? AND state IN ('reserved', 'sent', 'answered')",
    operation,
    from,
  );
  for (const { id } of calls) writing.update("calls", { id }, { owner: to });
  return calls.length;
}

function columnsOf({ actualMicroUsd, listPriceMicroUsd, basis, usage }: CallCost): Row {
  return {
    actual_micro_usd: amountOrNull(actualMicroUsd),
    list_price_micro_usd: amountOrNull(listPriceMicroUsd),
    basis,
    usage: textOrNull(usage),
  };
}

function amountOrNull(microUsd: MicroUsd | null): MicroUsd | null {
  return microUsd !== null && Number.isSafeInteger(microUsd) && microUsd >= 0 ? microUsd : null;
}

function textOrNull(value: ErrorReport | UsageReport | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

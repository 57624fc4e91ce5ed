// Records: operations and calls as the rest of the program sees them, and how they are read from their rows.

import type { AuthMethod, EndpointName } from "../../core/route.ts";
import type { CostBasis, UsageReport } from "../../core/outcome.ts";
import type { MicroUsd } from "../../core/money.ts";
import type { ErrorReport } from "../../core/tool-error.ts";
import type { Database, SqlValue } from "./database.ts";
import { damaged } from "./failures.ts";
import { type CallState, operationState } from "./states.ts";

/** Anything that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One paid call: one picture of an operation. */
export interface CallRecord {
  readonly id: string;
  readonly operation: string;
  /** Counts from 0. */
  readonly image: number;
  readonly state: CallState;
  /** Id of the process that answers for it (owners.ts). */
  readonly owner: string;
  readonly holdMicroUsd: MicroUsd;
  /** The price that was said before. */
  readonly estimateMicroUsd: MicroUsd;
  /** `null`: not known; then the hold counts. */
  readonly actualMicroUsd: MicroUsd | null;
  readonly listPriceMicroUsd: MicroUsd | null;
  readonly basis: CostBasis | null;
  /** What counts against the budgets now. */
  readonly countedMicroUsd: MicroUsd;
  readonly usage: UsageReport | null;
  readonly modelVersion: string | null;
  readonly responseId: string | null;
  /** The provider's name of a long-running call; `null`: it has none, or none was recorded. */
  readonly handle: string | null;
  /** Absolute path of the answer while it waits to be published. */
  readonly spoolPath: string | null;
  readonly picture: { readonly path: string; readonly sha256: string } | null;
  /** Why there is no picture, or what was wrong with it. */
  readonly error: ErrorReport | null;
  /** What a person decided about an unknown call. */
  readonly paid: boolean | null;
  readonly attempts: number;
  /** The failure of each attempt that failed. */
  readonly attemptErrors: readonly AttemptError[];
  /** Milliseconds since 1970, like the ones below. */
  readonly reservedAtMs: number;
  readonly sentAtMs: number | null;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
}

export interface AttemptError {
  /** Counts from 1. */
  readonly number: number;
  readonly atMs: number;
  readonly error: ErrorReport;
}

/** What the caller asked for, and what became of each picture. */
export interface OperationRecord {
  readonly id: string;
  readonly state: CallState;
  readonly startedAtMs: number;
  /** Local day whose budget it counts against. */
  readonly day: string;
  readonly run: string;
  /** A label; `null`: none. */
  readonly project: string | null;
  readonly model: string;
  readonly endpoint: EndpointName;
  readonly auth: AuthMethod;
  readonly rehearsal: boolean;
  readonly metered: boolean;
  readonly fingerprint: string;
  readonly idempotencyKey: string | null;
  readonly prompt: string;
  /** Whatever recovery needs. */
  readonly intent: JsonValue;
  /** When a caller was shown the result; `null`: nobody has seen it. */
  readonly deliveredAtMs: number | null;
  readonly calls: readonly CallRecord[];
}

export interface OperationRow {
  readonly ordinal: number;
  readonly id: string;
  readonly started_at_ms: number;
  readonly day: string;
  readonly run: string;
  readonly project: string;
  readonly model: string;
  readonly endpoint: EndpointName;
  readonly auth: AuthMethod;
  readonly rehearsal: number;
  readonly metered: number;
  readonly fingerprint: string;
  readonly idempotency_key: string | null;
  readonly prompt: string;
  readonly intent: string;
  readonly delivered_at_ms: number | null;
}

export interface CallRow {
  readonly id: string;
  readonly operation: string;
  readonly image: number;
  readonly state: CallState;
  readonly owner: string;
  readonly counts: number;
  readonly hold_micro_usd: number;
  readonly estimate_micro_usd: number;
  readonly actual_micro_usd: number | null;
  readonly list_price_micro_usd: number | null;
  readonly basis: CostBasis | null;
  readonly counted: number;
  readonly usage: string | null;
  readonly model_version: string | null;
  readonly response_id: string | null;
  readonly handle: string | null;
  readonly spool_path: string | null;
  readonly picture_path: string | null;
  readonly picture_sha256: string | null;
  readonly error: string | null;
  readonly paid: number | null;
  readonly attempts: number;
  readonly reserved_at_ms: number;
  readonly sent_at_ms: number | null;
  readonly answered_at_ms: number | null;
  readonly ended_at_ms: number | null;
}

/** Operations in the order of the query, which selects whole rows of `operations`. */
export function readOperations(database: Database, sql: string, ...values: SqlValue[]): OperationRecord[] {
  return database.all<OperationRow>(sql, ...values).map((row) => toOperation(database, row));
}

function toOperation(database: Database, row: OperationRow): OperationRecord {
  const calls = database
    .all<CallRow>("SELECT * FROM calls WHERE operation = ? ORDER BY image", row.id)
    .map((call) => toCall(database, call));
  return {
    id: row.id,
    state: operationState(calls.map(({ state }) => state)),
    startedAtMs: row.started_at_ms,
    day: row.day,
    run: row.run,
    project: row.project === "" ? null : row.project,
    model: row.model,
    endpoint: row.endpoint,
    auth: row.auth,
    rehearsal: row.rehearsal === 1,
    metered: row.metered === 1,
    fingerprint: row.fingerprint,
    idempotencyKey: row.idempotency_key,
    prompt: parse(row.prompt),
    intent: parse(row.intent),
    deliveredAtMs: row.delivered_at_ms,
    calls,
  };
}

function toCall(database: Database, row: CallRow): CallRecord {
  return {
    id: row.id,
    operation: row.operation,
    image: row.image,
    state: row.state,
    owner: row.owner,
    holdMicroUsd: row.hold_micro_usd,
    estimateMicroUsd: row.estimate_micro_usd,
    actualMicroUsd: row.actual_micro_usd,
    listPriceMicroUsd: row.list_price_micro_usd,
    basis: row.basis,
    countedMicroUsd: row.counted,
    usage: row.usage === null ? null : parse(row.usage),
    modelVersion: row.model_version,
    responseId: row.response_id,
    handle: row.handle,
    spoolPath: row.spool_path,
    picture:
      row.picture_path === null || row.picture_sha256 === null
        ? null
        : { path: row.picture_path, sha256: row.picture_sha256 },
    error: row.error === null ? null : parse(row.error),
    paid: row.paid === null ? null : row.paid === 1,
    attempts: row.attempts,
    attemptErrors: database
      .all<{ number: number; at_ms: number; error: string }>(
        "SELECT number, at_ms, error FROM attempts WHERE call = ? ORDER BY number",
        row.id,
      )
      .map(({ number, at_ms, error }) => ({ number, atMs: at_ms, error: parse(error) })),
    reservedAtMs: row.reserved_at_ms,
    sentAtMs: row.sent_at_ms,
    answeredAtMs: row.answered_at_ms,
    endedAtMs: row.ended_at_ms,
  };
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what was written as this shape is read as it
function parse<Shape>(text: string): Shape {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged("one of its texts cannot be read");
  }
}

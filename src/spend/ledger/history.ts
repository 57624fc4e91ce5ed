// History: what was asked for and what became of it, in the shapes that programs read (design §10).

import type { CostBasis } from "../../core/outcome.ts";
import type { MicroUsd } from "../../core/money.ts";
import type { Database } from "./database.ts";
import { type CallRecord, type OperationRecord, readOperations } from "./records.ts";
import { bucketAddress, kindOf, type OperationKind } from "./operation-kind.ts";
import type { CallState } from "./states.ts";

/** One row of `history --json`. */
export interface HistoryEntry {
  readonly operation: string;
  readonly kind: OperationKind;
  readonly state: CallState;
  readonly prompt: string;
  readonly images: readonly HistoryImage[];
  readonly cost: HistoryCost;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly rehearsal: boolean;
  readonly model: string;
  readonly endpoint: string;
  readonly auth: string;
  readonly project: string | null;
  readonly delivered: boolean;
}

export interface HistoryImage {
  readonly image: number;
  readonly state: CallState;
  /** Absolute path; `null` when there is no file. */
  readonly path: string | null;
  /** Where the provider has left a clip or a picture; `null`: it is a file, or not there. */
  readonly uri: string | null;
  readonly sha256: string | null;
  readonly attempts: number;
  /** Code of the error; `null` when all went well. */
  readonly error: string | null;
}

export interface HistoryCost {
  readonly currency: "USD";
  readonly estimatedMicroUsd: MicroUsd;
  /** What is known to be paid; `null` when nothing is known of any call. */
  readonly actualMicroUsd: MicroUsd | null;
  /** What running and unknown calls hold. */
  readonly heldMicroUsd: MicroUsd;
  /** How far the actual cost went beyond the holds. */
  readonly overrunMicroUsd: MicroUsd;
  /** `null` while nothing is known. */
  readonly basis: CostBasis | null;
}

/** One row of `open` in `spend --json`. */
export interface OpenOperation {
  readonly id: string;
  readonly state: CallState;
  readonly heldMicroUsd: MicroUsd;
  readonly prompt: string;
  readonly startedAt: string;
  readonly rehearsal: boolean;
  /** The calls that are not settled. */
  readonly calls: readonly {
    readonly id: string;
    readonly image: number;
    readonly state: CallState;
    readonly owner: string;
    readonly heldMicroUsd: MicroUsd;
  }[];
}

const OPEN_STATES: readonly CallState[] = ["reserved", "sent", "answered", "unknown"];

export interface HistoryOptions {
  /** 0 gives all. */
  readonly limit: number;
  /** Only operations with this label. */
  readonly project?: string;
  /** Only operations with this model (the id on the wire). */
  readonly model?: string;
}

/** Newest first. */
export function history(database: Database, { limit, project, model }: HistoryOptions): HistoryEntry[] {
  return readOperations(
    database,
    "SELECT * FROM operations WHERE project = coalesce(?, project) AND model = coalesce(?, model) ORDER BY ordinal DESC LIMIT ?",
    project ?? null,
    model ?? null,
    limit === 0 ? -1 : limit,
  ).map(toHistoryEntry);
}

export function toHistoryEntry(operation: OperationRecord): HistoryEntry {
  return {
    operation: operation.id,
    kind: kindOf(operation),
    state: operation.state,
    prompt: operation.prompt,
    images: operation.calls.map((call) => ({
      image: call.image,
      state: call.state,
      path: call.picture?.path ?? null,
      uri: bucketAddress(call),
      sha256: call.picture?.sha256 ?? null,
      attempts: call.attempts,
      error: call.error?.code ?? null,
    })),
    cost: costOf(operation.calls),
    startedAt: new Date(operation.startedAtMs).toISOString(),
    rehearsal: operation.rehearsal,
    model: operation.model,
    endpoint: operation.endpoint,
    auth: operation.auth,
    project: operation.project,
    delivered: operation.deliveredAtMs !== null,
  };
}

function costOf(calls: readonly CallRecord[]): HistoryCost {
  const ended = calls.filter(({ state }) => !OPEN_STATES.includes(state));
  const overruns = ended.map(({ actualMicroUsd, holdMicroUsd, countedMicroUsd }) =>
    countedMicroUsd > 0 ? Math.max(0, (actualMicroUsd ?? 0) - holdMicroUsd) : 0,
  );
  return {
    currency: "USD",
    estimatedMicroUsd: sum(calls.map(({ estimateMicroUsd }) => estimateMicroUsd)),
    actualMicroUsd: ended.length === 0 ? null : sum(ended.map(({ countedMicroUsd }) => countedMicroUsd)),
    heldMicroUsd: sum(calls.map(heldBy)),
    overrunMicroUsd: sum(overruns),
    basis: calls.find(({ basis }) => basis !== null)?.basis ?? null,
  };
}

/** Operations that are not settled, oldest first, whole: what recovery works through. */
export function openOperations(database: Database): OperationRecord[] {
  return readOperations(
    database,
    `SELECT * FROM operations WHERE id IN (
       SELECT operation FROM calls INDEXED BY calls_open WHERE state IN ('reserved', 'sent', 'answered', 'unknown'))
     ORDER BY ordinal`,
  );
}

export function toOpenOperation(operation: OperationRecord): OpenOperation {
  return {
    id: operation.id,
    state: operation.state,
    heldMicroUsd: sum(operation.calls.map(heldBy)),
    prompt: operation.prompt,
    startedAt: new Date(operation.startedAtMs).toISOString(),
    rehearsal: operation.rehearsal,
    calls: operation.calls
      .filter(({ state }) => OPEN_STATES.includes(state))
      .map((call) => ({
        id: call.id,
        image: call.image,
        state: call.state,
        owner: call.owner,
        heldMicroUsd: heldBy(call),
      })),
  };
}

function heldBy({ state, countedMicroUsd }: CallRecord): MicroUsd {
  return OPEN_STATES.includes(state) ? countedMicroUsd : 0;
}

function sum(amounts: readonly MicroUsd[]): MicroUsd {
  return amounts.reduce((total, amount) => total + amount, 0);
}

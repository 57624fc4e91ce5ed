// Reserve: the price is set aside before the first byte leaves. One immediate transaction looks for an operation to
// attach to, sums what counts against every cap, and writes the operation with its holds; so it is exact for any number
// of processes. How much to hold is the plan's business.

import type { Cap } from "../../core/cap.ts";
import type { MicroUsd } from "../../core/money.ts";
import type { AuthMethod, EndpointName } from "../../core/route.ts";
import { ToolError } from "../../core/tool-error.ts";
import { type BudgetMoment, capApplies, capStanding, combineCaps, countedAgainst } from "./caps.ts";
import { findRunningOrUndelivered, holderOfKey } from "./identical.ts";
import { overBudget } from "./over-budget.ts";
import type { JsonValue } from "./records.ts";
import type { Writing } from "./writing.ts";

export interface ReservedCall {
  /** A ULID. */
  readonly id: string;
  /** Counts from 0. */
  readonly image: number;
  /** Worst case, retries included. Taken as 0 where nothing is billed. */
  readonly holdMicroUsd: MicroUsd;
  /** The price that is said before. */
  readonly estimateMicroUsd: MicroUsd;
}

export interface ReserveRequest {
  /** A ULID. */
  readonly operation: string;
  /** The process that answers for the calls; its ownership must already be held (owners.ts). */
  readonly owner: string;
  /** What a cap of window `run` sums over: one command, one MCP session. */
  readonly run: string;
  /** A label; `null`: none. */
  readonly project: string | null;
  /** The id on the wire. */
  readonly model: string;
  readonly endpoint: EndpointName;
  readonly auth: AuthMethod;
  /** Recorded, never counted. */
  readonly rehearsal: boolean;
  /** False: a subscription; recorded with a hold of 0. */
  readonly metered: boolean;
  /** Hash over everything that makes two requests the same. */
  readonly fingerprint: string;
  readonly prompt: string;
  /** Whatever recovery needs; never a secret. */
  readonly intent: JsonValue;
  readonly calls: readonly [ReservedCall, ...ReservedCall[]];
  /** All must hold. Of several on the same things the lowest counts. */
  readonly caps: readonly Cap[];
  readonly idempotencyKey?: string;
  /** `attach`: to an identical operation that runs or was never delivered; `buy`: buy all the same. Default `attach`. */
  readonly identical?: "attach" | "buy";
}

/** `attached`: nothing was reserved; the operation named has, or will have, the result. */
export type Reservation =
  | { readonly kind: "reserved"; readonly operation: string }
  | {
      readonly kind: "attached";
      readonly operation: string;
      readonly because: "identical-request" | "idempotency-key";
    };

/**
 * Sets the holds aside, or attaches. Throws `over-budget` (with `retryAfterSeconds` when the window renews),
 * `idempotency-key-reused`, `config-invalid` for a cap that is no amount, and `internal` for a hold that is none.
 */
export function reserve(writing: Writing, request: ReserveRequest): Reservation {
  const { database } = writing;
  const { fingerprint, idempotencyKey } = request;
  const key = idempotencyKey === undefined ? undefined : holderOfKey(database, idempotencyKey, fingerprint);
  if (key?.kind === "taken") return { kind: "attached", operation: key.operation, because: "idempotency-key" };
  if (key === undefined && (request.identical ?? "attach") === "attach") {
    const operation = findRunningOrUndelivered(database, fingerprint, request.rehearsal);
    if (operation !== undefined) return { kind: "attached", operation, because: "identical-request" };
  }
  const counts = request.metered && !request.rehearsal;
  for (const { holdMicroUsd, estimateMicroUsd } of request.calls) {
    assertAmount(holdMicroUsd);
    assertAmount(estimateMicroUsd);
  }
  if (counts) keepCaps(writing, request);
  insertOperation(writing, request, counts);
  if (idempotencyKey !== undefined) {
    if (key?.kind === "spent-nothing")
      writing.update("keys", { key: idempotencyKey }, { operation: request.operation });
    else writing.insert("keys", { key: idempotencyKey, operation: request.operation, fingerprint });
  }
  return { kind: "reserved", operation: request.operation };
}

function keepCaps({ database, day, nowMs }: Writing, request: ReserveRequest): void {
  const wanted = request.calls.reduce((sum, { holdMicroUsd }) => sum + holdMicroUsd, 0);
  const label = { project: request.project ?? "", model: request.model };
  const moment: BudgetMoment = { run: request.run, day, nowMs };
  const applying = combineCaps(request.caps).filter((cap) => capApplies(cap, label));
  if (wanted === 0) return;
  const [first, ...more] = applying
    .filter((cap) => countedAgainst(database, cap, moment) + wanted > cap.limitMicroUsd)
    .map((cap) => capStanding(database, cap, moment));
  if (first) throw overBudget([first, ...more], wanted, nowMs);
}

function insertOperation(writing: Writing, request: ReserveRequest, counts: boolean): void {
  const { database, nowMs, day } = writing;
  const labels = { day, run: request.run, project: request.project ?? "", model: request.model };
  writing.insert("operations", {
    ordinal: nextOrdinal(database, "operations"),
    id: request.operation,
    started_at_ms: nowMs,
    ...labels,
    endpoint: request.endpoint,
    auth: request.auth,
    rehearsal: request.rehearsal ? 1 : 0,
    metered: request.metered ? 1 : 0,
    fingerprint: request.fingerprint,
    idempotency_key: request.idempotencyKey ?? null,
    // As JSON, because SQLite's text ends at a NUL and has no lone surrogates; a prompt may hold both.
    prompt: JSON.stringify(request.prompt),
    intent: JSON.stringify(request.intent),
    delivered_at_ms: null,
  });
  for (const call of request.calls) {
    writing.insert("calls", {
      ordinal: nextOrdinal(database, "calls"),
      id: call.id,
      operation: request.operation,
      image: call.image,
      state: "reserved",
      owner: request.owner,
      ...labels,
      counts: counts ? 1 : 0,
      hold_micro_usd: counts ? call.holdMicroUsd : 0,
      estimate_micro_usd: call.estimateMicroUsd,
      attempts: 0,
      reserved_at_ms: nowMs,
    });
  }
}

function nextOrdinal(database: Writing["database"], table: "operations" | "calls"): number {
  return (database.get<{ last: number | null }>(`SELECT max(ordinal) AS last FROM ${table}`)?.last ?? 0) + 1;
}

function assertAmount(microUsd: MicroUsd): void {
  if (Number.isSafeInteger(microUsd) && microUsd >= 0) return;
  throw new ToolError("internal", { billed: "no", message: `${String(microUsd)} is not an amount of micro-dollars.` });
}

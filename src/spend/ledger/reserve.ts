// Reserve: the price is set aside before the first byte leaves. One immediate transaction looks for an operation to
// attach to, sums what counts against every cap, and writes the operation with its holds; so it is exact for any number
// of processes. How much to hold is the plan's business.

import type { Cap } from "../../core/cap.ts";
import type { MicroUsd } from "../../core/money.ts";
import type { AuthMethod, EndpointName } from "../../core/route.ts";
import { ToolError } from "../../core/tool-error.ts";
import { type BudgetMoment, capApplies, capStanding, combineCaps, countedAgainst } from "./caps.ts";
import type { Database } from "./database.ts";
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
  /**
   * The least that may be set aside, when a cap leaves less than the worst case: what the caller can keep the call below.
   * Default: `holdMicroUsd`.
   */
  readonly leastMicroUsd?: MicroUsd;
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
  | {
      readonly kind: "reserved";
      readonly operation: string;
      /** What was set aside for each call, in their order: the worst case, or what the caps leave. 0 where nothing is billed. */
      readonly holdsMicroUsd: readonly MicroUsd[];
    }
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
  for (const { holdMicroUsd, leastMicroUsd = 0, estimateMicroUsd } of request.calls) {
    for (const amount of [holdMicroUsd, leastMicroUsd, estimateMicroUsd]) assertAmount(amount);
  }
  const holdsMicroUsd = counts ? holdsWithinCaps(writing, request) : request.calls.map(() => 0);
  insertOperation(writing, request, counts, holdsMicroUsd);
  if (idempotencyKey !== undefined) {
    if (key?.kind === "spent-nothing")
      writing.update("keys", { key: idempotencyKey }, { operation: request.operation });
    else writing.insert("keys", { key: idempotencyKey, operation: request.operation, fingerprint });
  }
  return { kind: "reserved", operation: request.operation, holdsMicroUsd };
}

/** Throws `over-budget` when not even the least fits. */
function holdsWithinCaps({ database, day, nowMs }: Writing, request: ReserveRequest): MicroUsd[] {
  const moment: BudgetMoment = { run: request.run, day, nowMs };
  const wanted = request.calls.map(({ holdMicroUsd }) => holdMicroUsd);
  const least = request.calls.map(leastOf);
  const leftUnder = applyingCaps(request).map((cap) => ({
    cap,
    leftMicroUsd: cap.limitMicroUsd - countedAgainst(database, cap, moment),
  }));
  const needed = sum(least);
  // What costs nothing fits into a cap that is used up, and into one that was passed.
  if (sum(wanted) === 0) return wanted;
  const [first, ...more] = leftUnder.filter(({ leftMicroUsd }) => leftMicroUsd < needed);
  if (first) {
    const standingOf = ({ cap }: { readonly cap: Cap }) => capStanding(database, cap, moment);
    throw overBudget([standingOf(first), ...more.map(standingOf)], needed, nowMs);
  }
  const left = Math.min(...leftUnder.map(({ leftMicroUsd }) => leftMicroUsd));
  if (left >= sum(wanted)) return wanted;
  const spare = Math.floor((left - needed) / least.length);
  return least.map((amount, index) => Math.min(amount + spare, wanted[index] ?? amount));
}

/** Whether the request, refused now, would fit if every running call cost nothing: then it is worth waiting for them. */
export function fitsWithoutRunningCalls(database: Database, request: ReserveRequest, moment: BudgetMoment): boolean {
  const needed = sum(request.calls.map(leastOf));
  return applyingCaps(request).every((cap) => {
    const { leftMicroUsd, heldMicroUsd, unknownMicroUsd } = capStanding(database, cap, moment);
    return leftMicroUsd + heldMicroUsd - unknownMicroUsd >= needed;
  });
}

function applyingCaps({ caps, project, model }: ReserveRequest): Cap[] {
  return combineCaps(caps).filter((cap) => capApplies(cap, { project: project ?? "", model }));
}

function leastOf({ holdMicroUsd, leastMicroUsd }: ReservedCall): MicroUsd {
  return Math.min(holdMicroUsd, leastMicroUsd ?? holdMicroUsd);
}

function sum(amounts: readonly MicroUsd[]): MicroUsd {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function insertOperation(
  writing: Writing,
  request: ReserveRequest,
  counts: boolean,
  holdsMicroUsd: readonly MicroUsd[],
): void {
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
  for (const [index, call] of request.calls.entries()) {
    writing.insert("calls", {
      ordinal: nextOrdinal(database, "calls"),
      id: call.id,
      operation: request.operation,
      image: call.image,
      state: "reserved",
      owner: request.owner,
      ...labels,
      counts: counts ? 1 : 0,
      hold_micro_usd: holdsMicroUsd[index] ?? call.holdMicroUsd,
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

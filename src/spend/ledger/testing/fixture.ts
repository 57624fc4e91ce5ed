// Fixture for the tests of the ledger: folders that are cleared away, a clock to set, requests and errors to write.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cap } from "../../../core/cap.ts";
import type { Clock } from "../../../core/clock.ts";
import { type ErrorReport, reportError, ToolError } from "../../../core/tool-error.ts";
import { type Ledger, type LedgerOptions, openLedger } from "../ledger.ts";
import type { ReservedCall, ReserveRequest } from "../reserve.ts";
import type { AnswerRecord, CaptureRecord } from "../transitions.ts";

export const OWNER = "01OWNER";
/** Noon of 24 November 2026 in local time, so that tests hold in any time zone. */
export const NOON = new Date(2026, 10, 24, 12).getTime();
export const CENT = 10_000;
export const DOLLAR = 1_000_000;

export interface SetClock extends Clock {
  set(ms: number): void;
  advance(ms: number): void;
}

export function setClock(start = NOON): SetClock {
  let ms = start;
  return {
    now: () => ms,
    monotonic: () => ms,
    sleep: () => Promise.reject(new Error("the ledger never sleeps")),
    set(value) {
      ms = value;
    },
    advance(by) {
      ms += by;
    },
  };
}

const folders: string[] = [];
const ledgers: Ledger[] = [];

/** A new folder, removed by {@link clearAway}. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "image-gen-ledger-"));
  folders.push(folder);
  return folder;
}

/** A ledger in a folder of its own unless one is given; closed by {@link clearAway}. */
export async function newLedger(options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  const ledger = await openLedger({ directory: join(newFolder(), "ledger"), clock: setClock(), ...options });
  ledgers.push(ledger);
  return ledger;
}

export function clearAway(): void {
  for (const ledger of ledgers.splice(0)) {
    try {
      ledger.close();
    } catch {
      // The test has closed it.
    }
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

let made = 0;

/** Ids that sort in the order in which they were made. */
function newId(): string {
  made += 1;
  return `01TEST${String(made).padStart(10, "0")}`;
}

export interface RequestParts extends Partial<Omit<ReserveRequest, "calls">> {
  readonly holdMicroUsd?: number;
  readonly count?: number;
}

/** One metered picture of 10 cents, unlike any other request. */
export function request({ holdMicroUsd = 10 * CENT, count = 1, ...parts }: RequestParts = {}): ReserveRequest {
  const operation = parts.operation ?? newId();
  const call = (image: number): ReservedCall => ({
    id: `${operation}-${image}`,
    image,
    holdMicroUsd,
    estimateMicroUsd: Math.floor(holdMicroUsd / 2),
  });
  return {
    operation,
    owner: OWNER,
    run: "run-1",
    project: null,
    model: "model-a",
    endpoint: "generativelanguage",
    auth: "api-key",
    rehearsal: false,
    metered: true,
    fingerprint: `fingerprint of ${operation}`,
    prompt: "a fox",
    intent: { prompt: "a fox" },
    caps: [],
    ...parts,
    calls: [call(0), ...Array.from({ length: count - 1 }, (_, index) => call(index + 1))],
  };
}

/** Reserves one request and returns its first call. */
export function reserveCall(ledger: Ledger, parts: RequestParts = {}): string {
  const wanted = request(parts);
  const { kind } = ledger.reserve(wanted);
  if (kind !== "reserved") throw new Error("attached");
  return wanted.calls[0].id;
}

export function captured(actualMicroUsd: number | null, parts: Partial<CaptureRecord> = {}): CaptureRecord {
  return {
    actualMicroUsd,
    listPriceMicroUsd: actualMicroUsd,
    basis: "usage",
    usage: { promptTokens: 1, imageTokens: 1_120, textTokens: 0, thoughtTokens: 0 },
    picture: null,
    error: null,
    ...parts,
  };
}

export const answer: AnswerRecord = {
  spoolPath: "/spool/answer",
  responseId: "response-1",
  modelVersion: "model-a-001",
  actualMicroUsd: 134_400,
  listPriceMicroUsd: 134_400,
  basis: "usage",
  usage: { promptTokens: 1, imageTokens: 1_120, textTokens: 0, thoughtTokens: 0 },
};

/** The whole way of a call that is paid. */
export function pay(ledger: Ledger, actualMicroUsd: number | null, parts: RequestParts = {}): string {
  const call = reserveCall(ledger, parts);
  ledger.markSent(call, parts.owner ?? OWNER);
  ledger.markAnswered(call, answer);
  ledger.capture(call, captured(actualMicroUsd));
  return call;
}

/** A call whose outcome is unknown. */
export function loseSight(ledger: Ledger, parts: RequestParts = {}): string {
  const call = reserveCall(ledger, parts);
  ledger.markSent(call, parts.owner ?? OWNER);
  ledger.markUnknown(call, errorReport("connection-lost"));
  return call;
}

export function errorReport(
  code: "connection-lost" | "rate-limited" | "refused-safety" | "connect-failed",
): ErrorReport {
  return reportError(new ToolError(code));
}

export function dayCap(limitMicroUsd: number): Cap {
  return { window: "day", limitMicroUsd };
}

/** The ToolError that `body` throws. */
export function failureOf(body: () => unknown): ToolError {
  try {
    body();
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

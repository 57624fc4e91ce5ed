// Ledger: the door of this room. Opens the ledger, making one at the first start, and binds every action to it.
// Refuses rather than guesses: without a sound ledger nothing may be spent.

import type { Clock } from "../../core/clock.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";
import { openDatabase } from "./database.ts";
import { damaged, ledgerFailure, withFolder } from "./failures.ts";
import { type FileSystemCheck, findNetworkFileSystem } from "./file-system.ts";
import { type GateKey, gateUntil, holdGate } from "./gates.ts";
import { findRunningOrUndelivered } from "./identical.ts";
import {
  checkLedgerFile,
  createLedger,
  exists,
  identify,
  isSameFile,
  type LedgerFiles,
  ledgerFiles,
  prepareFolder,
} from "./ledger-files.ts";
import { checkMirrorMeanwhile, mirrorLength } from "./mirror.ts";
import { budgetMoment, type LedgerReading, readingOf } from "./reading.ts";
import { type OperationRecord, readOperations } from "./records.ts";
import { fitsWithoutRunningCalls, type Reservation, type ReserveRequest, reserve } from "./reserve.ts";
import { migrate } from "./migrate.ts";
import { createTransitions, type Transitions } from "./transitions.ts";
import { dayOf } from "./windows.ts";
import { assertSameLedger, type LedgerConnection, type Writing, write } from "./writing.ts";

export interface LedgerOptions {
  /** Absolute path of a folder of the ledger's own; made when it is missing, narrowed to its owner. */
  readonly directory: string;
  readonly clock: Clock;
  /** How long to wait for another process, 5 000 by default. A sender that has a paid answer in hand may wait longer. */
  readonly busyTimeoutMs?: number;
  /** Told when the text mirror lags behind after money was spent. */
  readonly onWarning?: (message: string) => void;
  /** Default: by type of the file system. */
  readonly findNetworkFileSystem?: FileSystemCheck;
}

/** Every change is on disk when it returns. All throw `ledger-…` codes when the ledger cannot be trusted or written. */
export interface Ledger extends Transitions, LedgerReading {
  /** True when this start made the ledger: worth telling a person who believed to have one. */
  readonly created: boolean;
  readonly files: LedgerFiles;
  reserve(request: ReserveRequest): Reservation;
  /** After `over-budget`: whether only calls that run now are in the way, so that it is worth asking again. */
  fitsWithoutRunningCalls(request: ReserveRequest): boolean;
  /** Several steps in one transaction: all or none, and one sync for all of them. */
  together<Result>(body: (transitions: Omit<Transitions, "markSent">) => Result): Result;
  /** The operation that an idempotency key belongs to. */
  operationOfKey(key: string): OperationRecord | undefined;
  findRunningOrUndelivered(
    fingerprint: string,
    options?: { readonly rehearsal?: boolean },
  ): OperationRecord | undefined;
  holdGate(key: GateKey, untilMs: number): void;
  gateUntil(key: GateKey): number | null;
  /** After a clock that was wrongly ahead was put right: windows follow it again. For a person to call, never an agent. */
  acceptClock(): void;
  close(): void;
}

/** Throws `ledger-unavailable`, `ledger-locked`, `ledger-damaged` or `ledger-newer`. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const files = ledgerFiles(options.directory);
  let database: Awaited<ReturnType<typeof openDatabase>> | undefined;
  try {
    prepareFolder(files, options.findNetworkFileSystem ?? findNetworkFileSystem);
    // In this order: a mirror is always younger than its ledger, so a mirror without one means that the ledger is gone.
    const hasMirror = mirrorLength(files) > 0;
    const isMissing = !exists(files.ledger);
    if (isMissing && hasMirror) throw damaged("its file is gone, and only the text mirror is left");
    const now = Math.floor(options.clock.now());
    const created = isMissing && (await createLedger(files, now, dayOf(now)));
    checkLedgerFile(files);
    const identity = identify(files.ledger);
    database = await openDatabase(files.ledger, { busyTimeoutMs: options.busyTimeoutMs ?? 5_000 });
    if (!identity || !isSameFile(identity, identify(files.ledger))) throw damaged("its file was replaced");
    migrate(database);
    checkMirrorMeanwhile(database, () => mirrorLength(files));
    const connection: LedgerConnection = {
      database,
      files,
      identity,
      clock: options.clock,
      onWarning: options.onWarning ?? (() => undefined),
    };
    return bind(connection, created);
  } catch (error) {
    database?.close();
    throw withFolder(ledgerFailure(error), options.directory);
  }
}

function bind(connection: LedgerConnection, created: boolean): Ledger {
  const { database, files, clock } = connection;
  // What comes before the money must be in the mirror too; what comes after is not undone for a mirror's sake.
  const after = <Result>(body: (transitions: Transitions) => Result): Result =>
    write(connection, { mirror: "may-lag" }, (writing) => body(createTransitions(writing)));
  const afterSending = <Result>(body: (transitions: Transitions) => Result): Result => perhapsBilled(() => after(body));
  const one = (sql: string, value: string): OperationRecord | undefined => readOperations(database, sql, value)[0];
  return {
    ...readingOf(database, clock),
    created,
    files,
    reserve: (request) =>
      write(
        connection,
        { mirror: "must-follow", undo: (writing) => releaseAll(writing, request.operation) },
        (writing) => reserve(writing, request),
      ),
    together: afterSending,
    markSent: (call, owner) =>
      write(
        connection,
        { mirror: "must-follow", undo: (writing) => writing.update("calls", { id: call }, { state: "reserved" }) },
        (writing) => createTransitions(writing).markSent(call, owner),
      ),
    recordFailedAttempt: (call, error) => after((steps) => steps.recordFailedAttempt(call, error)),
    recordHandle: (call, handle) => afterSending((steps) => steps.recordHandle(call, handle)),
    markAnswered: (call, answer) => afterSending((steps) => steps.markAnswered(call, answer)),
    capture: (call, record) => afterSending((steps) => steps.capture(call, record)),
    reject: (call, error) => after((steps) => steps.reject(call, error)),
    release: (call, error) => after((steps) => steps.release(call, error)),
    markUnknown: (call, error) => afterSending((steps) => steps.markUnknown(call, error)),
    settle: (call, settlement) => after((steps) => steps.settle(call, settlement)),
    markDelivered: (operation) => afterSending((steps) => steps.markDelivered(operation)),
    adopt: (operation, from, to) => after((steps) => steps.adopt(operation, from, to)),
    operationOfKey: (key) =>
      one("SELECT operations.* FROM keys JOIN operations ON operations.id = keys.operation WHERE key = ?", key),
    findRunningOrUndelivered(fingerprint, { rehearsal = false } = {}) {
      const id = findRunningOrUndelivered(database, fingerprint, rehearsal);
      return id === undefined ? undefined : one("SELECT * FROM operations WHERE id = ?", id);
    },
    fitsWithoutRunningCalls: (request) =>
      fitsWithoutRunningCalls(database, request, budgetMoment(database, clock, request.run)),
    holdGate(key, untilMs) {
      assertSameLedger(connection);
      holdGate(database, key, untilMs, clock.now());
    },
    gateUntil: (key) => gateUntil(database, key, clock.now()),
    acceptClock: () => write(connection, { mirror: "may-lag" }, (writing) => writing.resetClock()),
    close: () => database.close(),
  };
}

function releaseAll(writing: Writing, operation: string): void {
  const steps = createTransitions(writing);
  for (const { id } of writing.database.all<{ id: string }>("SELECT id FROM calls WHERE operation = ?", operation)) {
    steps.release(id);
  }
}

/** The table says of a ledger that fails that nothing was sent; after the sending that would be a lie. */
function perhapsBilled<Result>(body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (!isToolError(error) || error.row.exit !== 4) throw error;
    throw new ToolError(error.code, { ...error.details, message: error.message, billed: "maybe" });
  }
}

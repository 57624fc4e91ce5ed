// Repair: a damaged or lost ledger is rebuilt from its mirror, a damaged mirror from its ledger. What was there is moved
// aside, never deleted. The new files are finished before the first old one moves, so that a crash leaves a state that
// the next start refuses and the next repair understands.

import { closeSync, fsyncSync, linkSync, mkdtempSync, openSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import type { Clock } from "../../core/clock.ts";
import { ToolError } from "../../core/tool-error.ts";
import { type Database, openDatabase } from "./database.ts";
import { damaged, ledgerFailure } from "./failures.ts";
import {
  clearNursery,
  exists,
  type LedgerFiles,
  ledgerFiles,
  placeLedger,
  rebuiltLedger,
  syncFolder,
} from "./ledger-files.ts";
import { CHAIN_START, type Meta, readMeta } from "./meta.ts";
import { readLine } from "./mirror-line.ts";
import { readMirror } from "./mirror-reader.ts";
import { writeWhole } from "./mirror.ts";
import { beginReplay, snapshotLines } from "./replay.ts";
import { verifyLedger } from "./verify.ts";
import { dayOf, laterDay } from "./windows.ts";

export interface RepairOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** When ledger and mirror are both damaged: keep what can be read. A person must say so. Default false. */
  readonly acceptLoss?: boolean;
  /** How long to wait for a process that writes, 5 000 by default. */
  readonly busyTimeoutMs?: number;
}

export interface Repair {
  /** `nothing`: ledger and mirror were sound. */
  readonly rebuiltFrom: "nothing" | "mirror" | "ledger" | "what-could-be-read";
  /** Absolute path of the folder with the old files; `null` when nothing was moved. */
  readonly movedTo: string | null;
  readonly operations: number;
  readonly calls: number;
  /** Lines of the mirror that could not be read, and changes that did not fit without them. */
  readonly lost: number;
}

/** Throws `ledger-damaged` when both are damaged and loss was not accepted, `ledger-locked` while another process writes. */
export async function repairLedger(options: RepairOptions): Promise<Repair> {
  const files = ledgerFiles(options.directory);
  const verification = await verifyLedger({ directory: options.directory, pictures: false });
  const old = await openOld(files, options.busyTimeoutMs ?? 5_000);
  const nursery = mkdtempSync(join(files.directory, ".new-"));
  try {
    if (verification.ok && old) {
      return { rebuiltFrom: "nothing", movedTo: null, ...countRows(old), lost: 0 };
    }
    const ledgerIsSound = verification.problems.every(({ kind }) => kind !== "ledger");
    const source = chooseSource(files, old, ledgerIsSound, options.acceptLoss ?? false);
    const mirror = join(nursery, "ledger.jsonl");
    const lines = source === "ledger" && old ? snapshot(old, options.clock) : mirrorLines(files, old);
    const meta = copyLines(lines, mirror, options.clock);
    const built = await buildLedger(join(nursery, "ledger.db"), mirror, meta, source === "what-could-be-read");
    const movedTo = replace(files, nursery, mirror, options.clock.now());
    return { rebuiltFrom: source, movedTo, ...built, lost: built.lost + meta.lost };
  } catch (error) {
    throw ledgerFailure(error);
  } finally {
    old?.close();
    clearNursery(nursery);
  }
}

/** The old ledger with its write lock held, so that nobody changes it meanwhile; `undefined` when it cannot be opened. */
async function openOld(files: LedgerFiles, busyTimeoutMs: number): Promise<Database | undefined> {
  if (!exists(files.ledger)) return undefined;
  let database: Database | undefined;
  try {
    database = await openDatabase(files.ledger, { busyTimeoutMs });
    database.script("BEGIN IMMEDIATE");
    return database;
  } catch (error) {
    database?.close();
    if (ledgerFailure(error).code === "ledger-locked") throw error;
    return undefined;
  }
}

function chooseSource(
  files: LedgerFiles,
  old: Database | undefined,
  ledgerIsSound: boolean,
  acceptLoss: boolean,
): Exclude<Repair["rebuiltFrom"], "nothing"> {
  let broken = 0;
  let reached = -1;
  for (const { state, entry } of mirrorLines(files, old)) {
    if (state === "broken" || state === "loose") broken += 1;
    else if (entry) reached = entry.sequence;
  }
  const standing = old && tryReadMeta(old);
  if (broken === 0 && reached >= (standing?.sequence ?? 0)) return "mirror";
  if (ledgerIsSound && standing) return "ledger";
  if (acceptLoss) return "what-could-be-read";
  throw damaged(`neither it nor its mirror is whole (${broken} lines of the mirror cannot be trusted)`, {
    nextStep: "Put back a copy of both files, or keep what can be read: image-gen spend repair --accept-loss.",
  });
}

function tryReadMeta(database: Database): Meta | undefined {
  try {
    return readMeta(database);
  } catch {
    return undefined;
  }
}

interface SourceLine {
  readonly state: "good" | "loose" | "broken" | "torn";
  readonly bytes: Buffer;
  readonly entry?: { readonly sequence: number; readonly clockHighMs: number; readonly dayHigh: string };
  readonly hash?: string;
}

/** The mirror, and after its last whole line what the ledger still had waiting for it. */
function* mirrorLines(files: LedgerFiles, old: Database | undefined): Generator<SourceLine> {
  let last = { sequence: 0, hash: CHAIN_START };
  for (const line of readMirror(files.mirror)) {
    if (line.state === "torn") continue;
    if (line.entry && line.hash) last = { sequence: line.entry.sequence, hash: line.hash };
    yield line;
  }
  for (const text of waitingLines(old)) {
    const bytes = Buffer.from(text);
    const line = readLine(bytes);
    if (!line || line.entry.previous !== last.hash) continue;
    last = { sequence: line.entry.sequence, hash: line.hash };
    yield { state: "good", bytes, entry: line.entry, hash: line.hash };
  }
}

function waitingLines(old: Database | undefined): string[] {
  try {
    return old?.all<{ line: string }>("SELECT line FROM outbox ORDER BY sequence").map(({ line }) => line) ?? [];
  } catch {
    return [];
  }
}

function* snapshot(old: Database, clock: Clock): Generator<SourceLine> {
  const meta = readMeta(old);
  for (const { text } of snapshotLines(old, meta, new Date(Math.floor(clock.now())).toISOString())) {
    const bytes = Buffer.from(text);
    const line = readLine(bytes);
    yield { state: "good", bytes, ...(line && { entry: line.entry, hash: line.hash }) };
  }
}

/** Writes the trustworthy lines to a new mirror; the result is where the new ledger stands. */
function copyLines(lines: Iterable<SourceLine>, path: string, clock: Clock): Meta & { readonly lost: number } {
  const now = Math.floor(clock.now());
  let meta = {
    createdAtMs: now,
    clockHighMs: 0,
    dayHigh: "",
    sequence: 0,
    chainHash: CHAIN_START,
    mirrorBytes: 0,
    lost: 0,
  };
  const descriptor = openSync(path, "wx", 0o600);
  try {
    for (const { bytes, entry, hash } of lines) {
      if (!entry || hash === undefined) {
        meta = { ...meta, lost: meta.lost + 1 };
        continue;
      }
      writeWhole(descriptor, Buffer.concat([bytes, Buffer.from("\n")]), meta.mirrorBytes);
      meta = {
        ...meta,
        clockHighMs: entry.clockHighMs,
        dayHigh: entry.dayHigh,
        sequence: entry.sequence,
        chainHash: hash,
        mirrorBytes: meta.mirrorBytes + bytes.length + 1,
      };
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (meta.sequence === 0) return { ...meta, clockHighMs: now, dayHigh: laterDay(dayOf(now), meta.dayHigh) };
  return meta;
}

async function buildLedger(
  path: string,
  mirror: string,
  meta: Meta,
  lossy: boolean,
): Promise<{ operations: number; calls: number; lost: number }> {
  const database = await openDatabase(path, { busyTimeoutMs: 0, create: true });
  try {
    let lost = 0;
    const replay = beginReplay(database);
    database.immediate(() => {
      for (const { entry } of readMirror(mirror)) {
        if (!entry) continue;
        if (lossy) lost += replay.applyWhatFits(entry);
        else replay.apply(entry);
      }
      replay.finish(meta);
    });
    const counts = countRows(database);
    database.checkpoint();
    return { ...counts, lost };
  } finally {
    database.close();
  }
}

function countRows(database: Database): { operations: number; calls: number } {
  return (
    database.get<{ operations: number; calls: number }>(
      "SELECT (SELECT count(*) FROM operations) AS operations, (SELECT count(*) FROM calls) AS calls",
    ) ?? { operations: 0, calls: 0 }
  );
}

/** Old files aside, new ones in their place. In between there is a mirror without a ledger, which every start refuses. */
function replace(files: LedgerFiles, nursery: string, mirror: string, nowMs: number): string {
  const aside = mkdtempSync(join(files.directory, "damaged-"));
  if (exists(files.mirror)) linkSync(files.mirror, join(aside, basename(files.mirror)));
  renameSync(mirror, files.mirror);
  for (const suffix of ["", "-wal", "-shm"]) {
    const path = `${files.ledger}${suffix}`;
    if (exists(path)) renameSync(path, join(aside, basename(path)));
  }
  syncFolder(aside);
  if (!placeLedger(join(nursery, "ledger.db"), rebuiltLedger(files.directory, nowMs))) {
    throw new ToolError("ledger-locked", { message: "Another process has put a ledger in place meanwhile." });
  }
  return aside;
}

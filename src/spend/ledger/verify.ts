// Verify: is everything still as it was written? The database's own structure, its sums, the chain of the mirror, the
// mirror against the ledger row by row, and every picture against its hash. Changes nothing but an old schema.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { isToolError } from "../../core/tool-error.ts";
import { type Database, openDatabase, openMemory, type Row } from "./database.ts";
import { ledgerFailure } from "./failures.ts";
import { exists, type LedgerFiles, ledgerFiles } from "./ledger-files.ts";
import { type Meta, readMeta } from "./meta.ts";
import { mirroredTables, readLine, sameRow } from "./mirror-line.ts";
import { mirrorLength } from "./mirror.ts";
import { readMirror } from "./mirror-reader.ts";
import { beginReplay, rowsOf } from "./replay.ts";
import { migrate } from "./migrate.ts";

export interface LedgerProblem {
  /** `picture-missing`: the file is not where it was put; moving pictures is everybody's right, so this is no damage. */
  readonly kind: "ledger" | "mirror" | "picture" | "picture-missing";
  readonly message: string;
  /** Absolute path of the picture. */
  readonly path?: string;
}

export interface Verification {
  /** False when there is a problem other than `picture-missing`. */
  readonly ok: boolean;
  readonly problems: readonly LedgerProblem[];
  readonly calls: number;
  readonly mirrorLines: number;
  readonly pictures: number;
}

export interface VerifyOptions {
  readonly directory: string;
  /** Whether to read every picture. Default true. */
  readonly pictures?: boolean;
}

/** Reports damage rather than throwing it. Throws `ledger-locked` and `ledger-newer`, which are none. */
export async function verifyLedger({ directory, pictures = true }: VerifyOptions): Promise<Verification> {
  const files = ledgerFiles(directory);
  const problems: LedgerProblem[] = [];
  const counts = { calls: 0, mirrorLines: 0, pictures: 0 };
  // Before the ledger is looked at: whoever writes meanwhile makes the ledger longer first.
  const length = mirrorLength(files);
  const database = await openForReading(files, problems);
  try {
    const meta = database && checkDatabase(database, problems);
    if (meta && length > meta.mirrorBytes) {
      problems.push({ kind: "ledger", message: "The mirror knows of more changes than the ledger." });
    }
    const memory = await openMemory();
    try {
      counts.mirrorLines = replayMirror(files, database, meta, memory, problems);
      // Against a mirror that is not whole every row would look wrong.
      const mirrorIsWhole = problems.every(({ kind }) => kind !== "mirror");
      if (database && meta && mirrorIsWhole)
        collect(problems, "ledger", () => compareTables(database, memory, problems));
    } finally {
      memory.close();
    }
    if (database) {
      collect(problems, "ledger", () => {
        counts.calls = database.get<{ count: number }>("SELECT count(*) AS count FROM calls")?.count ?? 0;
      });
      if (pictures) counts.pictures = await checkPictures(database, problems);
    }
  } finally {
    database?.close();
  }
  return { ok: problems.every(({ kind }) => kind === "picture-missing"), problems, ...counts };
}

async function openForReading(files: LedgerFiles, problems: LedgerProblem[]): Promise<Database | undefined> {
  if (!exists(files.ledger)) {
    problems.push({ kind: "ledger", message: "There is no ledger." });
    return undefined;
  }
  try {
    const database = await openDatabase(files.ledger, { busyTimeoutMs: 5_000 });
    migrate(database);
    // One view of everything, however long the checks take.
    database.script("BEGIN");
    return database;
  } catch (error) {
    const failure = ledgerFailure(error);
    if (failure.code === "ledger-locked" || failure.code === "ledger-newer") throw failure;
    problems.push({ kind: "ledger", message: failure.message });
    return undefined;
  }
}

function checkDatabase(database: Database, problems: LedgerProblem[]): Meta | undefined {
  return collect(problems, "ledger", () => {
    for (const { integrity_check } of database.all<{ integrity_check: string }>("PRAGMA integrity_check(20)")) {
      if (integrity_check !== "ok") problems.push({ kind: "ledger", message: `SQLite: ${integrity_check}` });
    }
    if (database.all("PRAGMA foreign_key_check").length > 0) {
      problems.push({ kind: "ledger", message: "A call belongs to no operation." });
    }
    const wrong = database.get(
      `SELECT 1 FROM (
         SELECT day, project, model, run, sum(counted) AS counted, count(*) AS calls FROM calls WHERE counts = 1
         GROUP BY day, project, model, run) AS summed
       FULL JOIN totals USING (day, project, model, run)
       WHERE summed.counted IS NOT totals.counted OR summed.calls IS NOT totals.calls`,
    );
    if (wrong) problems.push({ kind: "ledger", message: "The sums do not agree with the calls." });
    for (const { line } of database.all<{ line: string }>("SELECT line FROM outbox")) {
      if (!readLine(Buffer.from(line)))
        problems.push({ kind: "ledger", message: "A line that waits for the mirror was changed." });
    }
    return readMeta(database);
  });
}

/** Rebuilds the tables from the mirror and what still waits for it; returns how many lines there are. */
function replayMirror(
  files: LedgerFiles,
  database: Database | undefined,
  meta: Meta | undefined,
  memory: Database,
  problems: LedgerProblem[],
): number {
  const replay = beginReplay(memory);
  let lines = 0;
  let last = { sequence: 0, hash: "" };
  collect(problems, "mirror", () => {
    for (const { number, state, entry, hash } of readMirror(files.mirror, meta?.mirrorBytes)) {
      if (state === "torn") continue;
      lines += 1;
      if (state !== "good" || !entry || !hash) {
        problems.push({
          kind: "mirror",
          message: `Line ${number} of the mirror was changed or does not follow the one before.`,
        });
        continue;
      }
      replay.apply(entry);
      last = { sequence: entry.sequence, hash };
    }
    if (!database || !meta) return;
    for (const { line } of database.all<{ line: string }>(
      "SELECT line FROM outbox WHERE sequence > ? ORDER BY sequence",
      last.sequence,
    )) {
      const waiting = readLine(Buffer.from(line));
      if (!waiting) continue;
      replay.apply(waiting.entry);
      last = { sequence: waiting.entry.sequence, hash: waiting.hash };
    }
    if (meta.sequence > 0 && (last.sequence !== meta.sequence || last.hash !== meta.chainHash)) {
      problems.push({ kind: "mirror", message: "The mirror does not end where the ledger does." });
    }
  });
  return lines;
}

function compareTables(database: Database, memory: Database, problems: LedgerProblem[]): void {
  for (const table of mirroredTables) {
    const mirrored = rowsOf(memory, table);
    let different = 0;
    for (const row of rowsOf(database, table)) {
      const other = mirrored.next();
      if (other.done || !sameRow(row, other.value)) different += 1;
    }
    const missing: Row[] = [...mirrored];
    if (different + missing.length > 0) {
      problems.push({
        kind: "ledger",
        message: `${different + missing.length} rows of ${table} differ from the mirror.`,
      });
    }
  }
}

async function checkPictures(database: Database, problems: LedgerProblem[]): Promise<number> {
  let count = 0;
  const rows = collect(problems, "ledger", () =>
    database.all<{ path: string; sha256: string }>(
      "SELECT picture_path AS path, picture_sha256 AS sha256 FROM calls WHERE picture_path IS NOT NULL",
    ),
  );
  for (const { path, sha256 } of rows ?? []) {
    count += 1;
    const found = await hashFile(path);
    if (found === undefined)
      problems.push({ kind: "picture-missing", message: `${path} is not there any more.`, path });
    else if (found !== sha256)
      problems.push({ kind: "picture", message: `${path} is not the picture that was saved.`, path });
  }
  return count;
}

/** `undefined` when the file cannot be read. */
async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) hash.update(piece);
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}

/** Runs a check; what it throws is a problem of its own, unless it says nothing about damage. */
function collect<Result>(
  problems: LedgerProblem[],
  kind: LedgerProblem["kind"],
  check: () => Result,
): Result | undefined {
  try {
    return check();
  } catch (error) {
    if (isToolError(error) && (error.code === "ledger-locked" || error.code === "ledger-newer")) throw error;
    problems.push({ kind, message: ledgerFailure(error).message });
    return undefined;
  }
}

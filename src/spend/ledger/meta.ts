// Meta: the one row that every change reads and writes: how far the clock and the mirror are. It carries a seal over
// its own columns, because a flipped bit here could open a new budget window.

import { createHash } from "node:crypto";
import type { Database } from "./database.ts";
import { damaged } from "./failures.ts";
import { schemaHash } from "./schema.ts";

export interface Meta {
  readonly createdAtMs: number;
  /** Highest time seen, milliseconds since 1970. */
  readonly clockHighMs: number;
  /** Latest local day seen, `YYYY-MM-DD`. */
  readonly dayHigh: string;
  /** Number of the last change; 0 before the first. */
  readonly sequence: number;
  /** Hash of the last line of the mirror. */
  readonly chainHash: string;
  /** Length of the mirror once every change is in it. */
  readonly mirrorBytes: number;
}

interface MetaRow {
  readonly created_at_ms: number;
  readonly clock_high_ms: number;
  readonly day_high: string;
  readonly sequence: number;
  readonly chain_hash: string;
  readonly mirror_bytes: number;
  readonly seal: string;
}

/** What the first line of a mirror names as its predecessor. */
export const CHAIN_START = "0".repeat(64);

/** Throws `ledger-damaged` when the row is missing or does not fit its seal. */
export function readMeta(database: Database): Meta {
  const row = database.get<MetaRow>("SELECT * FROM meta");
  if (!row) throw damaged("its first row is missing");
  const meta: Meta = {
    createdAtMs: row.created_at_ms,
    clockHighMs: row.clock_high_ms,
    dayHigh: row.day_high,
    sequence: row.sequence,
    chainHash: row.chain_hash,
    mirrorBytes: row.mirror_bytes,
  };
  if (row.seal !== seal(meta, schemaHash(database))) throw damaged("its first row or its rules were changed");
  return meta;
}

/** Writes the row; `importing` lets a rebuild insert calls in their later states. */
export function writeMeta(database: Database, meta: Meta, importing = false): void {
  database.run(
    `INSERT OR REPLACE INTO meta
       (only, created_at_ms, clock_high_ms, day_high, sequence, chain_hash, mirror_bytes, importing, seal)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`,
    meta.createdAtMs,
    meta.clockHighMs,
    meta.dayHigh,
    meta.sequence,
    meta.chainHash,
    meta.mirrorBytes,
    importing ? 1 : 0,
    seal(meta, schemaHash(database)),
  );
}

function seal(meta: Meta, schema: string): string {
  const words = [meta.createdAtMs, meta.clockHighMs, meta.dayHigh, meta.sequence, meta.chainHash, meta.mirrorBytes];
  return createHash("sha256")
    .update(`${words.join("\n")}\n${schema}`)
    .digest("hex");
}

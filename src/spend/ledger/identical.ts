// Identical requests: who asks again while the first is on its way, or never saw its picture, gets that one. And a key
// that a caller has given never buys twice. Says which operation it is; waiting for it is the caller's part.

import { ToolError } from "../../core/tool-error.ts";
import type { Database } from "./database.ts";

/**
 * The newest operation with this fingerprint that runs, or bought something that nobody has seen, or perhaps bought
 * something: that its caller was told so makes a repeat no less a second purchase. A person's word on it ends that.
 */
export function findRunningOrUndelivered(
  database: Database,
  fingerprint: string,
  rehearsal: boolean,
): string | undefined {
  return database.get<{ id: string }>(
    `SELECT id FROM (
       SELECT ordinal, id FROM operations
       WHERE fingerprint = ? AND rehearsal = ? AND delivered_at_ms IS NULL AND EXISTS (
         SELECT 1 FROM calls WHERE calls.operation = operations.id
           AND state IN ('reserved', 'sent', 'answered', 'captured', 'unknown'))
       UNION ALL
       SELECT ordinal, id FROM operations
       WHERE fingerprint = ? AND rehearsal = ? AND id IN (
         SELECT operation FROM calls INDEXED BY calls_open
         WHERE state IN ('reserved', 'sent', 'answered', 'unknown') AND state = 'unknown'))
     ORDER BY ordinal DESC LIMIT 1`,
    fingerprint,
    rehearsal ? 1 : 0,
    fingerprint,
    rehearsal ? 1 : 0,
  )?.id;
}

/** What a key stands for: nothing yet, an operation to attach to, or one that bought nothing, so that the key is still good. */
export type KeyHolder =
  | { readonly kind: "free" }
  | { readonly kind: "taken"; readonly operation: string }
  | { readonly kind: "spent-nothing"; readonly operation: string };

/** Throws `idempotency-key-reused` when the key belongs to another request. */
export function holderOfKey(database: Database, key: string, fingerprint: string): KeyHolder {
  const row = database.get<{ operation: string; fingerprint: string }>(
    "SELECT operation, fingerprint FROM keys WHERE key = ?",
    key,
  );
  if (!row) return { kind: "free" };
  if (row.fingerprint !== fingerprint) {
    throw new ToolError("idempotency-key-reused", {
      message: `The idempotency key ${JSON.stringify(key)} belongs to another request, operation ${row.operation}.`,
    });
  }
  const live = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM calls
     WHERE operation = ? AND state NOT IN ('rejected', 'released') AND NOT (state = 'settled' AND paid = 0)`,
    row.operation,
  );
  return { kind: (live?.count ?? 0) > 0 ? "taken" : "spent-nothing", operation: row.operation };
}

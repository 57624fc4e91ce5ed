// Size: a hundred thousand calls add up to the last micro-dollar, and no question under a cap reads them all when an
// index can tell.

import { afterEach, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { readMeta, writeMeta } from "./meta.ts";
import { clearAway, dayCap, failureOf, newLedger, request } from "./testing/fixture.ts";

afterEach(clearAway);

const CALLS = 100_000;
const PRICE = 39_000;

/** Fills the tables beside the ledger's own way, which syncs each step. */
function fill(database: Database, day: string): void {
  database.immediate(() => {
    const meta = readMeta(database);
    writeMeta(database, meta, true);
    database.script(`
      INSERT INTO operations (ordinal, id, started_at_ms, day, run, project, model, endpoint, auth, rehearsal, metered,
        fingerprint, prompt, intent, delivered_at_ms)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${CALLS})
      SELECT i, 'o' || i, 0, '${day}', 'r' || (i % 100), 'p' || (i % 10), 'm' || (i % 3), 'e', 'a', 0, 1,
        'f' || i, '"a fox"', '{}', 1 FROM n;
      INSERT INTO calls (ordinal, id, operation, image, state, owner, day, run, project, model, counts, hold_micro_usd,
        estimate_micro_usd, actual_micro_usd, basis, attempts, reserved_at_ms)
      SELECT ordinal, 'c' || ordinal, id, 0, 'captured', 'x', day, run, project, model, 1, 0, ${PRICE}, ${PRICE}, 'usage', 1, 0
      FROM operations;`);
    writeMeta(database, meta);
  });
}

test("100 000 captures of $0.039 are $3 900 exactly, under a cap as in the totals", async () => {
  const ledger = await newLedger();
  const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
  fill(database, "2026-11-24");
  expect(ledger.totals({ by: "all" })[0]).toMatchObject({ calls: CALLS, spentMicroUsd: CALLS * PRICE });
  const cap = dayCap(CALLS * PRICE + 1);
  expect(ledger.standings([cap], "r1")[0]?.leftMicroUsd).toBe(1);
  expect(failureOf(() => ledger.reserve(request({ holdMicroUsd: 2, caps: [cap] }))).code).toBe("over-budget");
  expect(ledger.reserve(request({ holdMicroUsd: 1, caps: [cap] })).kind).toBe("reserved");
  database.close();
});

test.each([
  "SELECT sum(counted), count(*) FROM calls WHERE counts = 1 AND day = ?",
  "SELECT sum(counted), count(*) FROM calls WHERE counts = 1 AND run = ?",
  "SELECT sum(counted), count(*) FROM calls WHERE counts = 1 AND project = ?",
  "SELECT sum(counted), sum(calls) FROM totals WHERE 1 = 1 AND run = ?",
  "SELECT id FROM operations WHERE fingerprint = ? AND rehearsal = 0 AND delivered_at_ms IS NULL",
  "SELECT * FROM calls WHERE operation = ?",
  "SELECT * FROM calls WHERE state IN ('reserved', 'sent', 'answered', 'unknown')",
])("an index answers: %s", async (sql) => {
  const ledger = await newLedger();
  const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
  const values = sql.includes("?") ? ["x"] : [];
  const plan = database.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail);
  expect(plan.filter((detail) => detail.startsWith("SCAN"))).toEqual([]);
  database.close();
});

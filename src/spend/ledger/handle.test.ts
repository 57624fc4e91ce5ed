// The handle of a long-running call, and the ledgers of before there was one.

import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { ledgerFiles } from "./ledger-files.ts";
import { CHAIN_START, writeMeta } from "./meta.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./schema.ts";
import {
  answer,
  captured,
  clearAway,
  failureOf,
  newFolder,
  newLedger,
  NOON,
  OWNER,
  request,
} from "./testing/fixture.ts";
import { verifyLedger } from "./verify.ts";

afterEach(clearAway);

const HANDLE = "models/m/operations/1";

describe("the handle of a call", () => {
  test("is kept through everything that follows, in the mirror too", async () => {
    const directory = join(newFolder(), "ledger");
    const ledger = await newLedger({ directory });
    const wanted = request();
    const { id } = wanted.calls[0];
    ledger.reserve(wanted);
    ledger.markSent(id, OWNER);
    expect(ledger.recordHandle(id, HANDLE)).toBe(true);
    expect(ledger.recordHandle(id, HANDLE)).toBe(false);
    ledger.markAnswered(id, answer);
    ledger.capture(id, captured(1));
    expect(ledger.operation(wanted.operation)?.calls[0]?.handle).toBe(HANDLE);
    expect(await verifyLedger({ directory })).toMatchObject({ ok: true, problems: [] });
  });

  test("does not change, and is for a call on its way alone", async () => {
    const ledger = await newLedger();
    const wanted = request();
    const { id } = wanted.calls[0];
    ledger.reserve(wanted);
    expect(failureOf(() => ledger.recordHandle(id, HANDLE)).code).toBe("internal");
    ledger.markSent(id, OWNER);
    ledger.recordHandle(id, HANDLE);
    expect(failureOf(() => ledger.recordHandle(id, "another")).code).toMatch(/^ledger-|internal/);
    expect(ledger.operation(wanted.operation)?.calls[0]?.handle).toBe(HANDLE);
  });
});

const oldLedger = async (tamper = ""): Promise<string> => {
  const directory = join(newFolder(), "ledger");
  mkdirSync(directory, { mode: 0o700 });
  const { ledger } = ledgerFiles(directory);
  const database = await openDatabase(ledger, { busyTimeoutMs: 0, create: true });
  migrate(database, migrations.slice(0, 1));
  const meta = { createdAtMs: NOON, clockHighMs: NOON, dayHigh: "2026-11-24", sequence: 0, chainHash: CHAIN_START };
  writeMeta(database, { ...meta, mirrorBytes: 0 });
  if (tamper !== "") database.script(tamper);
  database.checkpoint();
  database.close();
  chmodSync(ledger, 0o600);
  return directory;
};

describe("a ledger of the first schema", () => {
  test("is brought on when it is opened, and is sound after it", async () => {
    const directory = await oldLedger();
    const ledger = await newLedger({ directory });
    expect(ledger.created).toBe(false);
    ledger.reserve(request());
    expect(await verifyLedger({ directory })).toMatchObject({ ok: true, calls: 1 });
  });

  test("is not sealed anew when its rules were changed", async () => {
    const directory = await oldLedger("DROP TRIGGER calls_end_for_good");
    await expect(newLedger({ directory })).rejects.toMatchObject({ code: "ledger-damaged" });
    await expect(newLedger({ directory })).rejects.toMatchObject({ code: "ledger-damaged" });
  });
});

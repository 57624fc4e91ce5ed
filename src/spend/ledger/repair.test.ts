// Verify and repair: what was damaged is found, and what was lost is rebuilt from its other half; nothing is thrown away.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { type LedgerFiles, ledgerFiles } from "./ledger-files.ts";
import { repairLedger } from "./repair.ts";
import { answer, newLedger, OWNER, pay, reserveCall, clearAway } from "./testing/fixture.ts";
import { clock, fullLedger, tell, flip, copyOf } from "./testing/full-ledger.ts";
import { verifyLedger } from "./verify.ts";

afterEach(clearAway);

async function toldAfterRepair(before: LedgerFiles): Promise<unknown> {
  const files = ledgerFiles(before.directory);

  const ledger = await newLedger({ directory: files.directory, clock });
  expect((await verifyLedger({ directory: files.directory })).problems).toEqual([]);
  const told = tell(ledger);
  // It must also go on from here.
  pay(ledger, 1);
  expect((await verifyLedger({ directory: files.directory })).problems).toEqual([]);
  return told;
}

describe("a sound ledger", () => {
  test("has no problems, and its lines and calls are counted", async () => {
    const { files } = await fullLedger();
    expect(await verifyLedger({ directory: files.directory })).toEqual({
      ok: true,
      problems: [],
      calls: 12,
      mirrorLines: 36,
      pictures: 0,
    });
  });

  test("is left as it is by a repair", async () => {
    const { files } = await fullLedger();
    const before = readFileSync(files.ledger);
    const repair = await repairLedger({ directory: files.directory, clock });
    expect(repair).toEqual({ rebuiltFrom: "nothing", movedTo: null, operations: 11, calls: 12, lost: 0 });
    expect(readFileSync(files.ledger).equals(before)).toBe(true);
    expect(readdirSync(files.directory).filter((name) => !name.startsWith("ledger."))).toEqual([]);
  });
});

describe("a damaged ledger is rebuilt from its mirror", () => {
  const cases: { name: string; spoil: (files: LedgerFiles) => void }[] = [
    { name: "deleted", spoil: ({ ledger }) => unlinkSync(ledger) },
    { name: "emptied", spoil: ({ ledger }) => truncateSync(ledger, 0) },
    { name: "cut in half", spoil: ({ ledger }) => truncateSync(ledger, statSync(ledger).size >> 1) },
    { name: "made a text", spoil: ({ ledger }) => writeFileSync(ledger, "dear diary\n".repeat(500)) },
    {
      name: "filled with zeros in the middle",
      spoil({ ledger }) {
        const bytes = readFileSync(ledger);
        writeFileSync(ledger, bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 8_192));
      },
    },
    {
      name: "replaced by a folder",
      spoil({ ledger }) {
        renameSync(ledger, `${ledger}.old`);
        mkdirSync(ledger);
      },
    },
  ];

  test.each(cases)("$name", async ({ spoil }) => {
    const { files, told } = await fullLedger();
    spoil(files);
    const before = existsSync(files.ledger) && statSync(files.ledger).isFile() ? readFileSync(files.ledger) : undefined;
    expect((await verifyLedger({ directory: files.directory })).ok).toBe(false);
    const repair = await repairLedger({ directory: files.directory, clock });
    expect(repair).toMatchObject({ rebuiltFrom: "mirror", operations: 11, calls: 12, lost: 0 });
    expect(await toldAfterRepair(files)).toEqual(told);
    const aside = join(repair.movedTo ?? "", "ledger.db");
    expect(before === undefined || readFileSync(aside).equals(before)).toBe(true);
  });

  test("that went back to an old copy", async () => {
    const ledger = await newLedger({ clock });
    pay(ledger, 1);
    const copy = new Map(["", "-wal"].map((suffix) => [suffix, readFileSync(`${ledger.files.ledger}${suffix}`)]));
    pay(ledger, 2);
    const told = tell(ledger);
    ledger.close();
    rmSync(`${ledger.files.ledger}-shm`);
    for (const suffix of ["", "-wal"]) unlinkSync(`${ledger.files.ledger}${suffix}`);
    for (const [suffix, bytes] of copy) writeFileSync(`${ledger.files.ledger}${suffix}`, bytes);
    expect((await verifyLedger({ directory: ledger.files.directory })).ok).toBe(false);
    expect((await repairLedger({ directory: ledger.files.directory, clock })).rebuiltFrom).toBe("mirror");
    expect(await toldAfterRepair(ledger.files)).toEqual(told);
  });

  test("whose contents were changed by hand", async () => {
    const { files, told } = await fullLedger();
    const database = await openDatabase(files.ledger, { busyTimeoutMs: 0 });
    database.script("PRAGMA writable_schema = 1; UPDATE operations SET delivered_at_ms = 5 WHERE ordinal = 1");
    database.close();
    expect((await verifyLedger({ directory: files.directory })).problems).toMatchObject([{ kind: "ledger" }]);
    expect((await repairLedger({ directory: files.directory, clock })).rebuiltFrom).toBe("mirror");
    expect(await toldAfterRepair(files)).toEqual(told);
  });

  test("with a torn last line in the mirror", async () => {
    const { files, told } = await fullLedger();
    const text = readFileSync(files.mirror);
    writeFileSync(files.mirror, Buffer.concat([text, Buffer.from('{"sequence":99,"prev')]));
    unlinkSync(files.ledger);
    expect((await repairLedger({ directory: files.directory, clock })).rebuiltFrom).toBe("mirror");
    expect(await toldAfterRepair(files)).toEqual(told);
  });
});

describe("a damaged mirror is rebuilt from its ledger", () => {
  const cases: { name: string; spoil: (files: LedgerFiles) => void }[] = [
    { name: "deleted", spoil: ({ mirror }) => unlinkSync(mirror) },
    { name: "cut in half", spoil: ({ mirror }) => truncateSync(mirror, statSync(mirror).size >> 1) },
    { name: "with one bit wrong", spoil: ({ mirror }) => flip(mirror, 4_003) },
    {
      name: "with a line taken out",
      spoil({ mirror }) {
        const lines = readFileSync(mirror, "utf8").split("\n");
        writeFileSync(mirror, lines.toSpliced(3, 1).join("\n"));
      },
    },
  ];

  test.each(cases)("$name", async ({ spoil }) => {
    const { files, told } = await fullLedger();
    spoil(files);
    expect((await verifyLedger({ directory: files.directory })).ok).toBe(false);
    expect(await repairLedger({ directory: files.directory, clock })).toMatchObject({ rebuiltFrom: "ledger", lost: 0 });
    expect(await toldAfterRepair(files)).toEqual(told);
    // The new mirror alone is enough for the next accident.
    unlinkSync(ledgerFiles(files.directory).ledger);
    expect((await repairLedger({ directory: files.directory, clock })).rebuiltFrom).toBe("mirror");
    expect((await verifyLedger({ directory: files.directory })).ok).toBe(true);
  });
});

describe("when both are damaged", () => {
  test("nothing is done until a person accepts the loss, and then what can be read is kept", async () => {
    const { files } = await fullLedger();
    truncateSync(files.ledger, 4_096);
    flip(files.mirror, 4_003);
    const mirror = readFileSync(files.mirror);
    await expect(repairLedger({ directory: files.directory, clock })).rejects.toMatchObject({ code: "ledger-damaged" });
    expect(readFileSync(files.mirror).equals(mirror)).toBe(true);
    const repair = await repairLedger({ directory: files.directory, clock, acceptLoss: true });
    expect(repair.rebuiltFrom).toBe("what-could-be-read");
    expect(repair.lost).toBeGreaterThan(0);
    expect(repair.operations).toBeGreaterThanOrEqual(10);
    expect(readFileSync(join(repair.movedTo ?? "", "ledger.jsonl")).equals(mirror)).toBe(true);
    pay(await newLedger({ directory: files.directory, clock }), 1);
  });
});

test("a ledger in use by another process is not repaired under its hands", async () => {
  const { files } = await fullLedger();
  unlinkSync(files.mirror);
  const other = await openDatabase(files.ledger, { busyTimeoutMs: 0 });
  other.script("BEGIN IMMEDIATE");
  await expect(repairLedger({ directory: files.directory, clock, busyTimeoutMs: 50 })).rejects.toMatchObject({
    code: "ledger-locked",
  });
  other.close();
});

test("a process that still has the old ledger open cannot write after a repair", async () => {
  const ledger = await newLedger({ clock });
  const call = reserveCall(ledger);
  ledger.markSent(call, OWNER);
  flip(ledger.files.mirror, 99);
  await repairLedger({ directory: ledger.files.directory, clock });
  expect(() => ledger.markAnswered(call, answer)).toThrow("replaced");
  expect((await verifyLedger({ directory: ledger.files.directory })).problems).toEqual([]);
});

test("a ledger from a newer program is neither judged nor repaired", async () => {
  const { files } = await fullLedger();
  const database = await openDatabase(files.ledger, { busyTimeoutMs: 0 });
  database.script("PRAGMA user_version = 99");
  database.close();
  const { directory } = files;
  await expect(verifyLedger({ directory })).rejects.toMatchObject({ code: "ledger-newer" });
  await expect(repairLedger({ directory, clock })).rejects.toMatchObject({ code: "ledger-newer" });
});

test("a repair that was killed after it had put the new mirror in place is finished by the next one", async () => {
  const { files, told } = await fullLedger();
  const halfWay = copyOf(files);
  flip(files.mirror, 4_003);
  await repairLedger({ directory: files.directory, clock });
  copyFileSync(files.mirror, halfWay.mirror);
  await expect(newLedger({ directory: halfWay.directory })).rejects.toMatchObject({ code: "ledger-damaged" });
  expect(await repairLedger({ directory: halfWay.directory, clock })).toMatchObject({ rebuiltFrom: "mirror", lost: 0 });
  expect(await toldAfterRepair(halfWay)).toEqual(told);
});

// Verify and repair: what was damaged is found, and what was lost is rebuilt from its other half; nothing is thrown away.

import { createHash } from "node:crypto";
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
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { isToolError } from "../../core/tool-error.ts";
import { openDatabase } from "./database.ts";
import type { Ledger } from "./ledger.ts";
import { type LedgerFiles, ledgerFiles } from "./ledger-files.ts";
import { repairLedger } from "./repair.ts";
import type { ReserveRequest } from "./reserve.ts";
import {
  answer,
  captured,
  clearAway,
  dayCap,
  DOLLAR,
  errorReport,
  loseSight,
  newFolder,
  newLedger,
  OWNER,
  pay,
  request,
  reserveCall,
  setClock,
} from "./testing/fixture.ts";
import { verifyLedger } from "./verify.ts";

afterEach(clearAway);

const caps = [dayCap(DOLLAR)];
const clock = setClock();

/** A closed ledger with calls in every state, and what it says. */
async function fullLedger(): Promise<{ files: LedgerFiles; told: unknown }> {
  const ledger = await newLedger({ clock });
  pay(ledger, 40_000, { project: "films", idempotencyKey: "k" });
  ledger.settle(loseSight(ledger), { paid: true });
  loseSight(ledger);
  ledger.release(reserveCall(ledger, { count: 2 }));
  const refused = reserveCall(ledger);
  ledger.markSent(refused, OWNER);
  ledger.recordFailedAttempt(refused, errorReport("rate-limited"));
  ledger.markSent(refused, OWNER);
  ledger.reject(refused, errorReport("rate-limited"));
  ledger.reserve(request({ rehearsal: true }));
  ledger.reserve(request({ metered: false }));
  for (let index = 0; index < 4; index += 1) pay(ledger, 10_000);
  const told = tell(ledger);
  ledger.close();
  const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
  database.checkpoint();
  database.close();
  return { files: ledger.files, told };
}

/** Everything that a ledger says. */
function tell(ledger: Ledger): unknown {
  const history = ledger.history({ limit: 0 });
  return [
    history.map(({ operation }) => ledger.operation(operation)),
    ledger.standings(caps, "run-1"),
    ledger.operationOfKey("k")?.id,
  ];
}

function flip(path: string, bit: number): void {
  const bytes = readFileSync(path);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  writeFileSync(path, bytes);
}

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

/** A ledger that claims to be of a later version is refused as such, which is found too. */
async function looksSound(directory: string): Promise<boolean> {
  try {
    return (await verifyLedger({ directory })).ok;
  } catch (error) {
    if (isToolError(error) && error.code === "ledger-newer") return false;
    throw error;
  }
}

describe("single bits", () => {
  test("wrong anywhere in the mirror are found", async () => {
    const { files } = await fullLedger();
    const whole = readFileSync(files.mirror);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length * 8 - 1), async (bit) => {
        flip(files.mirror, bit);
        const { ok } = await verifyLedger({ directory: files.directory });
        writeFileSync(files.mirror, whole);
        return !ok;
      }),
      { numRuns: 150 },
    );
    expect((await verifyLedger({ directory: files.directory })).ok).toBe(true);
  });

  test("wrong anywhere in the ledger are found, or the ledger says the same in spite of them", async () => {
    const { files, told } = await fullLedger();
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(statSync(files.ledger).size * 8 - 1), async (bit) => {
        const spoilt = copyOf(files);
        flip(spoilt.ledger, bit);
        const ok = await looksSound(spoilt.directory);
        found += ok ? 0 : 1;
        expect(ok ? await sayings(spoilt) : told).toEqual(told);
      }),
      // A bit of the schema's number: to a ledger of a later version nobody here can say anything.
      { numRuns: 150, examples: [[480]] },
    );
    expect(found).toBeGreaterThan(20);
  });

  test("wrong anywhere in the ledger never make a budget larger: it is refused or right", async () => {
    const { files } = await fullLedger();
    const sound = await newLedger({ directory: copyOf(files).directory, clock });
    const left = sound.standings(caps, "run-1")[0]?.leftMicroUsd ?? 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(statSync(files.ledger).size * 8 - 1), async (bit) => {
        const spoilt = copyOf(files);
        flip(spoilt.ledger, bit);
        const outcome = await outcomeOf(spoilt, request({ holdMicroUsd: left + 1, caps }));
        refused += outcome === "over-budget" ? 0 : 1;
        expect(["over-budget", "ledger-damaged", "ledger-unavailable", "ledger-newer"]).toContain(outcome);
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(20);
  });

  test("wrong anywhere in a picture are found, a thousand of a thousand", async () => {
    const ledger = await newLedger();
    const folder = newFolder();
    const bytes = Buffer.from(Array.from({ length: 1_024 }, (_, index) => (index * 31) & 0xff));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const wanted = request({ count: 1_000 });
    const pictures = wanted.calls.map(({ id, image }) => ({ id, path: join(folder, `${image}.png`), image }));
    ledger.reserve(wanted);
    for (const { id } of pictures) ledger.markSent(id, OWNER);
    ledger.together((steps) => {
      for (const { id, path } of pictures) {
        steps.markAnswered(id, answer);
        steps.capture(id, captured(1, { picture: { path, sha256 } }));
      }
    });
    for (const { path } of pictures) writeFileSync(path, bytes);
    const { directory } = ledger.files;
    expect(await verifyLedger({ directory })).toMatchObject({ ok: true, problems: [], pictures: 1_000 });
    for (const { path, image } of pictures) flip(path, (image * 7_919) % (bytes.length * 8));
    const { problems } = await verifyLedger({ directory });
    expect(problems.map(({ kind, path }) => `${kind} ${path}`)).toEqual(pictures.map(({ path }) => `picture ${path}`));
  });

  test("do not matter to a picture that has been moved away", async () => {
    const ledger = await newLedger();
    const call = reserveCall(ledger);
    const picture = { path: join(newFolder(), "moved.png"), sha256: "ab".repeat(32) };
    ledger.markSent(call, OWNER);
    ledger.markAnswered(call, answer);
    ledger.capture(call, captured(1, { picture }));
    expect(await verifyLedger({ directory: ledger.files.directory })).toMatchObject({
      ok: true,
      problems: [{ kind: "picture-missing", path: picture.path }],
    });
  });
});

/** A copy in a folder of its own: SQLite still knows the old one in this process. */
function copyOf(files: LedgerFiles): LedgerFiles {
  const copy = ledgerFiles(newFolder());
  copyFileSync(files.ledger, copy.ledger);
  copyFileSync(files.mirror, copy.mirror);
  return copy;
}

/** What a ledger says that passed all checks. */
async function sayings(files: LedgerFiles): Promise<unknown> {
  const ledger = await newLedger({ directory: files.directory, clock });
  const told = tell(ledger);
  ledger.close();
  return told;
}

/** The word for what becomes of a reservation at a fresh start. */
async function outcomeOf(files: LedgerFiles, wanted: ReserveRequest): Promise<string> {
  try {
    const ledger = await newLedger({ directory: files.directory, clock });
    try {
      return ledger.reserve(wanted).kind;
    } finally {
      ledger.close();
    }
  } catch (error) {
    return isToolError(error) ? error.code : String(error);
  }
}

// Opening: a first start makes one sound ledger, and everything that is not one stops the spending with a clear word.

import {
  chmodSync,
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
import type { ErrorCode } from "../../core/error-table.ts";
import { reportError, type ToolError } from "../../core/tool-error.ts";
import { assertSafeVersion, openDatabase } from "./database.ts";
import { findNetworkFileSystem } from "./file-system.ts";
import { type LedgerFiles, ledgerFiles, placeLedger } from "./ledger-files.ts";
import { migrate } from "./migrate.ts";
import { migrations, schemaHash } from "./schema.ts";
import {
  clearAway,
  DOLLAR,
  dayCap,
  failureOf,
  loseSight,
  newFolder,
  newLedger,
  OWNER,
  pay,
  request,
  reserveCall,
  setClock,
} from "./testing/fixture.ts";

afterEach(clearAway);

/** A closed ledger with a paid and an unknown call; its log is in the file. */
async function closedLedger(): Promise<LedgerFiles> {
  const ledger = await newLedger();
  pay(ledger, 50_000);
  loseSight(ledger);
  ledger.close();
  const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
  database.checkpoint();
  database.close();
  return ledger.files;
}

async function refusal(files: LedgerFiles): Promise<ToolError> {
  try {
    await newLedger({ directory: files.directory });
  } catch (error) {
    return error as ToolError;
  }
  throw new Error("the ledger was opened");
}

describe("a first start", () => {
  test("makes the folder and every file in it for the owner alone, under any umask", async () => {
    const before = process.umask(0);
    try {
      const ledger = await newLedger();
      pay(ledger, 1);
      expect(ledger.created).toBe(true);
      expect(statSync(ledger.files.directory).mode & 0o777).toBe(0o700);
      for (const name of readdirSync(ledger.files.directory)) {
        expect([name, statSync(join(ledger.files.directory, name)).mode & 0o777]).toEqual([name, 0o600]);
      }
    } finally {
      process.umask(before);
    }
  });

  test("narrows a folder and a ledger that others may read", async () => {
    const files = await closedLedger();
    chmodSync(files.directory, 0o755);
    chmodSync(files.ledger, 0o644);
    const again = await newLedger({ directory: files.directory });
    expect(again.created).toBe(false);
    expect(statSync(files.directory).mode & 0o777).toBe(0o700);
    expect(statSync(files.ledger).mode & 0o777).toBe(0o600);
  });

  test("leaves nothing but the ledger behind", async () => {
    const ledger = await newLedger();
    expect(readdirSync(ledger.files.directory).filter((name) => !name.startsWith("ledger."))).toEqual([]);
  });
});

describe("what is not a sound ledger is refused", () => {
  const cases: { name: string; spoil: (files: LedgerFiles) => void; code: ErrorCode }[] = [
    {
      name: "a folder in its place",
      spoil({ ledger }) {
        unlinkSync(ledger);
        mkdirSync(ledger);
      },
      code: "ledger-damaged",
    },
    {
      name: "a text file",
      spoil: ({ ledger }) => writeFileSync(ledger, "dear diary\n".repeat(200)),
      code: "ledger-damaged",
    },
    { name: "an empty file", spoil: ({ ledger }) => truncateSync(ledger, 0), code: "ledger-damaged" },
    {
      name: "half of the file",
      spoil: ({ ledger }) => truncateSync(ledger, Math.floor(statSync(ledger).size / 2)),
      code: "ledger-damaged",
    },
    { name: "a read-only file", spoil: ({ ledger }) => chmodSync(ledger, 0o400), code: "ledger-unavailable" },
    { name: "a read-only folder", spoil: ({ directory }) => chmodSync(directory, 0o500), code: "ledger-unavailable" },
    {
      name: "a file in the folder's place",
      spoil({ directory }) {
        rmSync(directory, { recursive: true });
        writeFileSync(directory, "");
      },
      code: "ledger-unavailable",
    },
    { name: "a mirror without its ledger", spoil: ({ ledger }) => unlinkSync(ledger), code: "ledger-damaged" },
    { name: "a ledger without its mirror", spoil: ({ mirror }) => unlinkSync(mirror), code: "ledger-damaged" },
  ];

  test.each(cases)("$name", async ({ spoil, code }) => {
    const files = await closedLedger();
    // Enough changes that the first ones have left the outbox.
    const ledger = await newLedger({ directory: files.directory });
    for (let index = 0; index < 5; index += 1) pay(ledger, 1);
    ledger.close();
    spoil(files);
    const error = await refusal(files);
    expect(error.code).toBe(code);
    expect(reportError(error)).toMatchObject({ exitCode: 4, billed: "no" });
    if (existsSync(files.directory)) chmodSync(files.directory, 0o700);
  });

  test("is told with the folder that the next step speaks of", async () => {
    const files = await closedLedger();
    chmodSync(files.directory, 0o500);
    expect((await refusal(files)).message).toContain(files.directory);
    chmodSync(files.directory, 0o700);
  });

  test("another program's SQLite database", async () => {
    const files = ledgerFiles(newFolder());
    const database = await openDatabase(files.ledger, { busyTimeoutMs: 0, create: true });
    database.script("CREATE TABLE notes (text TEXT)");
    database.close();
    expect((await refusal(files)).message).toContain("not a ledger");
  });

  test("a ledger whose log was deleted, so that it forgot what it had committed", async () => {
    const ledger = await newLedger();
    pay(ledger, 1);
    const { files } = ledger;
    // A copy of the file without its log, as after a crash and a tidy hand.
    const old = readFileSync(files.ledger);
    pay(ledger, 2);
    ledger.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${files.ledger}${suffix}`, { force: true });
    writeFileSync(files.ledger, old);
    expect((await refusal(files)).code).toBe("ledger-damaged");
  });

  test("a ledger whose rules were changed", async () => {
    const files = await closedLedger();
    const database = await openDatabase(files.ledger, { busyTimeoutMs: 0 });
    database.script("DROP TRIGGER calls_follow_their_states");
    database.close();
    expect((await refusal(files)).code).toBe("ledger-damaged");
  });

  test("a first row that was changed by hand", async () => {
    const files = await closedLedger();
    const database = await openDatabase(files.ledger, { busyTimeoutMs: 0 });
    database.script("UPDATE meta SET day_high = '2099-01-01'");
    database.close();
    expect((await refusal(files)).code).toBe("ledger-damaged");
  });

  test("sums that no longer agree stop the next reservation under a cap", async () => {
    const files = await closedLedger();
    const database = await openDatabase(files.ledger, { busyTimeoutMs: 0 });
    database.script("UPDATE totals SET counted = counted - 1");
    database.close();
    const ledger = await newLedger({ directory: files.directory });
    expect(failureOf(() => ledger.reserve(request({ caps: [dayCap(DOLLAR)] }))).code).toBe("ledger-damaged");
  });
});

describe("a ledger that another program holds", () => {
  test("is refused as locked once the wait is over, and works again when it is let go", async () => {
    const ledger = await newLedger({ busyTimeoutMs: 50 });
    const other = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
    other.script("BEGIN IMMEDIATE");
    const error = failureOf(() => ledger.reserve(request()));
    expect(reportError(error)).toMatchObject({ code: "ledger-locked", exitCode: 4, billed: "no", retryable: true });
    other.script("ROLLBACK");
    expect(ledger.reserve(request()).kind).toBe("reserved");
    other.close();
  });

  test("does not claim that nothing was billed once a request was sent", async () => {
    const ledger = await newLedger({ busyTimeoutMs: 10 });
    const call = reserveCall(ledger);
    ledger.markSent(call, OWNER);
    const other = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
    other.script("BEGIN IMMEDIATE");
    expect(reportError(failureOf(() => ledger.markUnknown(call))).billed).toBe("maybe");
    other.close();
  });
});

describe("a ledger that vanishes while it is in use", () => {
  test("stops the next reservation, and the next start too", async () => {
    const ledger = await newLedger();
    pay(ledger, 1);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${ledger.files.ledger}${suffix}`, { force: true });
    expect(failureOf(() => ledger.reserve(request())).code).toBe("ledger-damaged");
    expect((await refusal(ledger.files)).message).toContain("only the text mirror is left");
  });

  test("stops it as well when another ledger has taken its name", async () => {
    const ledger = await newLedger();
    const other = await closedLedger();
    renameSync(other.ledger, ledger.files.ledger);
    expect(failureOf(() => ledger.reserve(request())).message).toContain("replaced");
  });

  test("a new folder makes a new ledger, and says so", async () => {
    const ledger = await newLedger();
    rmSync(ledger.files.directory, { recursive: true });
    expect((await newLedger({ directory: ledger.files.directory })).created).toBe(true);
  });
});

describe("versions", () => {
  test("a ledger from the future is left alone", async () => {
    const files = await closedLedger();
    const database = await openDatabase(files.ledger, { busyTimeoutMs: 0 });
    database.script(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    const error = await refusal(files);
    expect(reportError(error)).toMatchObject({ code: "ledger-newer", exitCode: 4 });
  });

  test("a step that fails half-way leaves the schema before it, and works at the next start", async () => {
    const path = join(newFolder(), "x.db");
    const database = await openDatabase(path, { busyTimeoutMs: 0, create: true });
    const good = "CREATE TABLE two (a)";
    migrate(database, ["CREATE TABLE one (a)"]);
    failureOf(() => migrate(database, ["CREATE TABLE one (a)", `${good}; CREATE TABLE one (a)`]));
    expect(database.get("PRAGMA user_version")).toMatchObject({ user_version: 1 });
    expect(database.all("SELECT name FROM sqlite_schema")).toHaveLength(1);
    migrate(database, ["CREATE TABLE one (a)", good]);
    expect(database.get("PRAGMA user_version")).toMatchObject({ user_version: 2 });
    database.close();
  });

  test("the first schema is the one that was released", async () => {
    const database = await openDatabase(join(newFolder(), "x.db"), { busyTimeoutMs: 0, create: true });
    migrate(database, migrations.slice(0, 1));
    expect(schemaHash(database)).toMatchInlineSnapshot(
      `"da6a6bc4045bbcecc8bc18bfd621ad56b6dfe9e23d871946dbec769f57fec1ae"`,
    );
    database.close();
  });

  test.each(["3.7.0", "3.45.1", "3.50.9", "3.51.2", "3.51", "2.99.99", "unknown"])(
    "SQLite %s is refused",
    (version) => {
      expect(failureOf(() => assertSafeVersion(version)).code).toBe("ledger-unavailable");
    },
  );

  test.each(["3.51.3", "3.51.10", "3.53.0", "4.0.0"])("SQLite %s is taken", (version) => {
    expect(() => assertSafeVersion(version)).not.toThrow();
  });
});

describe("network file systems", () => {
  const mounts = [
    "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "40 22 0:50 / /home/me/server rw - fuse.sshfs me@host: rw",
    "41 22 0:51 / /media/usb\\040stick rw - fuseblk /dev/sdb1 rw",
  ].join("\n");
  const sources = (type: number) => ({ statfs: () => ({ type }), mounts: () => mounts, platform: "linux" as const });

  test.each([
    ["NFS", 0x6969],
    ["CIFS", 0xff534d42],
    ["CIFS as a negative number", 0xff534d42 | 0],
    ["SMB2", 0xfe534d42],
    ["9p", 0x01021997],
  ])("%s is refused", (name, type) => {
    expect(findNetworkFileSystem("/", sources(type))).toContain(name.split(" ")[0]);
  });

  test.each([
    ["ext4", 0xef53],
    ["tmpfs", 0x01021994],
    ["overlay", 0x794c7630],
    ["btrfs", 0x9123683e],
  ])("%s is taken", (_name, type) => {
    expect(findNetworkFileSystem("/", sources(type))).toBeNull();
  });

  test("a FUSE mount that is not known as local is refused by its name", () => {
    const remote = { ...sources(0x65735546), mounts: () => "40 22 0:50 / / rw - fuse.sshfs me@host: rw" };
    const local = { ...sources(0x65735546), mounts: () => "41 22 0:51 / / rw - fuseblk /dev/sdb1 rw" };
    expect(findNetworkFileSystem("/", remote)).toBe("fuse.sshfs");
    expect(findNetworkFileSystem("/", local)).toBeNull();
    expect(findNetworkFileSystem("/", { ...remote, mounts: () => "" })).toBe("FUSE");
  });

  test("a share on Windows is refused", () => {
    const windows = { ...sources(0), platform: "win32" as const };
    expect(findNetworkFileSystem("\\\\server\\share", windows)).toBe("network share");
    expect(findNetworkFileSystem("C:\\Users\\me", windows)).toBeNull();
  });

  test("nothing is written where one is found, and the way out is named", async () => {
    const directory = join(newFolder(), "ledger");
    const opening = newLedger({ directory, findNetworkFileSystem: () => "NFS" });
    await expect(opening).rejects.toMatchObject({ code: "ledger-unavailable" });
    await expect(newLedger({ directory, findNetworkFileSystem: () => "NFS" })).rejects.toThrow("NFS");
    expect(readdirSync(directory)).toEqual([]);
  });
});

test("a clock that stands at 1970 still makes a ledger", async () => {
  const ledger = await newLedger({ clock: setClock(0) });
  pay(ledger, 1);
  expect(ledger.history({ limit: 1 })[0]?.startedAt).toBe("1970-01-01T00:00:00.000Z");
});

test("a new ledger whose write-ahead log could not be set up does not get the name", async () => {
  const folder = newFolder();
  const built = join(folder, "built.db");
  // A database as SQLite makes it without being asked for a log.
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const database = new DatabaseSync(built);
  database.exec("CREATE TABLE meta (a)");
  database.close();
  const name = join(folder, "ledger.db");
  expect(failureOf(() => placeLedger(built, name)).code).toBe("ledger-unavailable");
  expect(existsSync(name)).toBe(false);
});

// The mirror: it follows every change, mends what a crash tore, and stops the spending when it cannot follow.

import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { reportError } from "../../core/tool-error.ts";
import { type Database, openDatabase } from "./database.ts";
import { readLine, writeLine } from "./mirror-line.ts";
import { readMirror } from "./mirror-reader.ts";
import { checkMirrorMeanwhile, mirrorLength } from "./mirror.ts";
import {
  answer,
  captured,
  clearAway,
  failureOf,
  newLedger,
  OWNER,
  pay,
  request,
  reserveCall,
} from "./testing/fixture.ts";
import { verifyLedger } from "./verify.ts";

afterEach(clearAway);

const entry = {
  sequence: 7,
  previous: "0".repeat(64),
  at: "2026-11-24T00:00:00.000Z",
  clockHighMs: 1,
  dayHigh: "2026-11-24",
  changes: [{ insert: "keys", row: { key: "a\n\u0000\ud800ผ", n: null } }],
} as const;

describe("a line", () => {
  test("reads back as it was written, on one line", () => {
    const { text, hash } = writeLine(entry);
    expect(text).not.toContain("\n");
    expect(readLine(Buffer.from(text))).toMatchObject({ entry, hash });
  });

  test("is not read when any single bit of it is wrong", () => {
    const bytes = Buffer.from(writeLine(entry).text);
    const read = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const wrong = Buffer.from(bytes);
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return readLine(wrong);
    });
    expect(read.filter((line) => line !== undefined)).toEqual([]);
  });

  test("is not read from any text that is not one", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readLine(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });
});

describe("the file", () => {
  test("has one line for each change, chained from the first to the last", async () => {
    const ledger = await newLedger();
    pay(ledger, 1);
    const lines = [...readMirror(ledger.files.mirror)];
    expect(lines.map(({ state, entry: read }) => [state, read?.sequence])).toEqual([
      ["good", 1],
      ["good", 2],
      ["good", 3],
      ["good", 4],
    ]);
  });

  test("does not follow on from a line that was exchanged for another whole one", async () => {
    const ledger = await newLedger();
    pay(ledger, 1);
    const { directory, mirror } = ledger.files;
    const lines = readFileSync(mirror, "utf8").trimEnd().split("\n");
    const first = readLine(Buffer.from(lines[0] ?? ""))?.entry ?? entry;
    lines[0] = writeLine({ ...first, clockHighMs: first.clockHighMs - 1 }).text;
    writeFileSync(mirror, `${lines.join("\n")}\n`);
    expect([...readMirror(mirror)].map(({ state }) => state)).toEqual(["good", "loose", "good", "good"]);
    expect((await verifyLedger({ directory })).ok).toBe(false);
  });

  test("gets no line from a step that changed nothing", async () => {
    const ledger = await newLedger();
    const call = pay(ledger, 1);
    const before = readFileSync(ledger.files.mirror);
    ledger.capture(call, captured(2));
    failureOf(() => ledger.release(call));
    expect(readFileSync(ledger.files.mirror).equals(before)).toBe(true);
  });

  test("is mended after a crash at any byte of its last lines", async () => {
    const ledger = await newLedger();
    pay(ledger, 1);
    const { directory, mirror } = ledger.files;
    const whole = readFileSync(mirror);
    for (let length = 0; length < whole.length; length += 97) {
      truncateSync(mirror, length);
      expect((await verifyLedger({ directory })).problems).toEqual([]);
    }
    reserveCall(await newLedger({ directory }));
    expect(readFileSync(mirror).subarray(0, whole.length).equals(whole)).toBe(true);
    expect((await verifyLedger({ directory })).problems).toEqual([]);
  });

  test("that holds more than the ledger knows stops the spending", async () => {
    const ledger = await newLedger();
    pay(ledger, 1);
    appendFileSync(ledger.files.mirror, "{}\n");
    expect(failureOf(() => ledger.reserve(request())).code).toBe("ledger-damaged");
  });

  test("is not spoilt by a waiting line that has rotted", async () => {
    const ledger = await newLedger();
    pay(ledger, 1);
    const before = readFileSync(ledger.files.mirror);
    const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
    database.script("UPDATE outbox SET line = replace(line, 'model-a', 'model-b')");
    database.close();
    expect(failureOf(() => ledger.reserve(request())).code).toBe("ledger-damaged");
    expect(readFileSync(ledger.files.mirror).subarray(0, before.length).equals(before)).toBe(true);
  });

  test("keeps no more than a handful of lines waiting, whoever writes", async () => {
    const first = await newLedger();
    for (let index = 0; index < 30; index += 1) {
      const ledger = await newLedger({ directory: first.files.directory });
      reserveCall(ledger);
      ledger.close();
    }
    const database = await openDatabase(first.files.ledger, { busyTimeoutMs: 0 });
    expect(database.all("SELECT sequence FROM outbox").length).toBeLessThan(9);
    database.close();
  });
});

describe("a mirror that cannot be written", () => {
  test("because a folder is in its place stops a reservation", async () => {
    const ledger = await newLedger();
    mkdirSync(ledger.files.mirror);
    expect(failureOf(() => ledger.reserve(request())).code).toBe("ledger-unavailable");
    expect(ledger.history({ limit: 0 })).toEqual([]);
  });

  test("because the disk is full stops a reservation and takes its hold back", async () => {
    const ledger = await newLedger();
    symlinkSync("/dev/full", ledger.files.mirror);
    expect(failureOf(() => ledger.reserve(request({ count: 2 }))).message).toContain("ENOSPC");
    expect(ledger.history({ limit: 0 })[0]).toMatchObject({ state: "released", cost: { heldMicroUsd: 0 } });
  });

  test("stops a request before it is sent", async () => {
    const ledger = await newLedger();
    const call = reserveCall(ledger);
    fillDisk(ledger.files.mirror);
    expect(reportError(failureOf(() => ledger.markSent(call, OWNER)))).toMatchObject({ exitCode: 4, billed: "no" });
    expect(ledger.openOperations()[0]?.state).toBe("reserved");
  });

  test("does not stop what is learnt after the sending, and follows as soon as it can", async () => {
    const warnings: string[] = [];
    const ledger = await newLedger({ onWarning: (message) => warnings.push(message) });
    const call = reserveCall(ledger);
    ledger.markSent(call, OWNER);
    const text = fillDisk(ledger.files.mirror);
    ledger.markAnswered(call, answer);
    ledger.capture(call, captured(1));
    expect(warnings).toHaveLength(2);
    unlinkSync(ledger.files.mirror);
    writeFileSync(ledger.files.mirror, text);
    ledger.markDelivered(ledger.history({ limit: 1 })[0]?.operation ?? "");
    expect(warnings).toHaveLength(2);
    expect((await verifyLedger({ directory: ledger.files.directory })).problems).toEqual([]);
  });
});

/** Puts a device that is always full in the place of a file; returns what the file held. */
function fillDisk(path: string): Buffer {
  const text = readFileSync(path);
  unlinkSync(path);
  symlinkSync("/dev/full", path);
  return text;
}

describe("a look while others write", () => {
  test("measures again with the lock before it speaks of damage", async () => {
    const ledger = await newLedger();
    // So many changes that those which are in the mirror wait no longer.
    for (let count = 0; count < 6; count += 1) pay(ledger, 1);
    const whole = mirrorLength(ledger.files);
    const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
    try {
      // Measured before the others have written, or after, with the ledger looked at in between.
      for (const first of [0, whole + 100]) {
        const looks: string[] = [];
        let holds = "without the lock";
        const watched: Database = {
          ...database,
          immediate: (body) =>
            database.immediate(() => {
              holds = "with the lock";
              return body();
            }),
        };
        checkMirrorMeanwhile(watched, () => (looks.push(holds) === 1 ? first : whole));
        expect(looks).toEqual(["without the lock", "with the lock"]);
      }
      for (const length of [0, whole + 100]) {
        expect(failureOf(() => checkMirrorMeanwhile(database, () => length))).toMatchObject({ code: "ledger-damaged" });
      }
    } finally {
      database.close();
    }
  });
});

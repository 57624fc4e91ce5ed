// Single wrong bits, anywhere in the ledger, its mirror or a picture: found, or without consequence, and never good for more money.

import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { isToolError } from "../../core/tool-error.ts";
import type { LedgerFiles } from "./ledger-files.ts";
import type { ReserveRequest } from "./reserve.ts";
import { answer, captured, newFolder, newLedger, OWNER, request, reserveCall, clearAway } from "./testing/fixture.ts";
import { caps, clock, fullLedger, tell, flip, copyOf } from "./testing/full-ledger.ts";
import { verifyLedger } from "./verify.ts";

afterEach(clearAway);

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

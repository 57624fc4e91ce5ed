import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer, CENT, captured, OWNER, pay, reserveCall } from "../../spend/ledger/testing/fixture.ts";
import { newHome, type TestHome } from "../testing/filled-ledger.ts";

let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => home.remove());

/** Pictures of the given names, bought and saved. */
async function buyPictures(...names: string[]): Promise<string[]> {
  const paths = names.map((name) => join(home.path, name));
  await home.fill((ledger) => {
    for (const path of paths) {
      writeFileSync(path, path);
      const sha256 = createHash("sha256").update(path).digest("hex");
      const call = reserveCall(ledger);
      ledger.markSent(call, OWNER);
      ledger.markAnswered(call, answer);
      ledger.capture(call, captured(CENT, { picture: { path, sha256 } }));
    }
  });
  return paths;
}

describe("spend verify", () => {
  test("finds nothing wrong with an empty home, and makes nothing", async () => {
    expect(await home.json(["spend", "verify"])).toMatchObject({
      exitCode: 0,
      document: { status: "ok", ledger: null, calls: 0 },
    });
    expect((await home.run(["spend", "verify"])).stderr).toBe("There is no ledger yet.\n");
    expect(readdirSync(home.path)).toEqual([]);
  });

  test("counts what it has looked at", async () => {
    await buyPictures("a.png", "b.png");
    expect(await home.json(["spend", "verify"])).toMatchObject({
      exitCode: 0,
      document: { status: "ok", ledger: home.ledgerDirectory, calls: 2, pictures: 2, changed: [], missing: [] },
    });
    expect((await home.run(["spend", "verify"])).stderr).toContain("are sound (2 calls)");
  });

  test("a picture that is gone is told and no fault; one that was changed is exit 9", async () => {
    const [gone = "", changed = ""] = await buyPictures("a.png", "b.png", "c.png");
    rmSync(gone);
    expect(await home.json(["spend", "verify"])).toMatchObject({
      exitCode: 0,
      document: { status: "ok", missing: [gone], changed: [] },
    });
    writeFileSync(changed, "another");
    expect(await home.json(["spend", "verify"])).toMatchObject({
      exitCode: 9,
      document: { status: "partial", missing: [gone], changed: [changed] },
    });
    const { exitCode, stdout, stderr } = await home.run(["spend", "verify"]);
    expect([exitCode, stdout]).toEqual([9, `changed  ${changed}\nmissing  ${gone}\n`]);
    expect(stderr).toContain("1 of 3 pictures are as they were saved, 1 changed, 1 not there any more.");
  });

  test("damage is exit 4 with everything that was found", async () => {
    await buyPictures("a.png", "b.png");
    const mirror = join(home.ledgerDirectory, "ledger.jsonl");
    writeFileSync(mirror, readFileSync(mirror, "utf8").replace("a fox", "a cat"));
    const { exitCode, document } = await home.json(["spend", "verify"]);
    expect(exitCode).toBe(4);
    expect(document).toMatchObject({
      status: "error",
      error: {
        code: "ledger-damaged",
        nextStep: expect.stringContaining("image-gen spend repair"),
        problems: expect.arrayContaining([
          expect.objectContaining({ field: "mirror", message: expect.stringContaining("Line 1 of the mirror") }),
        ]),
      },
    });
  });
});

describe("spend repair", () => {
  test("has nothing to do in an empty home and for a sound ledger", async () => {
    expect(await home.json(["spend", "repair"])).toMatchObject({
      exitCode: 0,
      document: { status: "ok", rebuiltFrom: "nothing", movedTo: null },
    });
    expect(readdirSync(home.path)).toEqual([]);
    await home.fill((ledger) => pay(ledger, CENT));
    expect((await home.run(["spend", "repair"])).stderr).toBe("There was nothing to repair.\n");
  });

  test("rebuilds a damaged ledger from its mirror and keeps the damaged one", async () => {
    await home.fill((ledger) => pay(ledger, 7 * CENT));
    writeFileSync(join(home.ledgerDirectory, "ledger.db"), "dear diary\n".repeat(200));
    const { exitCode, stderr } = await home.run(["spend", "repair"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("The ledger was rebuilt from its text mirror: 1 operation, 1 call.");
    const kept = /kept in (.+)$/m.exec(stderr)?.[1] ?? "";
    expect(readFileSync(join(kept, "ledger.db"), "utf8")).toContain("dear diary");
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    expect(await home.json(["spend"])).toMatchObject({ document: { totals: { spentMicroUsd: 7 * CENT } } });
    expect(await home.run(["spend", "verify"])).toMatchObject({ exitCode: 0 });
  });

  test("takes loss only when a person accepts it", async () => {
    await home.fill((ledger) => {
      for (let index = 0; index < 12; index += 1) pay(ledger, CENT);
    });
    writeFileSync(join(home.ledgerDirectory, "ledger.db"), "dear diary\n".repeat(200));
    const mirror = join(home.ledgerDirectory, "ledger.jsonl");
    const lines = readFileSync(mirror, "utf8").split("\n");
    const spoilt = lines.map((line, index) => (index === 20 ? line.replace("2026-11-24T", "2026-11-23T") : line));
    writeFileSync(mirror, spoilt.join("\n"));
    const refused = await home.json(["spend", "repair"]);
    expect(refused).toMatchObject({
      exitCode: 4,
      document: { error: { nextStep: expect.stringContaining("--accept-loss") } },
    });
    const { exitCode, document } = await home.json(["spend", "repair", "--accept-loss"]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ rebuiltFrom: "what-could-be-read", movedTo: expect.any(String) });
    expect(existsSync(mirror)).toBe(true);
  });
});

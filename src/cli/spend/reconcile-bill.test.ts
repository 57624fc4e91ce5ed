import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { CENT, loseSight, pay } from "../../spend/ledger/testing/fixture.ts";
import { newHome, type TestHome } from "../testing/filled-ledger.ts";

let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => home.remove());

const model = createCatalogue().default.id;
const sku = `${model.replaceAll("-", " ")} image output`;

function bill(text: string): string {
  const path = join(home.path, "billing.csv");
  writeFileSync(path, text);
  return path;
}

describe("spend reconcile", () => {
  test("puts the bill beside the ledger, by day and model, and changes nothing", async () => {
    await home.fill((ledger) => {
      pay(ledger, 13 * CENT, { model, holdMicroUsd: 30 * CENT });
      loseSight(ledger, { model, holdMicroUsd: 30 * CENT });
      pay(ledger, 50 * CENT, { model, holdMicroUsd: 60 * CENT, rehearsal: true });
    });
    const path = bill(
      `Usage start date,SKU description,Cost ($)\r\n2026-11-24,${sku},0.26\r\n2026-11-24,Storage,5\r\n,Total,5.26\r\n`,
    );
    const { exitCode, document } = await home.json(["spend", "reconcile", path]);
    expect(exitCode).toBe(0);
    expect(document).toEqual({
      version: 1,
      status: "ok",
      currency: "USD",
      timeZone: "America/Los_Angeles",
      firstDay: "2026-11-24",
      lastDay: "2026-11-24",
      rows: [
        {
          period: "2026-11-24",
          model,
          ledgerMicroUsd: 13 * CENT,
          unknownMicroUsd: 30 * CENT,
          billedMicroUsd: 26 * CENT,
          differenceMicroUsd: 13 * CENT,
        },
      ],
      total: {
        ledgerMicroUsd: 13 * CENT,
        unknownMicroUsd: 30 * CENT,
        billedMicroUsd: 26 * CENT,
        differenceMicroUsd: 13 * CENT,
      },
      others: [{ sku: "Storage", billedMicroUsd: 500 * CENT }],
      rowsWithoutDay: 1,
    });
    const { stdout, stderr } = await home.run(["spend", "reconcile", path]);
    expect(stdout).toMatch(new RegExp(`^2026-11-24 +${model} +\\$0\\.13 +\\$0\\.30 +\\$0\\.26 +\\+\\$0\\.13$`, "m"));
    expect(stderr).toContain("Storage  $5.00");
    expect((await home.json(["spend"])).document).toMatchObject({
      totals: { spentMicroUsd: 13 * CENT, unknownCalls: 1 },
    });
  });

  test("takes a path from the working directory, and an empty home", async () => {
    bill(`date,sku description,cost\n2026-11-24,${sku},0.1\n`);
    const { document } = await home.json(["spend", "reconcile", "billing.csv"], { workingDirectory: home.path });
    expect(document).toMatchObject({ total: { ledgerMicroUsd: 0, billedMicroUsd: 10 * CENT } });
  });

  test("help names every column that is accepted", async () => {
    const { document } = await home.json(["spend", "reconcile", bill("a,b,c\n1,2,3\n")]);
    const accepted =
      JSON.stringify(document)
        .match(/"allowed":\[[^\]]+\]/g)
        ?.join() ?? "";
    const help = (await home.run(["help", "spend", "reconcile"])).stdout.replace(/\s+/g, " ");
    const headings = [...accepted.matchAll(/"((?:date|usage|sku|unrounded|cost)[^"]*)"/g)].map(
      ([, heading]) => heading,
    );
    expect(headings).toHaveLength(13);
    for (const heading of headings) expect(help).toContain(heading);
  });

  test("a bill without lines says so", async () => {
    expect((await home.run(["spend", "reconcile", bill("date,sku description,cost\n")])).stderr).toContain(
      "no line with a day",
    );
  });

  test.each([
    ["no-such-file.csv", "There is no file"],
    ["folder", "is not a file"],
    ["wrong.csv", "There is no column for the cost. Found: date, sku description, price."],
  ])("%s is refused in one document", async (name, message) => {
    mkdirSync(join(home.path, "folder"));
    writeFileSync(join(home.path, "wrong.csv"), "date,sku description,price\n");
    const { exitCode, stderr, document } = await home.json(["spend", "reconcile", name], {
      workingDirectory: home.path,
    });
    expect([exitCode, stderr]).toEqual([2, ""]);
    expect(document).toMatchObject({ error: { code: "bill-unreadable" } });
    expect(JSON.stringify(document)).toContain(message);
  });

  test("nothing in a bill reaches the terminal as a command", async () => {
    const { stdout, stderr } = await home.run([
      "spend",
      "reconcile",
      bill('date,sku description,cost\n2026-11-24,"\u001b]0;evil\u0007SKU\u202e",1\n'),
    ]);
    expect(stdout + stderr).toContain("SKU");
    expect(stdout + stderr).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

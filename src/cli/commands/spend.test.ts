import { readdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  answer,
  CENT,
  captured,
  DOLLAR,
  errorReport,
  loseSight,
  OWNER,
  pay,
  reserveCall,
} from "../../spend/ledger/testing/fixture.ts";
import { dayOf } from "../../spend/ledger/windows.ts";
import { MORNING, newHome, type TestHome } from "../testing/filled-ledger.ts";

let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => home.remove());

function fillWithAll() {
  return home.fill((ledger) => {
    pay(ledger, 12 * CENT, { holdMicroUsd: 20 * CENT });
    pay(ledger, 30 * CENT, {
      holdMicroUsd: 40 * CENT,
      project: "films",
      model: "model-b",
      endpoint: "aiplatform",
      auth: "adc",
    });
    loseSight(ledger, { operation: "01UNKNOWN", holdMicroUsd: 7 * CENT, prompt: "a lost fox" });
    reserveCall(ledger, { operation: "01RUNNING", holdMicroUsd: 9 * CENT });
    const refused = reserveCall(ledger);
    ledger.markSent(refused, OWNER);
    ledger.recordFailedAttempt(refused, errorReport("rate-limited"));
    ledger.markSent(refused, OWNER);
    ledger.reject(refused, errorReport("refused-safety"));
    const free = reserveCall(ledger, { metered: false, holdMicroUsd: 0 });
    ledger.markSent(free, OWNER);
    ledger.markAnswered(free, answer);
    ledger.capture(free, captured(0, { listPriceMicroUsd: 13 * CENT, basis: "unmetered" }));
  });
}

describe("spend on an empty home", () => {
  test("shows zeros and makes nothing", async () => {
    expect(await home.json(["spend"])).toEqual({
      exitCode: 0,
      stderr: "",
      document: {
        version: 1,
        status: "ok",
        currency: "USD",
        totals: {
          calls: 0,
          pictures: 0,
          clips: 0,
          spentMicroUsd: 0,
          estimatedMicroUsd: 0,
          heldMicroUsd: 0,
          unknownMicroUsd: 0,
          unmeteredListPriceMicroUsd: 0,
          unknownCalls: 0,
          retries: 0,
          refusals: 0,
        },
        budgets: [],
        open: [],
      },
    });
    const { exitCode, stdout, stderr } = await home.run(["spend", "--by", "day"]);
    expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "spent                   $0.00"]);
    expect(stderr).toContain("spend budget set --day 5");
    expect(readdirSync(home.path)).toEqual([]);
  });

  test("shows budgets as wholly free", async () => {
    const { document } = await home.json(["spend"], { environment: { IMAGE_GEN_BUDGET_DAY: "5" } });
    expect(document).toMatchObject({ budgets: [{ window: "day", spentMicroUsd: 0, leftMicroUsd: 5 * DOLLAR }] });
  });
});

describe("spend", () => {
  test("has totals, what went otherwise than hoped, budgets and what is not settled", async () => {
    await fillWithAll();
    const { document } = await home.json(["spend"], {
      environment: { IMAGE_GEN_BUDGET_DAY: "5", IMAGE_GEN_BUDGET_RUN: "0.1" },
    });
    expect(document).toMatchObject({
      totals: {
        calls: 6,
        spentMicroUsd: 42 * CENT,
        estimatedMicroUsd: 30 * CENT,
        heldMicroUsd: 9 * CENT,
        unknownMicroUsd: 7 * CENT,
        unmeteredListPriceMicroUsd: 13 * CENT,
        unknownCalls: 1,
        retries: 1,
        // The rejection, and the three paid or free answers, which have no picture here.
        refusals: 4,
      },
      budgets: [
        {
          window: "day",
          project: null,
          model: null,
          limitMicroUsd: 5 * DOLLAR,
          spentMicroUsd: 42 * CENT,
          heldMicroUsd: 16 * CENT,
          leftMicroUsd: 5 * DOLLAR - 58 * CENT,
          unresolvedCalls: 2,
          unknownCalls: 1,
          renewsAt: expect.stringMatching(/^2026-11-2\dT.*Z$/),
          from: "IMAGE_GEN_BUDGET_DAY",
        },
        { window: "run", limitMicroUsd: 10 * CENT, spentMicroUsd: 0, heldMicroUsd: 0, renewsAt: null },
      ],
      open: [
        {
          id: "01UNKNOWN",
          state: "unknown",
          heldMicroUsd: 7 * CENT,
          prompt: "a lost fox",
          startedAt: "2026-11-24T08:00:00.000Z",
        },
        { id: "01RUNNING", state: "reserved", heldMicroUsd: 9 * CENT },
      ],
    });
    expect(document).not.toHaveProperty("by");
  });

  test.each([
    ["day", [dayOf(MORNING)]],
    ["month", ["2026-11"]],
    ["project", ["", "films"]],
    ["model", ["model-a", "model-b"]],
    ["route", ["aiplatform/adc", "generativelanguage/api-key"]],
  ])("apart by %s", async (by, keys) => {
    await fillWithAll();
    const { document } = await home.json(["spend", "--by", by]);
    expect(document).toMatchObject({ groupedBy: by, by: keys.map((key) => ({ key })) });
  });

  test("for people: all of it in tables, without anything that a terminal would obey", async () => {
    await fillWithAll();
    await home.fill((ledger) => loseSight(ledger, { prompt: "red\u001b[31m\u0007\nfox\u202e" }));
    const { exitCode, stdout, stderr } = await home.run(["spend", "--by", "project"], {
      environment: { IMAGE_GEN_BUDGET_DAY: "0.1" },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^spent +\$0\.42$/m);
    expect(stdout).toMatch(/^unknown +\$0\.17 in 2 calls$/m);
    expect(stdout).toMatch(/^\(none\) /m);
    expect(stdout).toMatch(/^day +\$0\.10 +\$0\.42 +\$0\.26 +-\$0\.58 +in .+ +IMAGE_GEN_BUDGET_DAY$/m);
    expect(stdout).toMatch(/^01UNKNOWN +unknown +\$0\.07 .*a lost fox$/m);
    expect(stdout).toMatch(/red fox$/m);
    expect(stderr).toContain("image-gen spend resolve");
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe("spend --csv", () => {
  test("has the groups as RFC 4180 says, with exact dollars", async () => {
    await fillWithAll();
    const { exitCode, stdout } = await home.run(["spend", "--by", "model", "--csv"]);
    expect(exitCode).toBe(0);
    expect(stdout.split("\r\n")).toEqual([
      "model,calls,pictures,spentUsd,estimatedUsd,heldUsd,unknownUsd,unmeteredListPriceUsd,unknownCalls,retries,refusals,clips",
      "model-a,5,0,0.12,0.10,0.09,0.07,0.13,1,1,3,0",
      "model-b,1,0,0.30,0.20,0.00,0.00,0.00,0,0,1,0",
      "",
    ]);
  });

  test("keeps a spreadsheet from running a project's name, and quotes what must be", async () => {
    const names = [
      "=1+1",
      "+1",
      "-1",
      "@sum(a)",
      "=cmd|' /c calc'!a0",
      "\t=1",
      'say "hi", fox',
      "two\r\nlines",
      "plain",
    ];
    await home.fill((ledger) => {
      for (const project of names) pay(ledger, 1, { project });
    });
    const { stdout } = await home.run(["spend", "--by", "project", "--csv"]);
    const cells = stdout
      .split("\r\n")
      .slice(1, -1)
      .map((line) => line.slice(0, line.indexOf(",1,0,")));
    expect(cells.toSorted()).toEqual(
      [
        "'=1+1",
        "'+1",
        "'-1",
        "'@sum(a)",
        "'=cmd|' /c calc'!a0",
        "'=1",
        '"say ""hi"", fox"',
        "two lines",
        "plain",
      ].toSorted(),
    );
  });

  test("without --by there is one row for all", async () => {
    expect((await home.run(["spend", "--csv"])).stdout.split("\r\n")[1]).toBe(
      "all,0,0,0.00,0.00,0.00,0.00,0.00,0,0,0,0",
    );
  });
});

describe("bad input", () => {
  test.each([
    [["spend", "--by", "wek"], "value-not-allowed"],
    [["spend", "--json", "--csv"], "usage"],
    [["spend", "everything"], "usage"],
    [["spend", "bugdet"], "usage"],
    [["spend", "budget", "sett"], "usage"],
    [["spend", "reconcile"], "usage"],
  ])("%j is refused as one document", async (argv, code) => {
    const { exitCode, stderr, document } = await home.json(argv);
    expect([exitCode, stderr]).toEqual([2, ""]);
    expect(document).toMatchObject({ status: "error", error: { code, exitCode: 2, billed: "no" } });
  });

  test("a misspelt command below names the right one", async () => {
    expect((await home.run(["spend", "bugdet"])).stderr).toContain("Did you mean image-gen spend budget?");
    expect((await home.run(["spend", "budget", "sett"])).stderr).toContain("Did you mean image-gen spend budget set?");
  });

  test("a budget that cannot be read is told with its place, exit 3", async () => {
    writeFileSync(home.configPath, '{\n"budgets": [{ "window": "day", "usd": "$5" }] }');
    const { exitCode, stderr } = await home.run(["spend"], { environment: { IMAGE_GEN_BUDGET_RUN: "1e3" } });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('budgets[0].usd "$5" is not an amount for a budget.');
    expect(stderr).toContain('IMAGE_GEN_BUDGET_RUN "1e3" is not an amount for a budget.');
  });

  test("a damaged ledger is exit 4 and says what to do", async () => {
    await home.fill((ledger) => pay(ledger, 1));
    writeFileSync(`${home.ledgerDirectory}/ledger.db`, "dear diary\n".repeat(200));
    for (const argv of [["spend"], ["history"], ["spend", "budget"], ["spend", "resolve"], ["spend", "verify"]]) {
      const { exitCode, document } = await home.json(argv);
      expect([argv, exitCode]).toEqual([argv, 4]);
      expect(document).toMatchObject({ status: "error", error: { code: "ledger-damaged", exitCode: 4 } });
    }
  });
});

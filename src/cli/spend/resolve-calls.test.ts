import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CENT, errorReport, OWNER, pay, request } from "../../spend/ledger/testing/fixture.ts";
import type { Ledger } from "../../spend/ledger/ledger.ts";
import { newHome, type TestHome } from "../testing/filled-ledger.ts";

let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => home.remove());

const OPERATION = "01UNKNOWNOPERATION";
const FIRST = `${OPERATION}-0`;
const SECOND = `${OPERATION}-1`;

/** One operation of two unknown calls of 20 cents, and a paid one. */
function fill() {
  return home.fill((ledger: Ledger) => {
    const wanted = request({ operation: OPERATION, count: 2, holdMicroUsd: 20 * CENT, prompt: "a lost\u001b[2J fox" });
    ledger.reserve(wanted);
    for (const { id } of wanted.calls) {
      ledger.markSent(id, OWNER);
      ledger.markUnknown(id, errorReport("connection-lost"));
    }
    pay(ledger, 3 * CENT, { operation: "01PAIDPAIDPAIDPAID" });
  });
}

const resolve = (...words: string[]) => home.json(["spend", "resolve", ...words]);
const totals = async () => (await home.json(["spend"])).document;

describe("spend resolve without a word", () => {
  test("lists what is unknown with the commands to type, and asks nothing", async () => {
    await fill();
    const { exitCode, stdout, stderr } = await home.run(["spend", "resolve"], {
      stderrIsTerminal: true,
      stdoutIsTerminal: true,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${FIRST} +\\$0\\.20 .* a lost fox$`, "m"));
    expect(stdout).toContain(SECOND);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toContain(`image-gen spend resolve ${FIRST} --not-paid`);
  });

  test("as JSON it is the list", async () => {
    await fill();
    expect((await resolve()).document).toMatchObject({
      status: "ok",
      open: [{ id: OPERATION, state: "unknown", heldMicroUsd: 40 * CENT, calls: [{ id: FIRST }, { id: SECOND }] }],
    });
  });

  test("on an empty home there is nothing, and nothing is made", async () => {
    expect(await home.run(["spend", "resolve"])).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await resolve("01NOSUCHCALLATALL", "--paid")).toMatchObject({
      exitCode: 2,
      document: { error: { code: "operation-unknown" } },
    });
    expect(existsSync(home.ledgerDirectory)).toBe(false);
  });
});

describe("a person's word", () => {
  test("paid: the hold counts as spent", async () => {
    await fill();
    const { exitCode, document } = await resolve(FIRST, "--paid");
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      settled: [{ id: FIRST, operation: OPERATION, paid: true, actualMicroUsd: 20 * CENT, changed: true }],
    });
    expect(await totals()).toMatchObject({ totals: { spentMicroUsd: 23 * CENT, unknownMicroUsd: 20 * CENT } });
  });

  test("paid with an amount: exactly that counts", async () => {
    await fill();
    await resolve(FIRST, "--paid", "0.134001");
    await resolve(SECOND, "--paid", "$0.10");
    expect(await totals()).toMatchObject({
      totals: { spentMicroUsd: 3 * CENT + 134_001 + 100_000, unknownCalls: 0 },
      open: [],
    });
  });

  test("not paid: nothing counts any more, for all calls of an operation", async () => {
    await fill();
    expect((await resolve(OPERATION, "--not-paid")).document).toMatchObject({
      settled: [
        { id: FIRST, paid: false, actualMicroUsd: 0 },
        { id: SECOND, paid: false },
      ],
    });
    expect(await totals()).toMatchObject({ totals: { spentMicroUsd: 3 * CENT, unknownMicroUsd: 0 }, open: [] });
  });

  test("an id after --paid is an id", async () => {
    await fill();
    expect((await resolve("--paid", FIRST)).document).toMatchObject({ settled: [{ id: FIRST, paid: true }] });
  });

  test("said twice it changes nothing, and says so", async () => {
    await fill();
    await resolve(OPERATION, "--not-paid");
    expect(await resolve(OPERATION, "--not-paid")).toMatchObject({
      exitCode: 0,
      document: { settled: [{ changed: false }, { changed: false }] },
    });
    const { stderr } = await home.run(["spend", "resolve", FIRST, "--not-paid"]);
    expect(stderr).toBe(`${FIRST} was settled before: not paid\n`);
  });
});

describe("what is refused changes nothing", () => {
  test.each([
    [[OPERATION], "usage", "Say whether it was billed"],
    [["--paid"], "usage", "Say which call"],
    [[OPERATION, "--paid", "--not-paid"], "usage", "not both"],
    [[FIRST, "--paid", "lots"], "value-not-allowed", '--paid "lots"'],
    [[FIRST, "--paid", "1e3"], "value-not-allowed", '--paid "1e3"'],
    [[OPERATION, "--paid", "0.1"], "usage", "an amount is for one call"],
    [["01NOSUCHCALLATALL", "--paid"], "operation-unknown", "01NOSUCHCALLATALL"],
    [["01PAIDPAIDPAIDPAID", "--not-paid"], "operation-not-open", "is captured"],
    [[FIRST, "01NOSUCHCALLATALL", "--not-paid"], "operation-unknown", "01NOSUCHCALLATALL"],
  ])("%j", async (words, code, message) => {
    await fill();
    const { exitCode, stderr, document } = await resolve(...words);
    expect([exitCode, stderr]).toEqual([2, ""]);
    expect(document).toMatchObject({ status: "error", error: { code, message: expect.stringContaining(message) } });
    expect(await totals()).toMatchObject({ totals: { unknownCalls: 2, spentMicroUsd: 3 * CENT } });
  });

  test("another word than the one given before", async () => {
    await fill();
    await resolve(FIRST, "--paid");
    expect(await resolve(FIRST, "--not-paid")).toMatchObject({
      exitCode: 2,
      document: { error: { code: "operation-not-open", message: expect.stringContaining("settled as paid") } },
    });
  });
});

// The library with its ledger: what is recorded, what a budget refuses, and what is attached to instead of bought again.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Cap } from "../core/cap.ts";
import type { Outcome } from "../core/outcome.ts";
import type { GenerateRequest } from "../core/request.ts";
import { ledgerDirectory } from "../spend/ledger/ledger-files.ts";
import { type Ledger, openLedger } from "../spend/ledger/ledger.ts";
import { systemClock } from "../transport/system-clock.ts";
import type { GenerateContext } from "./options.ts";
import { useEmulator } from "./testing/emulated.ts";

const { emulator, folder, files, open } = useEmulator();

const fox: GenerateRequest = { prompt: "a fox", output: "fox.jpg" };
const state = (): string => `${folder()}-state`;

async function look<Result>(at: (ledger: Ledger) => Result): Promise<Result> {
  const ledger = await openLedger({ directory: ledgerDirectory(state()), clock: systemClock });
  try {
    return at(ledger);
  } finally {
    ledger.close();
  }
}

const dayCap = (usd: number): Cap => ({ window: "day", limitMicroUsd: usd * 1_000_000 });
const billed = (): number => emulator().bill().billed;
const pathsOf = (outcome: Outcome): string[] =>
  outcome.status === "error" ? [] : outcome.images.map(({ path }) => path);

describe("what is recorded", () => {
  test("a picture: captured at its true cost, delivered, and nothing is left in the spool", async () => {
    const outcome = await open().generate(fox);
    const [entry] = await look((ledger) => ledger.history({ limit: 1 }));
    expect(entry).toMatchObject({
      operation: outcome.operation,
      state: "captured",
      prompt: "a fox",
      delivered: true,
      images: [{ state: "captured", path: join(folder(), "fox.jpg"), attempts: 1 }],
      cost: { actualMicroUsd: outcome.cost?.actualMicroUsd, basis: "usage" },
    });
    expect(emulator().bill().microUsd).toBe(outcome.cost?.actualMicroUsd);
    expect(readdirSync(join(state(), "spool"))).toEqual([]);
    expect(readdirSync(join(ledgerDirectory(state()), "owners"))).toEqual([]);
  });

  test("attempts that were refused for now, each with its reason", async () => {
    emulator().plan([{ times: 2, action: { type: "status", status: 503, retryDelay: "1s" } }]);
    await open().generate(fox);
    const [entry] = await look((ledger) => ledger.history({ limit: 1 }));
    expect(entry).toMatchObject({ state: "captured", images: [{ attempts: 3 }] });
    const operation = await look((ledger) => ledger.operation(entry?.operation ?? ""));
    expect(operation?.calls[0]?.attemptErrors.map(({ error }) => error.code)).toEqual(["overloaded", "overloaded"]);
  });

  test.each([
    [
      "a refusal that says what it cost",
      { type: "refusal", finishReason: "IMAGE_SAFETY" },
      "captured",
      "refused-safety",
    ],
    ["Google's own error", { type: "status", status: 400 }, "rejected", "bad-request"],
    ["a connection lost after the request", { type: "cut", afterBytes: 0 }, "unknown", "connection-lost"],
  ] as const)("%s", async (_what, action, callState, code) => {
    emulator().plan([{ times: 9, action }]);
    const outcome = await open().generate(fox);
    expect(outcome).toMatchObject({ status: "error", error: { code } });
    const [entry] = await look((ledger) => ledger.history({ limit: 1 }));
    expect(entry).toMatchObject({ state: callState, images: [{ state: callState, error: code }] });
  });

  test("of several, those that were never started are released", async () => {
    emulator().plan([{ times: 9, action: { type: "status", status: 400 } }]);
    await open().generate({ prompt: "a fox", count: 6 });
    const [entry] = await look((ledger) => ledger.history({ limit: 1 }));
    const states = entry?.images.map((image) => image.state) ?? [];
    expect(states).toHaveLength(6);
    expect(states.filter((one) => one === "released").length).toBeGreaterThan(0);
    expect(new Set(states)).toEqual(new Set(["rejected", "released"]));
    expect(entry?.cost.heldMicroUsd).toBe(0);
  });

  test("without a ledger nothing is, and budgets and keys are refused", async () => {
    const imageGen = open({ ledger: "none" });
    expect(await imageGen.generate(fox)).toMatchObject({ status: "ok" });
    expect(existsSync(ledgerDirectory(state()))).toBe(false);
    const keyed = await imageGen.generate({ prompt: "a cat", idempotencyKey: "k" });
    expect(keyed).toMatchObject({ error: { code: "config-invalid", exitCode: 3 } });
    expect(() => open({ ledger: "none", caps: [dayCap(1)] })).toThrow("need a ledger");
  });
});

describe("a budget", () => {
  test("that has no room for a picture refuses it, and nothing is sent", async () => {
    const outcome = await open({ caps: [dayCap(0.1)] }).generate(fox);
    expect(outcome).toMatchObject({ error: { code: "over-budget", exitCode: 4, billed: "no" } });
    expect(outcome.status === "error" && outcome.error.message).toMatch(/day budget of \$0\.10: \$0\.00 is spent/);
    expect([emulator().bill().requests, files()]).toEqual([0, []]);
  });

  test("is used up to less than one more picture, and never passed, whoever asks at the same time", async () => {
    const imageGen = open({ caps: [dayCap(1)], clock: systemClock });
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => imageGen.generate({ prompt: `fox ${index}` })),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "error");
    expect(refused.every((outcome) => outcome.status === "error" && outcome.error.code === "over-budget")).toBe(true);
    const { microUsd } = emulator().bill();
    expect(microUsd).toBeLessThanOrEqual(1_000_000);
    expect(microUsd).toBeGreaterThan(1_000_000 - 134_000);
  });

  test("that leaves less than the worst case limits the answer, so that a draft cannot pass it", async () => {
    emulator().plan([{ action: { type: "drafts", count: 1 } }]);
    const outcome = await open({ caps: [dayCap(0.2)] }).generate(fox);
    expect(outcome.status).toBe("ok");
    expect(outcome.warnings?.join()).toMatch(/leaves only \$0\.20 for a picture/);
    expect(emulator().bill()).toMatchObject({ images: 1 });
    expect(emulator().bill().microUsd).toBeLessThanOrEqual(200_000);
  });

  test("of one run sums over the run and no further", async () => {
    const imageGen = open();
    expect(await imageGen.generate({ prompt: "one", budgetUsd: 0.2 })).toMatchObject({ status: "ok" });
    expect(await imageGen.generate({ prompt: "two", budgetUsd: 0.2 })).toMatchObject({
      error: { code: "over-budget" },
    });
    expect(await open().generate({ prompt: "two", budgetUsd: 0.2 })).toMatchObject({ status: "ok" });
  });

  test("of one project or model is nobody else's", async () => {
    const caps: Cap[] = [{ window: "day", project: "films", limitMicroUsd: 0 }];
    expect(await open({ caps, project: "films" }).generate(fox)).toMatchObject({ error: { code: "over-budget" } });
    expect(await open({ caps, project: "books" }).generate(fox)).toMatchObject({ status: "ok" });
  });

  test("does not count what is not billed", async () => {
    const outcome = await open({ caps: [dayCap(0)], auth: "proxy" }).generate({
      ...fox,
      model: "gemini-3.1-flash-image",
    });
    expect(outcome).toMatchObject({ status: "ok", cost: { basis: "unmetered" } });
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("of %s is a mistake", async (budgetUsd) => {
    expect(await open().generate({ ...fox, budgetUsd })).toMatchObject({ error: { exitCode: 2 } });
  });
});

describe("the same request", () => {
  const unseen: GenerateContext = { deliver: async () => false };

  test("three times while the first still runs: one bill, three callers get the picture", async () => {
    emulator().plan([{ action: { type: "slow", bytesPerSecond: 300_000 } }]);
    const outcomes = await Promise.all([1, 2, 3].map(() => open().generate(fox)));
    expect(outcomes.map(pathsOf)).toEqual([1, 2, 3].map(() => [join(folder(), "fox.jpg")]));
    expect(new Set(outcomes.map(({ operation }) => operation)).size).toBe(1);
    expect([billed(), files()]).toEqual([1, ["fox.jpg", "fox.json"]]);
    expect(outcomes.filter(({ warnings }) => warnings?.join().includes("Nothing was bought again"))).toHaveLength(2);
  });

  test("whose result nobody saw gets that, checked; after that it is a new one", async () => {
    const first = await open().generate({ prompt: "a fox" }, unseen);
    const second = await open().generate({ prompt: "a fox" });
    expect([pathsOf(second), second.cost?.actualMicroUsd]).toEqual([pathsOf(first), first.cost?.actualMicroUsd]);
    expect(second.usage).toEqual(first.usage);
    expect(billed()).toBe(1);
    const third = await open().generate({ prompt: "a fox" });
    expect([third.status, billed()]).toEqual(["ok", 2]);
    expect(pathsOf(third)).not.toEqual(pathsOf(first));
  });

  test("gets the named file that it made before, though its name is taken", async () => {
    const first = await open().generate(fox, unseen);
    expect(pathsOf(await open().generate(fox))).toEqual(pathsOf(first));
    expect(await open().generate(fox)).toMatchObject({
      error: { exitCode: 2, problems: [{ code: "target-exists" }, { code: "target-exists" }] },
    });
    expect(billed()).toBe(1);
  });

  test("buys again when it is told to", async () => {
    await open().generate({ prompt: "a fox" }, unseen);
    await open().generate({ prompt: "a fox", buyAgain: true });
    expect(billed()).toBe(2);
  });

  test("to another place, of another size or by another way is another one", async () => {
    await open().generate({ prompt: "a fox" }, unseen);
    await open().generate({ prompt: "a fox", output: "elsewhere/" }, unseen);
    await open().generate({ prompt: "a fox", size: "2K" }, unseen);
    await open({ auth: "vertex-key" }).generate({ prompt: "a fox" }, unseen);
    expect(billed()).toBe(4);
  });

  test("is told of a refusal that nobody saw, and then sent anew", async () => {
    emulator().plan([{ times: 1, action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
    await open().generate({ prompt: "a fox" }, unseen);
    expect(await open().generate({ prompt: "a fox" })).toMatchObject({ error: { code: "refused-safety" } });
    expect(await open().generate({ prompt: "a fox" })).toMatchObject({ status: "ok" });
  });

  test("after an outcome that nobody knows or saw is not simply bought", async () => {
    emulator().plan([{ times: 1, action: { type: "cut", afterBytes: 0 } }]);
    await open().generate({ prompt: "a fox" }, unseen);
    const again = await open().generate({ prompt: "a fox" });
    expect(again).toMatchObject({ error: { code: "operation-unresolved", exitCode: 7, billed: "maybe" } });
    expect(billed()).toBe(1);
  });

  test("whose picture was taken away is told so, and not bought again unasked", async () => {
    const first = await open().generate({ prompt: "a fox" }, unseen);
    const [path = ""] = pathsOf(first);
    writeFileSync(path, "something else");
    const again = await open().generate({ prompt: "a fox" });
    expect(again).toMatchObject({ error: { code: "picture-gone", billed: "yes" } });
    expect(billed()).toBe(1);
  });
});

describe("an idempotency key", () => {
  test("never buys twice, also when the first result was seen", async () => {
    const request = { prompt: "a fox", idempotencyKey: "order 7" };
    const first = await open().generate(request);
    const second = await open().generate(request);
    expect([pathsOf(second), second.operation, billed()]).toEqual([pathsOf(first), first.operation, 1]);
  });

  test("is good for a named file as well", async () => {
    const request = { ...fox, idempotencyKey: "order 8" };
    await open().generate(request);
    expect(await open().generate(request)).toMatchObject({ status: "ok" });
    expect(billed()).toBe(1);
  });

  test("of another request is refused", async () => {
    await open().generate({ prompt: "a fox", idempotencyKey: "order 9" });
    const other = await open().generate({ prompt: "a cat", idempotencyKey: "order 9" });
    expect(other).toMatchObject({ error: { code: "idempotency-key-reused", exitCode: 2 } });
    expect(billed()).toBe(1);
  });

  test("that bought nothing is still good", async () => {
    emulator().plan([{ times: 1, action: { type: "status", status: 400 } }]);
    await open().generate({ prompt: "a fox", idempotencyKey: "order 10" });
    expect(await open().generate({ prompt: "a fox", idempotencyKey: "order 10" })).toMatchObject({ status: "ok" });
  });

  test.each(["", "a\nb", "x".repeat(201)])("%j is a mistake", async (idempotencyKey) => {
    expect(await open().generate({ ...fox, idempotencyKey })).toMatchObject({ error: { exitCode: 2 } });
  });
});

async function loseTheFolder(): Promise<Outcome> {
  const target = join(folder(), "out");
  return await open().generate(
    { prompt: "a fox", output: "out/fox.png" },
    {
      onProgress: ({ type }) => {
        if (type !== "answering") return;
        rmSync(target, { recursive: true });
        writeFileSync(target, "in the way");
      },
    },
  );
}

describe("a picture that could not get its place", () => {
  test("stays in the spool, and recovery publishes it when there is room: converted, with its record, paid once", async () => {
    const outcome = await loseTheFolder();
    expect(outcome).toMatchObject({ error: { code: "not-published", exitCode: 8, billed: "yes" } });
    const savedAt = outcome.status === "error" ? (outcome.error.savedAt ?? "") : "";
    expect(dirname(savedAt)).toBe(join(state(), "spool"));
    expect(readFileSync(savedAt).length).toBeGreaterThan(1000);
    expect(await open().recover()).toMatchObject({ published: [], unpublished: [{ savedAt }] });

    rmSync(join(folder(), "out"));
    const path = join(folder(), "out", "fox.png");
    expect(await open().recover()).toMatchObject({
      published: [{ operation: outcome.operation, path }],
      unpublished: [],
    });
    expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
    expect(JSON.parse(readFileSync(join(folder(), "out", "fox.json"), "utf8"))).toMatchObject({
      status: "ok",
      request: { prompt: "a fox" },
      cost: { actualMicroUsd: emulator().bill().microUsd },
    });
    expect(readdirSync(join(state(), "spool"))).toEqual([]);
    expect(await open().recover()).toMatchObject({ published: [] });
    const [entry] = await look((ledger) => ledger.history({ limit: 1 }));
    expect(entry).toMatchObject({ state: "captured", cost: { actualMicroUsd: emulator().bill().microUsd } });
  });

  test("is published by the next command that generates", async () => {
    await loseTheFolder();
    rmSync(join(folder(), "out"));
    mkdirSync(join(folder(), "out"));
    await open().generate({ prompt: "another" });
    expect(existsSync(join(folder(), "out", "fox.png"))).toBe(true);
  });
});

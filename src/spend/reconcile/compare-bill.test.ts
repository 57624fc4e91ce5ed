import { describe, expect, test } from "vitest";
import type { SpentCall } from "../ledger/spent-calls.ts";
import { readPicoUsd } from "./bill-amounts.ts";
import type { BillingExport, BillLine } from "./billing-export.ts";
import { compareBill } from "./compare-bill.ts";
import { modelFinder } from "./name-in-sku.ts";

const CENT = 10_000;
const line = (firstDay: string, cost: string, sku = "model a", lastDay = firstDay): BillLine => ({
  firstDay,
  lastDay,
  sku,
  cost: readPicoUsd(cost) ?? 0n,
});
const bill = (lines: readonly BillLine[], timeZone: BillingExport["timeZone"] = "UTC"): BillingExport => ({
  lines,
  timeZone,
  rowsWithoutDay: 0,
});
const call = (at: string, cents: number, model = "model-a"): SpentCall => ({
  atMs: Date.parse(at),
  model,
  spentMicroUsd: cents * CENT,
  unknownMicroUsd: 0,
});
const modelOf = modelFinder([
  { id: "model-a", names: [] },
  { id: "model-b", names: ["The Painter"] },
]);

describe("a bill beside the ledger", () => {
  test("agrees to the micro-dollar where both say the same", () => {
    const { rows, total } = compareBill(
      bill([line("2026-11-24", "0.06"), line("2026-11-24", "0.04")]),
      [call("2026-11-24T10:00:00Z", 7), call("2026-11-24T11:00:00Z", 3)],
      modelOf,
    );
    expect(rows).toEqual([
      {
        period: "2026-11-24",
        model: "model-a",
        ledgerMicroUsd: 10 * CENT,
        unknownMicroUsd: 0,
        billedMicroUsd: 10 * CENT,
        differenceMicroUsd: 0,
      },
    ]);
    expect(total.differenceMicroUsd).toBe(0);
  });

  test("shows what only one of them has, by day and model", () => {
    const { rows, total } = compareBill(
      bill([line("2026-11-22", "0.05", "Output of The Painter"), line("2026-11-24", "0.05")]),
      [call("2026-11-23T10:00:00Z", 4), { ...call("2026-11-24T10:00:00Z", 0), unknownMicroUsd: 5 * CENT }],
      modelOf,
    );
    expect(rows).toMatchObject([
      {
        period: "2026-11-22",
        model: "model-b",
        ledgerMicroUsd: 0,
        billedMicroUsd: 5 * CENT,
        differenceMicroUsd: 5 * CENT,
      },
      {
        period: "2026-11-23",
        model: "model-a",
        ledgerMicroUsd: 4 * CENT,
        billedMicroUsd: 0,
        differenceMicroUsd: -4 * CENT,
      },
      { period: "2026-11-24", model: "model-a", unknownMicroUsd: 5 * CENT, differenceMicroUsd: 5 * CENT },
    ]);
    expect(total).toEqual({
      ledgerMicroUsd: 4 * CENT,
      unknownMicroUsd: 5 * CENT,
      billedMicroUsd: 10 * CENT,
      differenceMicroUsd: 6 * CENT,
    });
  });

  test("leaves out calls beyond the days of the bill", () => {
    const { rows } = compareBill(bill([line("2026-11-24", "0.05")]), [call("2026-11-25T00:00:00Z", 4)], modelOf);
    expect(rows).toMatchObject([{ ledgerMicroUsd: 0 }]);
  });

  test("counts the provider's days in Pacific Time, across daylight saving time", () => {
    const calls = [call("2026-11-25T07:59:59Z", 1), call("2026-11-25T08:00:00Z", 2), call("2026-07-02T06:59:59Z", 4)];
    const days = bill(
      [line("2026-07-01", "0"), line("2026-11-24", "0"), line("2026-11-25", "0")],
      "America/Los_Angeles",
    );
    expect(compareBill(days, calls, modelOf).rows).toMatchObject([
      { period: "2026-07-01", ledgerMicroUsd: 4 * CENT },
      { period: "2026-11-24", ledgerMicroUsd: CENT },
      { period: "2026-11-25", ledgerMicroUsd: 2 * CENT },
    ]);
  });

  test("lines that sum several days are compared as one period, with all that they touch", () => {
    const lines = [
      line("2026-11-01", "0.10", "model a", "2026-11-15"),
      line("2026-11-10", "0.20", "model a", "2026-11-30"),
    ];
    const { rows } = compareBill(
      bill(lines),
      [call("2026-11-02T10:00:00Z", 10), call("2026-11-29T10:00:00Z", 20)],
      modelOf,
    );
    expect(rows).toMatchObject([{ period: "2026-11-01/2026-11-30", ledgerMicroUsd: 30 * CENT, differenceMicroUsd: 0 }]);
  });

  test("what names no known model is listed and not compared", () => {
    const { rows, others } = compareBill(
      bill([line("2026-11-24", "1", "Storage"), line("2026-11-24", "3", "CPU"), line("2026-11-24", "1", "Storage")]),
      [],
      modelOf,
    );
    expect(rows).toEqual([]);
    expect(others).toEqual([
      { sku: "CPU", billedMicroUsd: 300 * CENT },
      { sku: "Storage", billedMicroUsd: 200 * CENT },
    ]);
  });

  test("an empty bill compares nothing", () => {
    expect(compareBill(bill([]), [call("2026-11-24T10:00:00Z", 1)], modelOf)).toMatchObject({
      firstDay: null,
      rows: [],
    });
  });
});

describe("the model that a SKU names", () => {
  const find = modelFinder([
    { id: "painter-3.1-flash", names: ["Brush 2"] },
    { id: "painter-3.1-flash-lite", names: ["Brush 2 Lite"] },
    { id: "painter-3", names: [] },
  ]);
  test.each([
    ["Painter 3.1 Flash Output - Image", "painter-3.1-flash"],
    ["painter 3.1 flash lite image output token count", "painter-3.1-flash-lite"],
    ["Generate content with Brush 2 Lite", "painter-3.1-flash-lite"],
    ["PAINTER-3 tokens", "painter-3"],
    ["Painter 31 tokens", null],
    ["Painter", null],
    ["", null],
  ])("%s", (sku, id) => expect(find(sku)).toBe(id));
});

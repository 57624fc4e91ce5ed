import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isToolError, type ToolError } from "../../core/tool-error.ts";
import { readBillDay, readPicoUsd, roundToMicroUsd } from "./bill-amounts.ts";
import { readBillingExport } from "./billing-export.ts";

const microUsdOf = (text: string): number | undefined => {
  const amount = readPicoUsd(text);
  return amount === undefined ? undefined : roundToMicroUsd(amount);
};

function failure(text: string): ToolError {
  try {
    readBillingExport(text);
  } catch (error) {
    if (isToolError(error)) return error;
    throw error;
  }
  throw new Error("the export was read");
}

describe("amounts of a bill", () => {
  test.each([
    ["0.134", 134_000],
    ["1,234.56", 1_234_560_000],
    ["1,234,567", 1_234_567_000_000],
    ["$0.10", 100_000],
    ["-0.5", -500_000],
    [".5", 500_000],
    ["5.", 5_000_000],
    ["1.34E-4", 134],
    ["2e3", 2_000_000_000],
    ["0.0000004", 0],
    ["0.0000005", 1],
    ["-0.0000005", -1],
    ["0.123456789012345678901234567890", 123_457],
    ["0", 0],
  ])("%s", (text, microUsd) => {
    expect(microUsdOf(text)).toBe(microUsd === 0 ? 0 : microUsd);
  });

  test.each([
    "",
    "-",
    "$",
    "1.234,56",
    "1,23",
    "12,3456",
    "five",
    "NaN",
    "Infinity",
    "1e999",
    "0x1",
    "(0.10)",
    "1 000",
  ])("%j is none", (text) => expect(microUsdOf(text)).toBeUndefined());

  test("pieces of a cent are summed exactly", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -999_999_999, max: 999_999_999 }), { maxLength: 50 }), (billionths) => {
        const texts = billionths.map((piece) => {
          const digits = String(Math.abs(piece)).padStart(10, "0");
          return `${piece < 0 ? "-" : ""}${digits.slice(0, -9)}.${digits.slice(-9)}`;
        });
        const sum = texts.reduce((total, text) => total + (readPicoUsd(text) ?? 0n), 0n);
        expect(sum).toBe(BigInt(billionths.reduce((total, piece) => total + piece, 0)) * 1_000n);
      }),
    );
  });
});

describe("days of a bill", () => {
  test.each([
    ["2026-11-24", "day", "2026-11-24"],
    ["2026/11/24", "day", "2026-11-24"],
    ["2026-11-24 23:30:00 UTC", "moment", "2026-11-24"],
    ["2026-11-24T23:30:00Z", "moment", "2026-11-24"],
    ["2026-11-24 23:30:00.123456 UTC", "moment", "2026-11-24"],
    ["2026-11-24 23:30", "moment", "2026-11-24"],
    ["2026-11-24T23:30:00-08:00", "moment", "2026-11-25"],
    ["2026-11-24T01:30:00+0700", "moment", "2026-11-23"],
  ])("%s", (text, kind, day) => expect(readBillDay(text)).toEqual({ kind, day }));

  test.each([
    "",
    "24.11.2026",
    "11/24/2026",
    "2026-13-01",
    "2026-02-30",
    "2026-02-30 10:00:00 UTC",
    "2026-11-24 25:00",
    "today",
  ])("%j is none", (text) => expect(readBillDay(text)).toBeUndefined());
});

describe("a billing export", () => {
  test("of the cost table: preamble, BOM, CRLF, quotes, thousands, totals without a day", () => {
    const text = [
      "\ufeffInvoice number,123",
      "Invoice date,2026-11-30",
      "",
      'Billing account name,SKU description,Usage start date,Usage end date,"Cost ($)","Unrounded Cost ($)"',
      '"Me, myself","Gemini, output ""tokens""",2026-11-01,2026-11-30,"1,234.57","1,234.567"',
      "Me,Rounding error,,,0.01,0.01",
      "",
    ].join("\r\n");
    expect(readBillingExport(text)).toEqual({
      lines: [
        {
          firstDay: "2026-11-01",
          lastDay: "2026-11-30",
          sku: 'Gemini, output "tokens"',
          cost: readPicoUsd("1234.567"),
        },
      ],
      timeZone: "America/Los_Angeles",
      rowsWithoutDay: 1,
    });
  });

  test("of BigQuery: times in UTC, any order and case of the columns", () => {
    const text = "COST,currency,SKU.Description,Usage_Start_Time,extra\n1.34E-1,USD,x,2026-11-24 23:00:00 UTC,\n";
    expect(readBillingExport(text)).toEqual({
      lines: [{ firstDay: "2026-11-24", lastDay: "2026-11-24", sku: "x", cost: readPicoUsd("0.134") }],
      timeZone: "UTC",
      rowsWithoutDay: 0,
    });
  });

  test("columns that are missing are named with what was found and what is accepted", () => {
    const { code, exitCode, details } = failure("Usage start date,SKU,Cost (€)\n2026-11-24,x,1\n");
    expect([code, exitCode]).toEqual(["bill-unreadable", 2]);
    expect(details.problems).toMatchObject([
      {
        field: "sku",
        message: "There is no column for the SKU. Found: Usage start date, SKU, Cost (€).",
        allowed: ["sku description", "sku.description", "sku_description"],
      },
      { field: "cost", allowed: ["unrounded cost ($)", "cost ($)", "cost (usd)", "cost"] },
    ]);
  });

  test.each(["", "\n\n", "hello", "a;b;c\n1;2;3", "\u0000\u0001"])("%j is no export", (text) => {
    expect(failure(text).code).toBe("bill-unreadable");
  });

  test("a quotation mark that never ends", () => {
    expect(failure('sku description,"cost\n1,2\n').message).toContain("The file is no CSV");
  });

  test("each cell that cannot be read is told with its line", () => {
    const heading = "Usage start date,SKU description,Cost,Currency";
    const { details } = failure(`${heading}\n24.11.2026,x,1,USD\n2026-11-24,"x\ny",lots,USD\n2026-11-24,x,1,EUR\n`);
    expect(details.problems).toMatchObject([
      { field: "line 2", message: 'Line 2: the day "24.11.2026" cannot be read.' },
      { field: "line 4", message: 'Line 4: the cost "lots" cannot be read.' },
      {
        field: "line 5",
        message: 'Line 5: the currency "EUR" cannot be read.',
        allowed: ["USD, which is what the ledger holds"],
      },
    ]);
  });

  test("days and times together cannot be compared", () => {
    const text = "date,sku description,cost\n2026-11-24,x,1\n2026-11-24 08:00:00 UTC,x,1\n";
    expect(failure(text).message).toContain("Some rows have a day and others a time");
  });

  test("a file of nothing but mistakes tells a few", () => {
    const text = `date,sku description,cost\n${"x,y,z\n".repeat(10_000)}`;
    expect(failure(text).details.problems?.length).toBeLessThan(15);
  });
});

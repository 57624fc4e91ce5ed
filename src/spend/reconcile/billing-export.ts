// Billing export: the provider's CSV becomes lines of day, SKU and amount. Header names as Cloud Billing writes them in its
// cost table and its BigQuery export (cloud.google.com/billing/docs, 2026-11-24), in any case; other columns are not read.

import { CsvError, parse } from "csv-parse/sync";
import { nearest } from "../../core/nearest.ts";
import { plainText } from "../../core/redaction.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { type PicoUsd, readBillDay, readPicoUsd } from "./bill-amounts.ts";

export interface BillLine {
  /** `2026-11-24` */
  readonly firstDay: string;
  /** Later than `firstDay` when the line sums several days. */
  readonly lastDay: string;
  readonly sku: string;
  readonly cost: PicoUsd;
}

export interface BillingExport {
  readonly lines: readonly BillLine[];
  /** What the days are: the provider's own (Pacific Time), or those of UTC when the export has times. */
  readonly timeZone: "America/Los_Angeles" | "UTC";
  /** Rows without a day: totals, taxes, rounding. */
  readonly rowsWithoutDay: number;
}

interface Column {
  readonly name: "start" | "end" | "sku" | "cost" | "currency";
  readonly required: boolean;
  /** In lower case; the first that is there is taken. */
  readonly headings: readonly string[];
}

const columns: readonly Column[] = [
  {
    name: "start",
    required: true,
    headings: ["usage start date", "usage_start_date", "usage start time", "usage_start_time", "usage date", "date"],
  },
  { name: "end", required: false, headings: ["usage end date", "usage_end_date"] },
  { name: "sku", required: true, headings: ["sku description", "sku.description", "sku_description"] },
  // The unrounded one first: the rounded one loses a cent and more over a month.
  { name: "cost", required: true, headings: ["unrounded cost ($)", "cost ($)", "cost (usd)", "cost"] },
  { name: "currency", required: false, headings: ["currency", "currency code", "currency_code"] },
];

type Places = Readonly<Record<Column["name"], number | undefined>>;

interface CsvRow {
  readonly cells: readonly string[];
  /** Line of the file on which the row ends. */
  readonly line: number;
}

/** A cost table begins with the invoice's number, date and account. */
const MOST_LINES_BEFORE_HEADING = 40;
/** A file with one wrong column would have a mistake in every row. */
const MOST_PROBLEMS = 10;

/** Throws `bill-unreadable` with what was found and what is accepted, and the lines of mistakes. */
export function readBillingExport(text: string): BillingExport {
  const rows = readRows(text);
  const { places, headingAt } = findHeading(rows);
  const problems: Problem[] = [];
  const kinds = new Set<"day" | "moment">();
  const lines: BillLine[] = [];
  let rowsWithoutDay = 0;
  for (const row of rows.slice(headingAt + 1)) {
    const cell = (name: Column["name"]): string => row.cells[places[name] ?? -1]?.trim() ?? "";
    if (cell("start") === "") {
      rowsWithoutDay += 1;
      continue;
    }
    const start = readBillDay(cell("start"));
    const end = cell("end") === "" ? start : readBillDay(cell("end"));
    const cost = readPicoUsd(cell("cost"));
    const wrong = (what: string, given: string, allowed: string): void => {
      const message = `Line ${row.line}: ${what} ${JSON.stringify(shown(given))} cannot be read.`;
      problems.push({
        code: "bill-unreadable",
        field: `line ${row.line}`,
        message,
        given: shown(given),
        allowed: [allowed],
      });
    };
    if (!start) wrong("the day", cell("start"), DAYS);
    if (!end && cell("end") !== "") wrong("the last day", cell("end"), DAYS);
    if (cost === undefined) wrong("the cost", cell("cost"), "an amount such as 1,234.56");
    if (cell("currency") !== "" && cell("currency").toUpperCase() !== "USD") {
      wrong("the currency", cell("currency"), "USD, which is what the ledger holds");
    }
    if (problems.length >= MOST_PROBLEMS) break;
    if (!start || !end || cost === undefined) continue;
    kinds.add(start.kind);
    const lastDay = end.day < start.day ? start.day : end.day;
    lines.push({ firstDay: start.day, lastDay, sku: cell("sku"), cost });
  }
  if (kinds.size > 1) {
    const message = "Some rows have a day and others a time, so that they cannot be compared by day.";
    problems.push({ code: "bill-unreadable", field: "usage start", message, allowed: [DAYS] });
  }
  const [first] = problems;
  if (first) throw new ToolError("bill-unreadable", { message: first.message, problems });
  return { lines, timeZone: kinds.has("moment") ? "UTC" : "America/Los_Angeles", rowsWithoutDay };
}

const DAYS = "2026-11-24 or 2026-11-24 08:00:00 UTC, of one kind";

function readRows(text: string): readonly CsvRow[] {
  try {
    const rows = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, info: true });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that csv-parse gives with `info` and without columns
    return (rows as unknown as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      cells: record,
      line: info.lines,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ToolError("bill-unreadable", { message: `The file is no CSV: ${plainText(error.message, 200)}` });
  }
}

function findHeading(rows: readonly CsvRow[]): { readonly places: Places; readonly headingAt: number } {
  let best = { found: 0, places: placesOf([]), headingAt: 0 };
  for (const [headingAt, { cells }] of rows.slice(0, MOST_LINES_BEFORE_HEADING).entries()) {
    const places = placesOf(cells);
    const found = columns.filter(({ name, required }) => required && places[name] !== undefined).length;
    if (found > best.found) best = { found, places, headingAt };
  }
  const missing = columns.filter(({ name, required }) => required && best.places[name] === undefined);
  if (missing.length === 0) return best;
  const given = rows[best.headingAt]?.cells.map(shown).filter((cell) => cell !== "") ?? [];
  const problems = missing.map(({ name, headings }): Problem => {
    const [suggestion] = nearest(headings[0] ?? "", given, 1);
    return {
      code: "bill-unreadable",
      field: name,
      message: `There is no column for the ${words[name]}. Found: ${given.join(", ") || "nothing"}.`,
      given: given.join(", "),
      allowed: headings,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  });
  throw new ToolError("bill-unreadable", { problems });
}

const words: Readonly<Record<Column["name"], string>> = {
  start: "day",
  end: "last day",
  sku: "SKU",
  cost: "cost",
  currency: "currency",
};

function placesOf(cells: readonly string[]): Places {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const place = (wanted: Column["name"]): number | undefined => {
    const headings = columns.find(({ name }) => name === wanted)?.headings ?? [];
    const heading = headings.find((candidate) => names.includes(candidate));
    return heading === undefined ? undefined : names.indexOf(heading);
  };
  return {
    start: place("start"),
    end: place("end"),
    sku: place("sku"),
    cost: place("cost"),
    currency: place("currency"),
  };
}

function shown(cell: string): string {
  return plainText(cell, 60).trim();
}

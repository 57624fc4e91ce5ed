// Totals as CSV (RFC 4180), safe to open in a spreadsheet: what begins like a formula gets an apostrophe.

import { stringify } from "csv-stringify/sync";
import { formatUsd, type MicroUsd } from "../../core/money.ts";
import { plainText } from "../../core/redaction.ts";
import type { Totals } from "../../spend/ledger/totals.ts";

/** `keyName` heads the first column. Amounts are dollars with all digits that they have. */
export function totalsCsv(keyName: string, rows: readonly Totals[]): string {
  const heading = [
    keyName,
    "calls",
    "pictures",
    "spentUsd",
    "estimatedUsd",
    "heldUsd",
    "unknownUsd",
    "unmeteredListPriceUsd",
    "unknownCalls",
    "retries",
    "refusals",
    "clips",
  ];
  const lines = rows.map((row) => [
    plainText(row.key).replace(/\s+/g, " ").trim(),
    row.calls,
    row.pictures,
    dollars(row.spentMicroUsd),
    dollars(row.estimatedMicroUsd),
    dollars(row.heldMicroUsd),
    dollars(row.unknownMicroUsd),
    dollars(row.unmeteredListPriceMicroUsd),
    row.unknownCalls,
    row.retries,
    row.refusals,
    row.clips,
  ]);
  return stringify([heading, ...lines], { record_delimiter: "windows", escape_formulas: true });
}

function dollars(amount: MicroUsd): string {
  return formatUsd(amount).replace("$", "");
}

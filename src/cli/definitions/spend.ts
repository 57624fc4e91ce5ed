// Definitions of `spend` and of the commands below it: budgets, unknown calls, the ledger's soundness, the provider's bill.

import type { TotalsBy } from "../../spend/ledger/totals.ts";
import { type CommandDefinition, jsonSwitch, type SwitchDefinition } from "../command-line/command-definition.ts";

/** What `--by` takes. */
export const groupings = ["day", "month", "project", "model", "route"] as const satisfies readonly TotalsBy[];

const scopeSwitches: readonly SwitchDefinition[] = [
  { flags: "--project <name>", help: "only what this project spends" },
  { flags: "--model <id>", help: "only what this model costs" },
];

const budgetDefinitions: readonly CommandDefinition[] = [
  {
    name: "spend budget",
    summary: "your budgets: what is spent, held and left, and when each renews",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen spend budget", note: "all that hold, and where each was set" }],
    notes:
      "Budgets stand in your own settings file and in IMAGE_GEN_BUDGET_RUN, IMAGE_GEN_BUDGET_DAY and IMAGE_GEN_BUDGET_MONTH, never in a project's file. All of them hold; of several on the same things the lowest counts.",
  },
  {
    name: "spend budget set",
    summary: "limit what a run, a day or a month may cost",
    usage: "[--run <usd>] [--day <usd>] [--month <usd>] [options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [
      { flags: "--run <usd>", help: "for one command or session, in US dollars" },
      { flags: "--day <usd>", help: "for each day, by the clock of this machine" },
      { flags: "--month <usd>", help: "for each month" },
      ...scopeSwitches,
      jsonSwitch,
    ],
    examples: [
      { command: "image-gen spend budget set --day 5 --month 40", note: "two budgets that both hold" },
      { command: "image-gen spend budget set --month 10 --project films", note: "for one project" },
    ],
    notes: "Written into your settings file. 0 means that nothing may be spent.",
  },
  {
    name: "spend budget clear",
    summary: "remove budgets from your settings file",
    usage: "[--run] [--day] [--month] [options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [
      { flags: "--run", help: "only those for a run" },
      { flags: "--day", help: "only those for a day" },
      { flags: "--month", help: "only those for a month" },
      ...scopeSwitches,
      jsonSwitch,
    ],
    examples: [
      { command: "image-gen spend budget clear --day", note: "every budget for a day" },
      { command: "image-gen spend budget clear", note: "all of them" },
    ],
  },
];

export const spendDefinitions: readonly CommandDefinition[] = [
  {
    name: "spend",
    summary: "what was spent, what is held, and what is left of your budgets",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [
      { flags: "--by <what>", help: `also apart by ${groupings.join(", ")}`, choices: groupings },
      jsonSwitch,
      { flags: "--csv", help: "the totals as CSV on stdout" },
    ],
    examples: [
      { command: "image-gen spend", note: "totals, budgets and what is not settled" },
      { command: "image-gen spend --by month --csv", note: "for a spreadsheet" },
    ],
  },
  ...budgetDefinitions,
  {
    name: "spend resolve",
    summary: "say whether a call of unknown outcome was billed",
    usage: "[operation or call …] (--paid [usd] | --not-paid) [options]",
    operands: { least: 0, most: Number.POSITIVE_INFINITY },
    settings: [],
    switches: [
      { flags: "--paid [usd]", help: "it was billed; without an amount it cost all that is held for it" },
      { flags: "--not-paid", help: "it was not billed; what is held becomes free" },
      jsonSwitch,
    ],
    examples: [
      { command: "image-gen spend resolve", note: "lists what is unknown, with the commands to type" },
      { command: "image-gen spend resolve <id> --paid 0.134", note: "the provider's bill says so" },
    ],
    notes: "For a person who has looked at the provider's bill. An operation stands for all its unknown calls.",
  },
  {
    name: "spend verify",
    summary: "is the ledger sound, and is each picture the one that was saved",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen spend verify", note: "reads the ledger, its mirror and every picture" }],
    notes:
      "Exit codes: 0 all is as it was written (pictures that were moved or deleted are listed), 4 the ledger or its mirror is damaged, 9 only some pictures are not what was saved.",
  },
  {
    name: "spend repair",
    summary: "rebuild a damaged ledger from its text mirror, or the mirror from it",
    usage: "[options]",
    operands: { least: 0, most: 0 },
    settings: [],
    switches: [{ flags: "--accept-loss", help: "when both are damaged, keep what can be read" }, jsonSwitch],
    examples: [{ command: "image-gen spend repair", note: "what was damaged is moved aside, never deleted" }],
  },
  {
    name: "spend reconcile",
    summary: "compare the ledger with the provider's billing export (CSV)",
    usage: "<billing.csv> [options]",
    operands: { least: 1, most: 1 },
    settings: [],
    switches: [jsonSwitch],
    examples: [{ command: "image-gen spend reconcile billing.csv", note: "by day and model; changes nothing" }],
    notes:
      "Takes a cost table or BigQuery export of Cloud Billing, in US dollars. Needs a column for the day (usage start date, usage_start_date, usage start time, usage_start_time, usage date, date), the SKU (sku description, sku.description, sku_description) and the cost (unrounded cost ($), cost ($), cost (usd), cost), in upper or lower case; reads usage end date and currency where they are there. Days without a time are the provider's, in Pacific Time; times are compared by UTC day.",
  },
];

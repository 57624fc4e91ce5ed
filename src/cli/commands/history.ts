// `history`: operations, newest first, as a table or as the array that programs read.

import { basename } from "node:path";
import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import type { Problem } from "../../core/tool-error.ts";
import { text, wholeNumber } from "../../settings/parsers.ts";
import type { HistoryEntry } from "../../spend/ledger/history.ts";
import type { Context } from "../context.ts";
import { type CommandInput, writeJson } from "../handler.ts";
import { openCatalogue } from "../opening/own-models.ts";
import { withLedgerView } from "../opening/own-ledger.ts";
import { refuseProblems } from "../reports/problems-failure.ts";
import { recoverBeforeShowing } from "../opening/recover-leftovers.ts";
import { readSwitch } from "../command-line/read-switch.ts";
import { shortPrompt } from "../spend/short-prompt.ts";
import { formatTable } from "../terminal/table.ts";

const USUAL_LIMIT = 20;
const MOST = 1_000_000;

export async function run({ invocation }: CommandInput, context: Context): Promise<ExitCode> {
  const { switches } = invocation;
  const problems: Problem[] = [...invocation.problems];
  const limit = readSwitch(switches, "limit", wholeNumber({ least: 0, most: MOST }), problems) ?? USUAL_LIMIT;
  const project = readSwitch(switches, "project", text, problems);
  const name = readSwitch(switches, "model", text, problems);
  refuseProblems(problems);
  // A model that is no longer in the catalogue may still be in the ledger.
  const model = name === undefined ? undefined : (openCatalogue(context).find(name)?.model.id ?? name);
  await recoverBeforeShowing(context);
  const entries = await withLedgerView(context, (view) =>
    view.history({
      limit,
      ...(project === undefined ? {} : { project }),
      ...(model === undefined ? {} : { model }),
    }),
  );
  if (switches.has("json")) writeJson(context, entries);
  else if (entries.length === 0) context.stderr.write("Nothing yet.\n");
  else writeTable(entries, context);
  return 0;
}

function writeTable(entries: readonly HistoryEntry[], context: Context): void {
  context.stdout.write(
    formatTable(
      ["started", "state", "made", "cost", "operation", "prompt"],
      entries.map((entry) => [
        localTime(entry.startedAt),
        entry.rehearsal ? `${entry.state} (rehearsal)` : entry.state,
        resultOf(entry),
        costOf(entry),
        entry.operation,
        shortPrompt(entry.prompt),
      ]),
    ),
  );
}

/** `2026-11-24 09:00`, by the clock of this machine. */
function localTime(iso: string): string {
  const date = new Date(iso);
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join("-");
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** The name of the first picture or clip and how many more there are, or how many were wanted. */
function resultOf({ images }: HistoryEntry): string {
  const [first, ...others] = images.flatMap(({ path, uri }) => path ?? uri ?? []);
  if (first === undefined) return `0 of ${images.length}`;
  return others.length === 0 ? basename(first) : `${basename(first)} +${others.length}`;
}

function costOf({ cost }: HistoryEntry): string {
  const { actualMicroUsd, heldMicroUsd } = cost;
  const held = heldMicroUsd > 0 ? [`${formatUsd(heldMicroUsd)} held`] : [];
  const paid = actualMicroUsd === null ? [] : [formatUsd(actualMicroUsd)];
  return [...paid, ...held].join(" + ") || formatUsd(0);
}

// `spend resolve`: a person's word on calls of unknown outcome. Without it, the list of them with the commands to type.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd, type MicroUsd, parseUsd } from "../../core/money.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { budgetAmount } from "../../settings/parsers.ts";
import { toOpenOperation } from "../../spend/ledger/history.ts";
import { openLedger } from "../../spend/ledger/ledger.ts";
import type { CallRecord } from "../../spend/ledger/records.ts";
import type { LedgerView } from "../../spend/ledger/view.ts";
import { hasLedger } from "../../spend/ledger/view.ts";
import type { Context } from "../context.ts";
import { type CommandInput, writeJson } from "../handler.ts";
import { ownLedgerDirectory, withLedgerView } from "../opening/own-ledger.ts";
import { recoverBeforeShowing } from "../opening/recover-leftovers.ts";
import { problemsFailure, refuseProblems } from "../reports/problems-failure.ts";
import { formatTable } from "../terminal/table.ts";
import { shortPrompt } from "./short-prompt.ts";

interface Word {
  readonly paid: boolean;
  /** What one call cost; all that is held for it when absent. */
  readonly amount: MicroUsd | undefined;
}

export async function resolveCalls({ invocation }: CommandInput, context: Context): Promise<ExitCode> {
  const problems: Problem[] = [...invocation.problems];
  const { ids, word } = readWord(invocation.operands, invocation.switches, problems);
  refuseProblems(problems);
  const json = invocation.switches.has("json");
  if (word === undefined) return await listUnknown(json, context);

  const directory = ownLedgerDirectory(context);
  if (!hasLedger(directory)) throw problemsFailure(asNonEmpty(ids.map(unknownId)));
  const ledger = await openLedger({
    directory,
    clock: context.clock,
    onWarning: (message) => context.stderr.write(`Warning: ${message}\n`),
  });
  try {
    const calls = findCalls(ledger, ids, word);
    const settled = calls.map((call) => {
      const { paid, amount } = word;
      const changed = ledger.settle(call.id, { paid, ...(amount === undefined ? {} : { actualMicroUsd: amount }) });
      const after = ledger.operation(call.operation)?.calls.find(({ id }) => id === call.id);
      return { id: call.id, operation: call.operation, paid, actualMicroUsd: after?.countedMicroUsd ?? 0, changed };
    });
    if (json) writeJson(context, { version: 1, status: "ok", currency: "USD", settled });
    else {
      for (const { id, paid, actualMicroUsd, changed } of settled) {
        const what = paid ? `paid, ${formatUsd(actualMicroUsd)}` : "not paid";
        context.stderr.write(`${id} ${changed ? "is settled" : "was settled before"}: ${what}\n`);
      }
    }
    return 0;
  } finally {
    ledger.close();
  }
}

/** An id after `--paid` is an id: an amount has never so many characters without a point. */
const LOOKS_LIKE_ID = /^[0-9A-Za-z-]{16,}$/;

function readWord(
  operands: readonly string[],
  switches: ReadonlyMap<string, string | boolean>,
  problems: Problem[],
): { readonly ids: readonly string[]; readonly word: Word | undefined } {
  const paid = switches.get("paid");
  const isId = typeof paid === "string" && LOOKS_LIKE_ID.test(paid);
  const ids = [...new Set([...operands, ...(isId ? [paid] : [])])];
  const amount = typeof paid === "string" && !isId ? readAmount(paid, problems) : undefined;
  const isPaid = paid !== undefined;
  const isNotPaid = switches.has("not-paid");
  const say = (message: string) => problems.push({ code: "usage", field: "spend resolve", message });
  if (isPaid && isNotPaid) say("Either --paid or --not-paid, not both.");
  if (!isPaid && !isNotPaid) {
    if (ids.length > 0) say("Say whether it was billed: --paid, --paid <usd> or --not-paid.");
    return { ids, word: undefined };
  }
  if (ids.length === 0) say("Say which call or operation is meant; `image-gen spend resolve` lists them.");
  return { ids, word: { paid: isPaid, amount } };
}

function readAmount(given: string, problems: Problem[]): MicroUsd | undefined {
  // What was paid, unlike a budget, may carry its dollar sign.
  const amount = parseUsd(given);
  if (amount !== undefined) return amount;
  const parsed = budgetAmount(given);
  const { allowed = [] } = parsed.ok ? {} : parsed.problem;
  const message = `--paid ${JSON.stringify(given)} is not an amount.`;
  problems.push({ code: "value-not-allowed", field: "--paid", message, given, allowed });
  return undefined;
}

/** The calls that the ids stand for; all mistakes at once, before anything is settled. */
function findCalls(view: LedgerView, ids: readonly string[], word: Word): readonly CallRecord[] {
  const problems: Problem[] = [];
  const found = ids.flatMap((id): readonly CallRecord[] => {
    const operation = view.operation(id);
    const calls = operation?.calls ?? view.operationOfCall(id)?.calls.filter((call) => call.id === id);
    if (!calls) {
      problems.push(unknownId(id));
      return [];
    }
    const meant = calls.filter(({ state, paid }) => state === "unknown" || (state === "settled" && paid === word.paid));
    if (meant.length === 0) {
      const states = [
        ...new Set(
          calls.map(({ state, paid }) => (state === "settled" ? `settled as ${paid ? "" : "not "}paid` : state)),
        ),
      ];
      problems.push({
        code: "operation-not-open",
        field: id,
        message: `${id} is ${states.join(", ")}, and only what is unknown can be settled.`,
        given: id,
      });
    }
    const unknown = meant.filter(({ state }) => state === "unknown");
    if (word.amount !== undefined && unknown.length > 1) {
      problems.push({
        code: "usage",
        field: id,
        message: `${id} has ${unknown.length} unknown calls, and an amount is for one call.`,
        given: id,
        allowed: unknown.map((call) => call.id),
      });
    }
    return meant;
  });
  refuseProblems(problems);
  return [...new Map(found.map((call) => [call.id, call])).values()];
}

function unknownId(id: string): Problem {
  return {
    code: "operation-unknown",
    field: id,
    message: `The ledger has no operation and no call ${JSON.stringify(id)}.`,
    given: id,
  };
}

function asNonEmpty(problems: readonly Problem[]): readonly [Problem, ...Problem[]] {
  const [first, ...rest] = problems;
  if (!first) throw new ToolError("internal", { message: "No id was given." });
  return [first, ...rest];
}

async function listUnknown(json: boolean, context: Context): Promise<ExitCode> {
  await recoverBeforeShowing(context);
  const open = await withLedgerView(context, (view) =>
    view
      .openOperations()
      .filter(({ state }) => state === "unknown")
      .map(toOpenOperation),
  );
  if (json) {
    writeJson(context, { version: 1, status: "ok", currency: "USD", open });
    return 0;
  }
  const calls = open.flatMap(({ prompt, startedAt, calls: all }) =>
    all.filter(({ state }) => state === "unknown").map((call) => ({ ...call, prompt, startedAt })),
  );
  if (calls.length === 0) {
    context.stderr.write("No call is of unknown outcome.\n");
    return 0;
  }
  context.stdout.write(
    formatTable(
      ["call", "held", "started", "prompt"],
      calls.map(({ id, heldMicroUsd, startedAt, prompt }) => [
        id,
        formatUsd(heldMicroUsd),
        startedAt,
        shortPrompt(prompt),
      ]),
    ),
  );
  const [example] = calls;
  context.stderr.write(
    [
      "Look at the provider's bill, then for each call one of:",
      `  image-gen spend resolve ${example?.id} --paid        (it cost what is held)`,
      `  image-gen spend resolve ${example?.id} --paid 0.134  (it cost that much)`,
      `  image-gen spend resolve ${example?.id} --not-paid\n`,
    ].join("\n"),
  );
  return 0;
}

// `spend verify` and `spend repair`: is everything as it was written, and what is done when it is not.

import type { ErrorCode, ExitCode } from "../../core/error-table.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { repairLedger, type Repair } from "../../spend/ledger/repair.ts";
import { hasLedger } from "../../spend/ledger/view.ts";
import { type LedgerProblem, type Verification, verifyLedger } from "../../spend/ledger/verify.ts";
import { counted } from "../reports/amounts.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { ownLedgerDirectory } from "../opening/own-ledger.ts";
import { plainText } from "../../core/redaction.ts";

const NOTHING: Verification = { ok: true, problems: [], calls: 0, mirrorLines: 0, pictures: 0 };

/** Damage is thrown (exit 4); changed pictures are told of (9); pictures that are gone are everybody's right (0). */
export async function verify(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const directory = ownLedgerDirectory(context);
  const exists = hasLedger(directory);
  const verification = exists ? await verifyLedger({ directory }) : NOTHING;
  const { problems, calls, mirrorLines, pictures } = verification;
  const damage = problems.filter(({ kind }) => kind === "ledger" || kind === "mirror");
  if (damage.length > 0) throw damagedLedger(damage, directory);
  const changed = pathsOf(problems, "picture");
  const missing = pathsOf(problems, "picture-missing");
  const isWhole = changed.length === 0;
  if (input.invocation.switches.has("json")) {
    writeJson(context, {
      version: 1,
      status: isWhole ? "ok" : "partial",
      ledger: exists ? directory : null,
      calls,
      mirrorLines,
      pictures,
      changed,
      missing,
    });
  } else {
    for (const path of changed) context.stdout.write(`changed  ${plainText(path)}\n`);
    for (const path of missing) context.stdout.write(`missing  ${plainText(path)}\n`);
    context.stderr.write(
      exists ? `${summary(verification, changed.length, missing.length)}\n` : "There is no ledger yet.\n",
    );
  }
  return isWhole ? 0 : 9;
}

function summary({ calls, pictures }: Verification, changed: number, missing: number): string {
  const sound = `The ledger and its mirror are sound (${counted(calls, "call")}).`;
  const same = `${pictures - changed - missing} of ${counted(pictures, "picture")} are as they were saved`;
  return `${sound} ${same}, ${changed} changed, ${missing} not there any more.`;
}

function pathsOf(problems: readonly LedgerProblem[], wanted: LedgerProblem["kind"]): readonly string[] {
  return problems.flatMap(({ kind, path }) => (kind === wanted && path !== undefined ? [path] : []));
}

function damagedLedger(damage: readonly LedgerProblem[], directory: string): ToolError {
  const code: ErrorCode = "ledger-damaged";
  const problems: Problem[] = damage.map(({ kind, message }) => ({ code, field: kind, message }));
  return new ToolError(code, {
    message: `The ledger in ${directory} is damaged.`,
    nextStep: "Rebuild it from its text mirror: image-gen spend repair. Until then nothing is spent.",
    problems,
  });
}

export async function repair(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { switches } = input.invocation;
  const directory = ownLedgerDirectory(context);
  const repaired: Repair = hasLedger(directory)
    ? await repairLedger({ directory, clock: context.clock, acceptLoss: switches.has("accept-loss") })
    : { rebuiltFrom: "nothing", movedTo: null, operations: 0, calls: 0, lost: 0 };
  if (switches.has("json")) {
    writeJson(context, { version: 1, status: "ok", ...repaired });
    return 0;
  }
  context.stderr.write(`${told(repaired)}\n`);
  return 0;
}

const sources: Readonly<Record<Exclude<Repair["rebuiltFrom"], "nothing">, string>> = {
  mirror: "The ledger was rebuilt from its text mirror",
  ledger: "The ledger is sound; its text mirror was written anew from it",
  "what-could-be-read": "The ledger was rebuilt from what could be read",
};

function told({ rebuiltFrom, movedTo, operations, calls, lost }: Repair): string {
  if (rebuiltFrom === "nothing") return "There was nothing to repair.";
  return [
    `${sources[rebuiltFrom]}: ${counted(operations, "operation")}, ${counted(calls, "call")}.`,
    ...(lost > 0 ? [`${counted(lost, "change")} could not be read and ${lost === 1 ? "is" : "are"} lost.`] : []),
    ...(movedTo === null ? [] : [`What was there before is kept in ${movedTo}`]),
  ].join("\n");
}

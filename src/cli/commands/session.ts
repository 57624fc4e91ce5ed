// `session list`, `show`, `undo`, `fork` and `delete`: conversations as their owner sees and changes them.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import { plainText } from "../../core/redaction.ts";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import { deleteSession, forkSession, requireSession, undoTurn } from "../../sessions/change-session.ts";
import { costOf, readSession, type Session, sessionNames, sessionsFolder } from "../../sessions/session.ts";
import type { Turn } from "../../sessions/turn.ts";
import { findFolders } from "../../settings/folders.ts";
import { wholeNumber } from "../../settings/parsers.ts";
import { counted } from "../reports/amounts.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { refuseProblems } from "../reports/problems-failure.ts";
import { readSwitch } from "../command-line/read-switch.ts";
import { formatTable } from "../terminal/table.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  const { command, operands, switches } = input.invocation;
  const problems: Problem[] = [];
  const turns = readSwitch(switches, "turns", wholeNumber({ least: 1, most: 9999 }), problems);
  refuseProblems([...input.invocation.problems, ...problems]);
  requireNoProblems(input);
  const sessions = sessionsFolder(findFolders(context.environment, context.workingDirectory).stateDirectory);
  const [name = "", other = ""] = operands;
  const answer = (document: object, sentence: string): void => {
    if (switches.has("json")) writeJson(context, { version: 1, status: "ok", ...document });
    else context.stderr.write(`${plainText(sentence)}\n`);
  };
  if (command === "session list") list(sessions, switches.has("json"), context);
  else if (command === "session show") show(requireSession(sessions, name), switches.has("json"), context);
  else if (command === "session undo") {
    const turn = undoTurn(sessions, name);
    answer({ session: name, undone: describeTurn(turn) }, `Taken back: ${turn.prompt}`);
  } else if (command === "session fork") {
    const fork = forkSession(sessions, name, other, turns ?? undefined);
    answer({ session: describeSession(fork) }, `${fork.name} has ${counted(fork.turns.length, "turn")} of ${name}.`);
  } else {
    const gone = deleteSession(sessions, name);
    answer({ deleted: gone.name }, `Deleted ${gone.name}.`);
  }
  return Promise.resolve(0);
}

function list(sessions: string, json: boolean, context: Context): void {
  const found = sessionNames(sessions).map((name) => {
    try {
      return describeSession(readSession(sessions, name));
    } catch (error) {
      // One that is damaged must not hide the others.
      if (!isToolError(error)) throw error;
      return { name, problem: error.message };
    }
  });
  if (json) {
    writeJson(context, { version: 1, status: "ok", folder: sessions, sessions: found });
    return;
  }
  if (found.length === 0) {
    context.stderr.write("No conversations yet. Begin one with --session <name>.\n");
    return;
  }
  const rows = found.map((session) =>
    "problem" in session
      ? [session.name, "", "", "", session.problem]
      : [session.name, String(session.turns), costText(session), session.model ?? "", session.lastPrompt ?? ""],
  );
  context.stdout.write(formatTable(["session", "turns", "cost so far", "model", "last words"], rows));
}

function show(session: Session, json: boolean, context: Context): void {
  const described = describeSession(session);
  if (json) {
    const turns = session.turns.map(describeTurn);
    const undone = session.undone.map(describeTurn);
    writeJson(context, { version: 1, status: "ok", session: { ...described, turns, undone } });
    return;
  }
  const rows = [
    ...session.turns.map((turn, index) => turnRow(turn, String(index + 1))),
    ...session.undone.map((turn) => turnRow(turn, "undone")),
  ];
  context.stdout.write(formatTable(["turn", "when", "model", "cost", "words", "picture"], rows));
  context.stderr.write(
    `Cost so far: ${costText(described)}${described.rehearsal ? ", rehearsed: nothing was paid" : ""}\n`,
  );
}

function turnRow(turn: Turn, number: string): readonly string[] {
  const cost = turn.costMicroUsd === null ? "unknown" : formatUsd(turn.costMicroUsd);
  return [number, turn.createdAt, turn.model, cost, turn.prompt, turn.path ?? ""];
}

interface SessionDescription {
  readonly name: string;
  readonly turns: number;
  readonly undone: number;
  readonly model: string | null;
  readonly rehearsal: boolean;
  readonly lastPrompt: string | null;
  readonly changedAt: string | null;
  readonly costMicroUsd: number;
  /** Turns whose cost is not known and not in the sum. */
  readonly unknownCosts: number;
}

function describeSession(session: Session): SessionDescription {
  const last = session.turns.at(-1) ?? null;
  const { microUsd, unknown } = costOf(session);
  return {
    name: session.name,
    turns: session.turns.length,
    undone: session.undone.length,
    model: last?.model ?? null,
    rehearsal: (last ?? session.undone.at(-1))?.rehearsal ?? false,
    lastPrompt: last?.prompt ?? null,
    changedAt: last?.createdAt ?? null,
    costMicroUsd: microUsd,
    unknownCosts: unknown,
  };
}

/** Without parts: signatures and stored pictures are for the model, not for people. */
function describeTurn({ operation, createdAt, model, endpoint, prompt, path, costMicroUsd }: Turn) {
  return { operation, createdAt, model, endpoint, prompt, path, costMicroUsd };
}

function costText({ costMicroUsd, unknownCosts }: SessionDescription): string {
  return `${formatUsd(costMicroUsd)}${unknownCosts === 0 ? "" : ` and ${unknownCosts} of unknown cost`}`;
}

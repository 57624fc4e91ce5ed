// Session: the turns of a conversation under a name, read from its folder. Nothing is written here.
//   <sessions>/<name>/turns/0001.json …   each turn, in order
//   <sessions>/<name>/undone/             turns that were taken back; they were paid for
//   <sessions>/<name>/pictures/           pictures of all turns, named by their hash

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ToolError } from "../core/tool-error.ts";
import { errorCode } from "../core/error-code.ts";
import { checkSessionName, normaliseName } from "./session-name.ts";
import { readTurn, type Turn } from "./turn.ts";

export interface Session {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly turns: readonly Turn[];
  /** Taken back, oldest first. */
  readonly undone: readonly Turn[];
}

export interface SessionCost {
  /** Turns that were taken back are in it: they were paid for. */
  readonly microUsd: number;
  /** Turns whose cost is not known, and not in it. */
  readonly unknown: number;
}

/** The folder of all sessions below the state folder. */
export function sessionsFolder(stateDirectory: string): string {
  return join(stateDirectory, "sessions");
}

export function turnFile(folder: string, number: number): string {
  return join(folder, "turns", `${String(number).padStart(4, "0")}.json`);
}

/**
 * The session of this name; without a single turn when it has not begun.
 *
 * @throws ToolError `value-not-allowed` for a name that cannot be, `session-damaged` when a turn cannot be read.
 */
export function readSession(sessions: string, given: string): Session {
  const problem = checkSessionName(given);
  if (problem) throw new ToolError(problem.code, { message: problem.message, problems: [problem] });
  const name = normaliseName(given);
  const folder = join(sessions, name);
  const files = turnFiles(join(folder, "turns"));
  const turns = files.map((file) => readTurnFile(name, join(folder, "turns", file)));
  for (const [index, turn] of turns.entries()) {
    const before = turns[index - 1]?.operation ?? null;
    if (files[index] !== `${String(index + 1).padStart(4, "0")}.json` || turn.previous !== before) {
      throw damaged(name, `the turn in ${files[index]} does not follow the one before it`);
    }
  }
  const undone = turnFiles(join(folder, "undone")).map((file) => readTurnFile(name, join(folder, "undone", file)));
  return { name, folder, turns, undone };
}

/** Names of all sessions, in order. */
export function sessionNames(sessions: string): string[] {
  return foldersIn(sessions).filter((name) => checkSessionName(name) === null);
}

export function costOf({ turns, undone }: Session): SessionCost {
  const costs = [...turns, ...undone].map(({ costMicroUsd }) => costMicroUsd);
  return {
    microUsd: costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
    unknown: costs.filter((cost) => cost === null).length,
  };
}

function turnFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => /^\d{4,}(?:-[0-9A-Z]+)?\.json$/.test(file))
      .toSorted();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw unreadable(folder, error);
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw unreadable(folder, error);
  }
}

function readTurnFile(name: string, path: string): Turn {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw damaged(name, `${path} cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const turn = readTurn(value);
  if (turn === null) throw damaged(name, `${path} is no turn that this version understands`);
  return turn;
}

export function damaged(name: string, why: string): ToolError {
  return new ToolError("session-damaged", { message: `The session ${name} is damaged: ${why}.` });
}

function unreadable(folder: string, error: unknown): ToolError {
  return new ToolError("session-unwritable", {
    message: `${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
  });
}

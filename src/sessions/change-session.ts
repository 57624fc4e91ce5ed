// What a person does with a session: take the last turn back, go on from an earlier one under another name, delete it.

import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../core/nearest.ts";
import { ToolError } from "../core/tool-error.ts";
import { errorCode } from "../core/error-code.ts";
import { readSession, type Session, sessionNames, turnFile } from "./session.ts";
import { normaliseName } from "./session-name.ts";
import type { Turn, TurnPart } from "./turn.ts";

/** @throws ToolError `session-unknown` with the likely name. */
export function requireSession(sessions: string, name: string): Session {
  const session = readSession(sessions, name);
  if (session.turns.length + session.undone.length > 0) return session;
  throw unknownSession(sessions, name);
}

function unknownSession(sessions: string, given: string): ToolError {
  const names = sessionNames(sessions);
  const [suggestion] = nearest(given, names, 1);
  const message = `There is no session ${given}.`;
  return new ToolError("session-unknown", {
    message,
    problems: [
      {
        code: "session-unknown",
        field: "session",
        message,
        given,
        allowed: names,
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    ],
  });
}

/** Takes the last turn back and returns it. It stays on disk, because it was paid for. */
export function undoTurn(sessions: string, name: string): Turn {
  const session = requireSession(sessions, name);
  const number = session.turns.length;
  const last = session.turns.at(-1);
  if (!last) {
    throw new ToolError("session-unknown", { message: `The session ${session.name} has no turn left to take back.` });
  }
  const undone = join(session.folder, "undone");
  mkdirSync(undone, { recursive: true, mode: 0o700 });
  renameSync(
    turnFile(session.folder, number),
    join(undone, `${String(number).padStart(4, "0")}-${last.operation}.json`),
  );
  return last;
}

/**
 * A new session with the first turns of another; all of them by default. Its cost counts the turns that it took over.
 *
 * @throws ToolError `session-exists`, `session-unknown`, `value-not-allowed`.
 */
export function forkSession(sessions: string, from: string, to: string, turns?: number): Session {
  const session = requireSession(sessions, from);
  const most = session.turns.length;
  if (turns !== undefined && (!Number.isInteger(turns) || turns < 1 || turns > most)) {
    throw new ToolError("value-not-allowed", {
      message: `The session ${session.name} has ${most} turns; ${turns} cannot be taken.`,
    });
  }
  const name = normaliseName(to);
  const target = readSession(sessions, name);
  const kept = session.turns.slice(0, turns ?? most);
  const parts = kept.flatMap(({ user, reply }) => [...user, ...reply]);
  const isTaken = target.turns.length + target.undone.length > 0;
  if (isTaken || copyTurns(sessions, session, name, kept.length, parts) === null) {
    throw new ToolError("session-exists", { message: `There is a session ${name} already.` });
  }
  return readSession(sessions, name);
}

/** Removes the session with its turns and pictures; published pictures stay where they are. */
export function deleteSession(sessions: string, name: string): Session {
  const session = requireSession(sessions, name);
  // First out of sight, at once: a deletion that is killed leaves no half session.
  const away = join(sessions, `.deleted-${session.name}`);
  rmSync(away, { recursive: true, force: true });
  renameSync(session.folder, away);
  rmSync(away, { recursive: true, force: true });
  return session;
}

/** The first name of the form `fox-2` that no session has. */
export function freeName(sessions: string, name: string): string {
  for (let number = 2; ; number += 1) {
    const candidate = `${name}-${number}`;
    if (!existsSync(join(sessions, candidate))) return candidate;
  }
}

/** A folder with copies of the first turns and of these parts' pictures. `null` when there is one of this name. */
export function copyTurns(
  sessions: string,
  session: Session,
  name: string,
  turns: number,
  parts: readonly TurnPart[],
): string | null {
  const folder = join(sessions, name);
  // Complete before it has its name.
  const beside = join(sessions, `.fork-${name}`);
  rmSync(beside, { recursive: true, force: true });
  for (const inside of ["turns", "pictures"]) mkdirSync(join(beside, inside), { recursive: true, mode: 0o700 });
  for (let number = 1; number <= turns; number += 1)
    copyPrivately(turnFile(session.folder, number), turnFile(beside, number));
  const kept = session.turns.slice(0, turns).flatMap(({ user, reply }) => [...user, ...reply]);
  const files = new Set([...kept, ...parts].flatMap(({ picture }) => (picture === null ? [] : [picture.file])));
  for (const file of files) copyPrivately(join(session.folder, "pictures", file), join(beside, "pictures", file));
  try {
    if (existsSync(folder)) throw Object.assign(new Error("The name is taken."), { code: "EEXIST" });
    renameSync(beside, folder);
    return folder;
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (errorCode(error) === "EEXIST" || errorCode(error) === "ENOTEMPTY") return null;
    throw error;
  }
}

/** Neither turns nor pictures are ever changed in place: a link is as good as a copy. */
function copyPrivately(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

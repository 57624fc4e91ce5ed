// A turn is added to the session that it was asked in. Where another has its place, because another command was faster or
// the conversation goes on from an earlier turn, it forks: both pictures are paid for, each belongs to what was said before it.

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { copyTurns, freeName } from "./change-session.ts";
import { createPrivateFile, replacePrivateFile } from "./private-file.ts";
import { readSession, type Session, turnFile } from "./session.ts";
import type { Turn } from "./turn.ts";

export interface AppendedTurn {
  /** Where the turn is now: the session's name, or that of the fork. */
  readonly name: string;
  /** Counted from 1. */
  readonly number: number;
  /** What the caller should know. */
  readonly warning: string | null;
}

/**
 * `session` is as it was read before the turn was asked; its pictures are stored already.
 *
 * @throws the system's error when the disk refuses.
 */
export function appendTurn(sessions: string, session: Session, turn: Omit<Turn, "version" | "previous">): AppendedTurn {
  const number = session.turns.length + 1;
  const whole: Turn = { version: 1, previous: session.turns.at(-1)?.operation ?? null, ...turn };
  if (write(session.folder, number, whole)) return { name: session.name, number, warning: null };
  for (;;) {
    const name = freeName(sessions, session.name);
    const fork = copyTurns(sessions, session, name, session.turns.length, [...turn.user, ...turn.reply]);
    if (fork === null || !write(fork, number, whole)) continue;
    return {
      name,
      number,
      warning: `The session ${session.name} has another turn ${number} already; this one continues in the session ${name}.`,
    };
  }
}

/** Notes where the turn's picture was published. */
export function setTurnPath(sessions: string, { name, number }: AppendedTurn, path: string): void {
  const { folder, turns } = readSession(sessions, name);
  const turn = turns[number - 1];
  if (!turn) return;
  const text = `${JSON.stringify({ ...turn, path }, null, 2)}\n`;
  replacePrivateFile(turnFile(folder, number), text, turn.operation);
}

function write(folder: string, number: number, turn: Turn): boolean {
  const path = turnFile(folder, number);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return createPrivateFile(path, `${JSON.stringify(turn, null, 2)}\n`, turn.operation);
}

// The session of a request as the plan sees it: what goes along, what it adds to the price, what is lost or forbidden.

import type { PlannedSession } from "../../core/request.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import { choosePast, type Past } from "../../sessions/past-contents.ts";
import { readSession, type Session, sessionsFolder } from "../../sessions/session.ts";
import type { TurnPart } from "../../sessions/turn.ts";
import { base64Bytes, megabytes, noPast, type PastSize } from "./plan-size.ts";

/** Reads the session that is asked for, as far as it is to be gone on from. Mistakes go to `problems`, and `null` comes back. */
export function readPlannedSession(
  { session, sessionTurn, count = 1 }: GenerateRequest,
  { stateDirectory, rehearsal }: { readonly stateDirectory: string; readonly rehearsal: boolean },
  problems: Problem[],
): Session | null {
  if (session === undefined) return null;
  if (count > 1) {
    problems.push({
      code: "value-not-allowed",
      field: "--count",
      message: "A conversation has one picture in each turn; --session takes no --count.",
      given: String(count),
      allowed: ["1"],
    });
  }
  try {
    const found = readSession(sessionsFolder(stateDirectory), session);
    const last = found.turns.at(-1) ?? found.undone.at(-1);
    if (last && last.rehearsal !== rehearsal) {
      problems.push({
        code: "session-mixed",
        field: "--session",
        message: last.rehearsal
          ? `The conversation ${found.name} was rehearsed; a real one needs another name.`
          : `The conversation ${found.name} is a real one; a rehearsal needs another name.`,
        given: session,
      });
    }
    const most = found.turns.length;
    if (sessionTurn !== undefined && !(Number.isInteger(sessionTurn) && sessionTurn >= 1 && sessionTurn <= most)) {
      problems.push({
        code: "value-not-allowed",
        field: "--session",
        message: `The conversation ${found.name} has ${most} turns; it cannot go on from turn ${sessionTurn}.`,
        given: String(sessionTurn),
      });
    }
    return { ...found, turns: found.turns.slice(0, sessionTurn ?? most) };
  } catch (error) {
    if (!isToolError(error)) throw error;
    const { code, message, details } = error;
    problems.push(...(details.problems ?? [{ code, field: "--session", message, given: session }]));
    return null;
  }
}

export interface PlannedPast {
  readonly past: Past;
  readonly planned: PlannedSession;
  readonly size: PastSize;
}

/** Pure. Warnings and mistakes go to their lists. */
export function planSession(
  session: Session,
  model: string,
  endpoint: Endpoint,
  problems: Problem[],
  warnings: string[],
): PlannedPast {
  const past = choosePast(session, model, endpoint.name);
  warnings.push(...past.warnings);
  const asked = past.turns.flatMap(({ user }) => user);
  const answered = past.turns.flatMap(({ reply }) => reply);
  const given = [...picturesIn(asked), ...(past.picture === null ? [] : [past.picture])];
  const own = picturesIn(answered);
  const textBytes = [...asked, ...answered].reduce((sum, part) => sum + textBytesOf(part), 0);
  const size: PastSize = {
    fixedBytes: textBytes + sumOf(own.map(({ bytes }) => base64Bytes(bytes))),
    pictureBytes: given.map(({ bytes }) => bytes),
  };
  // What the caller gave can be uploaded where there is a place for it.
  const bytes = size.fixedBytes + (endpoint.files === null ? sumOf(size.pictureBytes.map(base64Bytes)) : 0);
  const most = endpoint.inlineRequestLimitBytes;
  const isTooLarge = bytes > most;
  if (isTooLarge) {
    problems.push({
      code: "input-too-large",
      field: "--session",
      message: `The conversation ${session.name} has grown to ${megabytes(bytes)}, pictures in base64 included; ${endpoint.label} takes at most ${megabytes(most)}. Begin a new one with its last picture: --session ${session.name}-2 --image <picture>.`,
      given: megabytes(bytes),
      allowed: [`at most ${megabytes(most)}`],
    });
  }
  const pictures = given.length + own.length;
  return {
    past,
    planned: { name: session.name, turn: session.turns.length + 1, pictures, textBytes },
    // Said once.
    size: isTooLarge ? noPast : size,
  };
}

function picturesIn(parts: readonly TurnPart[]) {
  return parts.flatMap(({ picture }) => picture ?? []);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/** Signatures travel, but are no text that is billed. */
function textBytesOf({ fields }: TurnPart): number {
  const { text } = fields;
  return typeof text === "string" ? Buffer.byteLength(text) : 0;
}

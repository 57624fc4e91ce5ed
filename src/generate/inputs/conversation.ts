// The conversation that a request goes on with: its earlier turns made ready for the wire, and the new turn kept.

import { readFileSync } from "node:fs";
import type { Answer } from "../../core/answer.ts";
import type { PastContent } from "../../core/conversation.ts";
import type { InputPart } from "../../core/input-part.ts";
import type { Plan } from "../../core/plan.ts";
import type { Content } from "../../google/wire/generate-content.ts";
import { createPictureCheck } from "../../outputs/check/picture-check.ts";
import { type AppendedTurn, appendTurn } from "../../sessions/append-turn.ts";
import { choosePast, loadFrom, pastContents } from "../../sessions/past-contents.ts";
import { readSession, type Session, sessionsFolder } from "../../sessions/session.ts";
import { storePicture } from "../../sessions/store-picture.ts";
import type { TurnPart, TurnPicture } from "../../sessions/turn.ts";

export interface Conversation {
  /** Folder of all sessions. */
  readonly sessions: string;
  /** As it was before this turn. */
  readonly session: Session;
  /** Earlier turns, sent before the new one. */
  readonly past: readonly PastContent[];
  /** The last picture as a reference, where the turns themselves are another model's. */
  readonly reference: InputPart | null;
}

type Load = (session: Session) => (picture: TurnPicture) => NonNullable<PastContent["parts"][number]["picture"]>;

/**
 * The conversation of a plan; `null` when it has none.
 *
 * @throws ToolError `session-damaged`; nothing was sent.
 */
export function openConversation(stateDirectory: string, plan: Plan, load: Load = loadFrom): Conversation | null {
  const { session: planned } = plan.request;
  if (planned === undefined) return null;
  const sessions = sessionsFolder(stateDirectory);
  const whole = readSession(sessions, planned.name);
  // As it was planned: what was said meanwhile, or after the turn that is gone on from, is another branch.
  const session = { ...whole, turns: whole.turns.slice(0, planned.turn - 1) };
  const { turns, picture } = choosePast(session, plan.route.model, plan.route.endpoint);
  return {
    sessions,
    session,
    past: pastContents(turns, load(session)),
    reference: picture === null ? null : referenceOf(load(session)(picture)),
  };
}

/** The same with words in place of pictures, for a request that is only shown. */
export function describeConversation(stateDirectory: string, plan: Plan): Conversation | null {
  return openConversation(stateDirectory, plan, () => ({ mimeType, sha256 }) => ({
    mimeType,
    words: `(a picture of the conversation, sha256 ${sha256})`,
  }));
}

function referenceOf(picture: ReturnType<ReturnType<Load>>): InputPart {
  return "bytes" in picture ? { kind: "picture", ...picture } : { kind: "shown", ...picture };
}

export interface NewTurn {
  readonly plan: Plan;
  readonly nowMs: number;
  /** What was sent last: the caller's turn. */
  readonly sent: Content;
  readonly reply: readonly TurnPart[];
  readonly costMicroUsd: number | null;
}

/** Adds the turn. @throws the system's error when the disk refuses. */
export function keepTurn({ sessions, session }: Conversation, turn: NewTurn): AppendedTurn {
  const { plan, nowMs, sent, reply, costMicroUsd } = turn;
  const { operation, rehearsal, route, request } = plan;
  return appendTurn(sessions, session, {
    operation,
    createdAt: new Date(nowMs).toISOString(),
    model: route.model,
    endpoint: route.endpoint,
    rehearsal,
    prompt: request.prompt,
    user: sent.parts.map((part) => keepSentPart(session.folder, operation, part)),
    reply,
    path: null,
    costMicroUsd,
  });
}

function keepSentPart(folder: string, operation: string, part: Content["parts"][number]): TurnPart {
  const inline = "inlineData" in part ? part.inlineData : undefined;
  if (!inline) return { fields: { ...part }, picture: null };
  const { data, mimeType } = inline;
  if (typeof data === "string") throw new Error("Words were sent in the place of a picture.");
  return { fields: {}, picture: storePicture(folder, data, mimeType, operation) };
}

/**
 * Keeps the model's turn as it came, with all its pictures; called while the files of drafts are still there.
 * `pathOf` gives the file of a picture by its index.
 *
 * @throws the system's error when the disk refuses.
 */
export function keepReply(
  { session }: Conversation,
  operation: string,
  answer: Answer,
  pathOf: (index: number) => string | undefined,
): TurnPart[] {
  return answer.parts.flatMap(({ fields, picture }): TurnPart[] => {
    if (picture === null) return [{ fields, picture: null }];
    const path = pathOf(picture.index);
    const { bytes = 0, damaged = true } = answer.pictures[picture.index] ?? {};
    if (path === undefined || bytes === 0 || damaged) return [];
    const content = readFileSync(path);
    const mimeType = mimeTypeOf(content) ?? picture.mimeType ?? "application/octet-stream";
    return [{ fields, picture: storePicture(session.folder, content, mimeType, operation) }];
  });
}

/** From the bytes: the model refuses a picture under another label. */
function mimeTypeOf(bytes: Buffer): string | null {
  const check = createPictureCheck();
  check.write(bytes.subarray(0, 64));
  const { format } = check.end();
  return format === null ? null : `image/${format}`;
}

// What of a conversation goes to the model with the next turn. To the model that it was held with, everything, to the letter;
// to another one, the last picture: thought signatures belong to the model that made them, and it refuses turns without.

import type { PastContent, PastPart } from "../core/conversation.ts";
import type { Session } from "./session.ts";
import { readStoredPicture } from "./store-picture.ts";
import type { Turn, TurnPart, TurnPicture } from "./turn.ts";

export interface Past {
  /** Earlier turns, oldest first. */
  readonly turns: readonly Turn[];
  /** The last picture, to be given as a reference, when the turns themselves cannot go along. */
  readonly picture: TurnPicture | null;
  /** What is lost. */
  readonly warnings: readonly string[];
}

/** Decides without reading pictures. */
export function choosePast({ name, turns }: Pick<Session, "name" | "turns">, model: string, endpoint: string): Past {
  const last = turns.at(-1);
  if (!last) return { turns: [], picture: null, warnings: [] };
  const firstOfRun = turns.findLastIndex((turn) => turn.model !== model) + 1;
  const run = turns.slice(firstOfRun);
  if (run.length === 0) {
    return {
      turns: [],
      picture: resultOf(last),
      warnings: [
        `The conversation ${name} was held with ${last.model}. ${model} is given its last picture as a reference, and nothing of what was said and thought before: thought signatures belong to the model that made them. Use --model ${last.model} to go on with everything.`,
      ],
    };
  }
  const other = run.find((turn) => turn.endpoint !== endpoint);
  const lost =
    firstOfRun === 0
      ? []
      : [
          `The conversation ${name} changed to ${model} in turn ${firstOfRun + 1}: turns before that are not sent, because they are another model's.`,
        ];
  const elsewhere = other
    ? [
        `Turns of ${name} came over ${other.endpoint}; if ${endpoint} refuses their thought signatures, go on over ${other.endpoint}.`,
      ]
    : [];
  return { turns: run, picture: null, warnings: [...lost, ...elsewhere] };
}

/** The turns as contents, in order: what was asked and what was answered. */
export function pastContents(
  turns: readonly Turn[],
  load: (picture: TurnPicture) => NonNullable<PastPart["picture"]>,
): PastContent[] {
  const toPast = ({ fields, picture }: TurnPart): PastPart => ({
    fields,
    picture: picture === null ? null : load(picture),
  });
  return turns.flatMap(({ user, reply }): PastContent[] => [
    { role: "user", parts: user.map(toPast) },
    ...(reply.length === 0 ? [] : [{ role: "model" as const, parts: reply.map(toPast) }]),
  ]);
}

/** Reads the pictures from the session's folder. */
export function loadFrom(session: Session): (picture: TurnPicture) => NonNullable<PastPart["picture"]> {
  return (picture) => ({ mimeType: picture.mimeType, bytes: readStoredPicture(session, picture) });
}

/** The turn's result: its last picture that is no thought. */
function resultOf({ reply }: Turn): TurnPicture | null {
  return reply.findLast(({ fields, picture }) => picture !== null && fields["thought"] !== true)?.picture ?? null;
}

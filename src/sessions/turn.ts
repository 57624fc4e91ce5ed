// Turn: one exchange of a conversation, as it is kept on disk: what was sent, what came back, every part with its signature
// to the letter. Pictures are files of their own, named by their hash.

import { asArray, asObject, asText } from "../core/json-field.ts";

/** One part of a turn. */
export interface TurnPart {
  /** The part as it was sent or received, without the picture's bytes. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly picture: TurnPicture | null;
}

export interface TurnPicture {
  /** Name in the session's folder of pictures. */
  readonly file: string;
  readonly sha256: string;
  readonly mimeType: string;
  readonly bytes: number;
}

export interface Turn {
  readonly version: 1;
  readonly operation: string;
  /** Operation of the turn before; `null` for the first. */
  readonly previous: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** As it went on the wire; signatures belong to it. */
  readonly model: string;
  readonly endpoint: string;
  readonly rehearsal: boolean;
  /** The caller's own words. */
  readonly prompt: string;
  readonly user: readonly TurnPart[];
  readonly reply: readonly TurnPart[];
  /** Absolute path of the published picture; `null` when it could not be published. */
  readonly path: string | null;
  /** `null`: not known. */
  readonly costMicroUsd: number | null;
}

/** `null` when the value is no turn of this version. */
export function readTurn(value: unknown): Turn | null {
  const turn = asObject(value);
  if (turn?.["version"] !== 1) return null;
  const operation = asText(turn["operation"]);
  const createdAt = asText(turn["createdAt"]);
  const model = asText(turn["model"]);
  const endpoint = asText(turn["endpoint"]);
  const user = readParts(turn["user"]);
  const reply = readParts(turn["reply"]);
  if (operation === null || createdAt === null || model === null || endpoint === null) return null;
  if (user === null || reply === null) return null;
  const cost = turn["costMicroUsd"];
  return {
    version: 1,
    operation,
    previous: asText(turn["previous"]),
    createdAt,
    model,
    endpoint,
    rehearsal: turn["rehearsal"] === true,
    prompt: asText(turn["prompt"]) ?? "",
    user,
    reply,
    path: asText(turn["path"]),
    costMicroUsd: typeof cost === "number" && Number.isSafeInteger(cost) && cost >= 0 ? cost : null,
  };
}

function readParts(value: unknown): TurnPart[] | null {
  const parts = asArray(value).map(readPart);
  return parts.every((part) => part !== null) ? parts : null;
}

function readPart(value: unknown): TurnPart | null {
  const part = asObject(value);
  const fields = asObject(part?.["fields"]);
  if (!part || !fields) return null;
  if (part["picture"] === null) return { fields, picture: null };
  const picture = asObject(part["picture"]);
  const file = asText(picture?.["file"]);
  const sha256 = asText(picture?.["sha256"]);
  const mimeType = asText(picture?.["mimeType"]);
  // A name with a folder in it would lead out of the session.
  const bytes = picture?.["bytes"];
  if (typeof bytes !== "number" || !Number.isSafeInteger(bytes) || bytes < 0) return null;
  if (file === null || sha256 === null || mimeType === null || !/^[0-9a-f]{64}\.[a-z]{3,4}$/.test(file)) return null;
  return { fields, picture: { file, sha256, mimeType, bytes } };
}

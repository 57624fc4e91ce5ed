// Whether an operation makes pictures or a clip: the intent of a clip says so. All else of an intent is not the ledger's business.

import type { CallRecord, OperationRecord } from "./records.ts";

export type OperationKind = "picture" | "clip";

/** What the `version` of a clip's intent begins with. */
export const clipMark = "clip-";

export function kindOf({ intent }: Pick<OperationRecord, "intent">): OperationKind {
  if (typeof intent !== "object" || intent === null || !("version" in intent)) return "picture";
  const { version } = intent;
  return typeof version === "string" && version.startsWith(clipMark) ? "clip" : "picture";
}

/** The same as a condition on `operations`. */
export const isClipSql = `iif(json_valid(operations.intent), coalesce(json_extract(operations.intent, '$.version'), ''), '') LIKE '${clipMark}%'`;

/** What the address of a clip in the caller's bucket begins with; it is kept where other answers have their id. */
export const bucketMark = "gs://";

export function bucketAddress({ state, error, responseId }: CallRecord): string | null {
  return state === "captured" && error === null && responseId?.startsWith(bucketMark) === true ? responseId : null;
}

// Clips that another process is at work on: `video-gen resume` leaves them to it, and says so.

import { kindOf } from "../../spend/ledger/operation-kind.ts";
import { formatDuration } from "./amounts.ts";
import type { Context } from "../context.ts";
import { withLedgerView } from "../opening/own-ledger.ts";
import { shortPrompt } from "../spend/short-prompt.ts";

export interface RunningClip {
  readonly operation: string;
  readonly prompt: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

const UNFINISHED: ReadonlySet<string> = new Set(["reserved", "sent", "answered"]);

/** Oldest first; without those that this command has told of already. */
export async function runningClips(told: ReadonlySet<string>, context: Context): Promise<readonly RunningClip[]> {
  return await withLedgerView(context, (view) =>
    view
      .openOperations()
      .filter((operation) => UNFINISHED.has(operation.state) && kindOf(operation) === "clip" && !told.has(operation.id))
      .map(({ id, prompt, startedAtMs }) => ({
        operation: id,
        prompt,
        startedAt: new Date(startedAtMs).toISOString(),
      })),
  );
}

export function runningClipLine({ operation, prompt, startedAt }: RunningClip, nowMs: number): string {
  const since = formatDuration(nowMs - Date.parse(startedAt));
  return `Still being made by another process, for ${since}: "${shortPrompt(prompt)}" (${operation}). Its file comes by itself.`;
}

// Several pictures at once, a few at a time: which are started, and when no further one is.
// How one picture is drawn is handed in.

import type { ToolError } from "../../core/tool-error.ts";

/** Calls on the wire at the same time: more only meet the quota sooner (performance facts, 2026-11). */
const CALLS_AT_ONCE = 4;

/** Failures that another call for the same prompt need not share: the picture was refused, not the request. */
const ONLY_THIS_PICTURE: ReadonlySet<string> = new Set(["refused-safety", "no-image", "answer-damaged"]);

/**
 * Draws `count` pictures and returns a result for each that was started, in order. No further one is started after
 * `stop` or after a failure that every other call would meet too: a wrong key, an empty quota, an unknown outcome.
 */
export async function runPictures<Result extends { readonly error?: ToolError }>(
  count: number,
  draw: (index: number) => Promise<Result>,
  stop?: AbortSignal,
): Promise<Result[]> {
  const results: (Result | undefined)[] = [];
  let next = 0;
  let hopeless = false;
  const isStopped = (): boolean => stop?.aborted === true;
  const work = async (): Promise<void> => {
    while (next < count && !hopeless && !isStopped()) {
      const index = next;
      next += 1;
      const result = await draw(index);
      results[index] = result;
      if (result.error && !ONLY_THIS_PICTURE.has(result.error.code)) hopeless = true;
    }
  };
  await Promise.all(Array.from({ length: Math.min(CALLS_AT_ONCE, count) }, work));
  return results.flatMap((result) => (result ? [result] : []));
}

// Turns: a few at a time, the others in the order in which they came.

import { ToolError } from "../core/tool-error.ts";

export interface Turns {
  /** Runs `body` when it is its turn. Throws `interrupted` when the signal is aborted before that. */
  take<Result>(body: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

const givenUp = () => new ToolError("interrupted", { billed: "no" });

export function createTurns(atOnce: number): Turns {
  let busy = 0;
  const waiting: (() => void)[] = [];

  function turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(givenUp());
    if (busy < atOnce) {
      busy += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(givenUp());
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(start);
    });
  }

  return {
    take: async (body, signal) => {
      await turn(signal);
      try {
        return await body();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else busy -= 1;
      }
    },
  };
}

// Session: what all calls to one server share: the seal of questions, answers that were used, and the turns of paid calls.

import { createRequestStateCodec, type RequestStateCodec } from "@modelcontextprotocol/server";
import type { CallState } from "./question.ts";
import { createTurns, type Turns } from "./turns.ts";

/** Paid calls at the same time; the others wait for their turn. */
const DRAWING_AT_ONCE = 4;
/** A person may be away from the keyboard. */
const ANSWER_WITHIN_SECONDS = 3_600;

export interface Session {
  readonly seal: RequestStateCodec<CallState>;
  /** Tickets of price questions whose answer was used. */
  readonly usedTickets: Set<string>;
  readonly turns: Turns;
  /** Calls that are being answered; the process must not end before them. */
  readonly running: Set<Promise<unknown>>;
}

export function createSession(): Session {
  let seal: RequestStateCodec<CallState> | null = null;
  return {
    // Made when the first question is asked: loading the cryptography takes a fifth of the time to the host's first answer.
    get seal() {
      seal ??= createRequestStateCodec<CallState>({
        key: crypto.getRandomValues(new Uint8Array(32)),
        ttlSeconds: ANSWER_WITHIN_SECONDS,
      });
      return seal;
    },
    usedTickets: new Set(),
    turns: createTurns(DRAWING_AT_ONCE),
    running: new Set(),
  };
}

/** Waits until no call runs any more. */
export async function whenIdle({ running }: Session): Promise<void> {
  while (running.size > 0) await Promise.allSettled(running);
}

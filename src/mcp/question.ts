// Question: something that the host or the person has to say before a call can go on. The client makes the call again with
// the answer; what is already known travels with it, sealed, so that no answer can be given to another call.

import type { InputRequest } from "@modelcontextprotocol/server";

/** What earlier rounds of a call found out. */
export interface CallState {
  /** Project folders that the host named. */
  readonly roots?: readonly string[];
  /** The price question that was put: for which request, and a number that is good for one answer. */
  readonly approval?: { readonly digest: string; readonly ticket: string };
}

export interface Question {
  readonly asks: Readonly<Record<string, InputRequest>>;
  readonly state: CallState;
}

export function isQuestion(value: object): value is Question {
  return "asks" in value;
}

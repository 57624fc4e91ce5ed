// Call: what a tool knows of the one call it answers, beside its arguments.

import type { Desk } from "./desk.ts";
import type { CallState } from "./question.ts";
import type { Session } from "./session.ts";

export interface Call {
  readonly desk: Desk;
  readonly session: Session;
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Tells the client how it goes, when it wants to know. */
  readonly tell: (message: string) => void;
  readonly client: { readonly hasRoots: boolean; readonly canAskPerson: boolean };
  /** What was found out in earlier rounds of this call; sealed by us, carried by the client. */
  readonly state: CallState;
  /** What the client answered to the last question; from outside. */
  readonly responses: Readonly<Record<string, unknown>>;
}

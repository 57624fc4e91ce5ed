// States: the life of one paid call, and which state may follow which. The schema turns this table into a trigger,
// so that no program, old or new, can write anything else. What each step records stands in transitions.ts.

/**
 * - `reserved`: the hold is on disk; the request has not left as a whole.
 * - `sent`: the last byte of the request may have left; the provider may bill.
 * - `answered`: a complete answer is in the spool.
 * - `captured`: paid, the true cost is known (or taken to be the hold). Also an answer without a picture that cost something.
 * - `rejected`: the provider refused with evidence that nothing is billed.
 * - `released`: never sent as a whole; nothing can be billed.
 * - `unknown`: perhaps billed; the hold stays until a person settles it or the answer turns up after all.
 * - `settled`: an unknown call that a person has decided about.
 */
export const callStates = [
  "reserved",
  "sent",
  "answered",
  "captured",
  "rejected",
  "released",
  "unknown",
  "settled",
] as const;
export type CallState = (typeof callStates)[number];

/**
 * `sent → reserved` is the retry after an answer that proves that nothing was billed: a sender killed while it waits
 * for the next attempt must not leave an unknown. `unknown → answered` is late evidence: the sender lived after all.
 */
export const followingStates: Readonly<Record<CallState, readonly CallState[]>> = {
  reserved: ["sent", "rejected", "released"],
  sent: ["reserved", "answered", "rejected", "unknown"],
  answered: ["captured", "rejected", "unknown"],
  unknown: ["answered", "settled"],
  captured: [],
  rejected: [],
  released: [],
  settled: [],
};

/** States in which the whole hold counts against the budgets. */
export const holdingStates: readonly CallState[] = ["reserved", "sent", "answered", "unknown"];

/** The state of an operation is that of the call which needs most attention. */
const attention: readonly CallState[] = [
  "unknown",
  "sent",
  "answered",
  "reserved",
  "captured",
  "settled",
  "rejected",
  "released",
];

/** One word for an operation of several calls; `released` for none. */
export function operationState(states: readonly CallState[]): CallState {
  return attention.find((state) => states.includes(state)) ?? "released";
}

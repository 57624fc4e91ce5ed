// The ledger against a model of itself: whatever is done in whatever order, by two processes in turn, the states, the
// sums and the free budget are those of a few lines of plain arithmetic, and the mirror tells the same story.

import { deepEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { isToolError } from "../../core/tool-error.ts";
import type { Ledger } from "./ledger.ts";
import { type CallState, followingStates, holdingStates } from "./states.ts";
import { answer, captured, clearAway, errorReport, newLedger, OWNER, request, setClock } from "./testing/fixture.ts";
import { verifyLedger } from "./verify.ts";

afterEach(clearAway);

const LIMIT = 1_000;
const caps = [{ window: "day", limitMicroUsd: LIMIT } as const];

interface ModelCall {
  readonly id: string;
  readonly hold: number;
  state: CallState;
  counted: number;
  /** What a person said of it. */
  paid: boolean | null;
}

interface Model {
  readonly calls: ModelCall[];
}

interface Real {
  readonly ledgers: readonly [Ledger, Ledger];
}

type Step = "sent" | "reserved" | "answered" | "captured" | "rejected" | "released" | "unknown" | "paid" | "unpaid";

const counted = (model: Model): number => model.calls.reduce((sum, call) => sum + call.counted, 0);

/** Steps that a repeat leaves as they are, in the states in which they are no news. */
const noNews: Readonly<Partial<Record<Step, readonly CallState[]>>> = {
  answered: ["answered", "captured"],
  captured: ["captured"],
  rejected: ["rejected"],
  released: ["released"],
  unknown: ["unknown", "settled"],
};

class Reserve implements fc.Command<Model, Real> {
  readonly hold: number;
  readonly side: 0 | 1;
  constructor(hold: number, where: 0 | 1) {
    this.hold = hold;
    this.side = where;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, { ledgers }: Real): void {
    const wanted = request({ holdMicroUsd: this.hold, caps });
    const fits = counted(model) + this.hold <= LIMIT || this.hold === 0;
    deepEqual(
      succeeds(() => ledgers[this.side].reserve(wanted)),
      fits,
    );
    if (fits)
      model.calls.push({ id: wanted.calls[0].id, hold: this.hold, state: "reserved", counted: this.hold, paid: null });
  }
  toString(): string {
    return `reserve(${this.hold}) on ${this.side}`;
  }
}

class Take implements fc.Command<Model, Real> {
  readonly step: Step;
  readonly pick: number;
  readonly actual: number | null;
  readonly side: 0 | 1;
  constructor(taken: Step, pick: number, actual: number | null, where: 0 | 1) {
    this.step = taken;
    this.pick = pick;
    this.actual = actual;
    this.side = where;
  }
  check({ calls }: Readonly<Model>): boolean {
    return calls.length > 0;
  }
  run(model: Model, { ledgers }: Real): void {
    const call = model.calls[this.pick % model.calls.length];
    if (!call) return;
    const word = this.step === "paid" || this.step === "unpaid" ? this.step === "paid" : null;
    const to: CallState = word === null ? (this.step as CallState) : "settled";
    const waits = this.step === "reserved" && call.state === "reserved";
    const repeats = word === null ? (noNews[this.step]?.includes(call.state) ?? false) : call.paid === word;
    const moves = followingStates[call.state].includes(to) || waits;
    const done = succeeds(() => take(ledgers[this.side], call.id, this.step, this.actual));
    deepEqual([this.step, call.state, done], [this.step, call.state, moves || repeats]);
    if (repeats || !moves) return;
    call.state = to;
    call.paid = word;
    call.counted = holdingStates.includes(to) ? call.hold : 0;
    if (to === "captured" || word === true) call.counted = this.actual ?? call.hold;
  }
  toString(): string {
    return `${this.step}(call ${this.pick}, ${this.actual}) on ${this.side}`;
  }
}

/** The step as the public interface takes it. */
function take(ledger: Ledger, id: string, step: Step, actual: number | null): unknown {
  const steps: Record<Step, () => unknown> = {
    sent: () => ledger.markSent(id, OWNER),
    reserved: () => ledger.recordFailedAttempt(id, errorReport("rate-limited")),
    answered: () => ledger.markAnswered(id, answer),
    captured: () => ledger.capture(id, captured(actual)),
    rejected: () => ledger.reject(id, errorReport("refused-safety")),
    released: () => ledger.release(id),
    unknown: () => ledger.markUnknown(id),
    paid: () => ledger.settle(id, { paid: true, ...(actual !== null && { actualMicroUsd: actual }) }),
    unpaid: () => ledger.settle(id, { paid: false }),
  };
  return steps[step]();
}

function succeeds(body: () => unknown): boolean {
  try {
    body();
    return true;
  } catch (error) {
    if (isToolError(error) && ["internal", "over-budget", "operation-not-open"].includes(error.code)) return false;
    throw error;
  }
}

const side = fc.constantFrom<0 | 1>(0, 1);
const step = fc.constantFrom<Step>(
  ...(["sent", "sent", "reserved", "answered", "answered", "captured", "captured"] as const),
  ...(["rejected", "released", "unknown", "paid", "unpaid"] as const),
);

test("any order of steps keeps to the states, the arithmetic and the mirror", async () => {
  const commands = [
    fc.tuple(fc.integer({ min: 0, max: 400 }), side).map(([hold, where]) => new Reserve(hold, where)),
    fc.tuple(step, fc.nat(5), fc.option(fc.integer({ min: 0, max: 600 })), side).map((parts) => new Take(...parts)),
  ];
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: "max" }), async (list) => {
      const clock = setClock();
      const first = await newLedger({ clock });
      const second = await newLedger({ clock, directory: first.files.directory });
      const model: Model = { calls: [] };
      fc.modelRun(() => ({ model, real: { ledgers: [first, second] as const } }), list);
      const held = model.calls.filter(({ state }) => holdingStates.includes(state));
      expect(first.standings(caps, "run-1")[0]).toMatchObject({
        leftMicroUsd: LIMIT - counted(model),
        heldMicroUsd: held.reduce((sum, { hold }) => sum + hold, 0),
        unresolvedCalls: held.length,
      });
      const states = second.history({ limit: 0 }).map(({ state }) => state);
      expect(states.toReversed()).toEqual(model.calls.map(({ state }) => state));
      expect((await verifyLedger({ directory: first.files.directory })).problems).toEqual([]);
      first.close();
      second.close();
    }),
    { numRuns: 60 },
  );
});

// The gate of one run: a provider's "come back later" holds for this process and, through the ledger, for every other one
// with the same endpoint, credential and model.

import type { Clock } from "../../core/clock.ts";
import type { GateKey } from "../../spend/ledger/gates.ts";
import type { Gate } from "../../transport/gate.ts";

export interface RunGate {
  /** Nobody goes through for so long. */
  hold(forMs: number): void;
  /** Milliseconds that `pass` would wait now; 0 when the gate is open. */
  waitMs(): number;
  /** Resolves when the gate is open; rejects with the signal's reason when aborted. */
  pass(signal?: AbortSignal): Promise<void>;
}

/** The ledger's part of it. */
export interface SharedGates {
  holdGate(key: GateKey, untilMs: number): void;
  gateUntil(key: GateKey): number | null;
}

export interface RunGateInput {
  readonly key: GateKey;
  /** This process's own. */
  readonly local: Gate;
  /** `null` without a ledger. */
  readonly shared: SharedGates | null;
  readonly clock: Clock;
}

export function createRunGate({ key, local, shared, clock }: RunGateInput): RunGate {
  const name = JSON.stringify([key.endpoint, key.credential, key.model]);
  const waitMs = (): number => {
    const untilMs = shared === null ? null : advice(() => shared.gateUntil(key), null);
    return Math.max(local.waitMs(name), untilMs === null ? 0 : untilMs - clock.now());
  };
  return {
    hold(forMs) {
      local.hold(name, clock.monotonic() + forMs);
      advice(() => shared?.holdGate(key, clock.now() + forMs), undefined);
    },
    waitMs,
    async pass(signal) {
      signal?.throwIfAborted();
      for (let leftMs = waitMs(); leftMs > 0; leftMs = waitMs()) await clock.sleep(leftMs, signal);
    },
  };
}

/** A gate is advice: a ledger that cannot be read or written will stop the call at its own place. */
function advice<Result>(step: () => Result, otherwise: Result): Result {
  try {
    return step();
  } catch {
    return otherwise;
  }
}

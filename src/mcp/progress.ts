// Progress: tells a client that gave a token how a call goes: on every event, and at least every ten seconds, so that hosts
// with a time limit of their own see that something happens.

import type { Clock } from "../core/clock.ts";

const AT_LEAST_EVERY_MS = 10_000;

export interface ProgressNote {
  /** Seconds since the call began; the protocol wants a number that only rises. */
  readonly progress: number;
  readonly message: string;
}

export interface Progress {
  tell(message: string): void;
  end(): void;
}

export interface ProgressPorts {
  readonly clock: Clock;
  every(intervalMs: number, tick: () => void): () => void;
  send(note: ProgressNote): void;
}

export function createProgress(ports: ProgressPorts): Progress {
  const { clock } = ports;
  const startMs = clock.monotonic();
  let last = 0;
  let latest = "at work";
  let ended = false;
  const note = () => {
    const seconds = Math.round(clock.monotonic() - startMs) / 1_000;
    last = seconds > last ? seconds : Math.round(last * 1_000 + 1) / 1_000;
    ports.send({ progress: last, message: latest });
  };
  const stop = ports.every(AT_LEAST_EVERY_MS, note);
  return {
    tell: (message) => {
      if (ended) return;
      latest = message;
      note();
    },
    end: () => {
      ended = true;
      stop();
    },
  };
}

export const silent: Progress = { tell: () => undefined, end: () => undefined };

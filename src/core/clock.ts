// Clock: the time, handed in, so that no test waits.

export interface Clock {
  /** Milliseconds since 1970, UTC. For names and records. */
  now(): number;
  /** Milliseconds of a clock that never goes back. For durations. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

// The emulator's only sources of time: "now" and "wait". Tests hand in their own, so that no test sleeps.
// Leaves what to wait for to latency.ts and the faults.

/** Time as the emulator sees it. */
export interface EmulatorClock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts (never rejects). */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. Its timers never keep a process alive. */
export const systemClock: EmulatorClock = {
  nowMs: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted || ms <= 0) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.min(ms, 2_147_483_647));
      timer.unref();
      signal.addEventListener("abort", finish);
    }),
};

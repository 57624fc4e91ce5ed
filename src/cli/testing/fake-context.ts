// A context without a process: streams are texts, time stands still until it is moved, the settings folder is the caller's.

import { PassThrough } from "node:stream";
import { type Clock } from "../../core/clock.ts";
import type { Context } from "../context.ts";

export interface FakeContext extends Context {
  readonly written: { stdout: string; stderr: string };
  /** Moves the clock and runs what was to be repeated. */
  pass(ms: number): void;
  interrupt(signal: "SIGINT" | "SIGTERM"): void;
}

export interface FakeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly stdin?: string | Uint8Array;
  readonly stdoutIsTerminal?: boolean;
  readonly stderrIsTerminal?: boolean;
  readonly columns?: number;
  readonly createImageGen?: Context["createImageGen"];
}

/** 2026-11-24T08:00:00Z. */
const START_MS = Date.UTC(2026, 10, 24, 8);

export function createFakeContext(options: FakeOptions = {}): FakeContext {
  const written = { stdout: "", stderr: "" };
  let elapsedMs = 0;
  const tickers = new Set<() => void>();
  const interruption = new AbortController();
  const abandonment = new AbortController();
  const clock: Clock = {
    now: () => START_MS + elapsedMs,
    monotonic: () => elapsedMs,
    sleep: () => Promise.resolve(),
  };
  const columns = options.columns ?? 80;
  return {
    version: "9.8.7",
    environment: options.environment ?? {},
    workingDirectory: options.workingDirectory ?? "/nowhere",
    stdout: {
      write: (text) => void (written.stdout += text),
      isTerminal: options.stdoutIsTerminal ?? false,
      columns,
    },
    stderr: {
      write: (text) => void (written.stderr += text),
      isTerminal: options.stderrIsTerminal ?? false,
      columns,
    },
    readStdin: (limitBytes) => {
      const bytes = typeof options.stdin === "string" ? new TextEncoder().encode(options.stdin) : options.stdin;
      const given = bytes ?? new Uint8Array();
      return Promise.resolve(given.byteLength > limitBytes ? null : given);
    },
    rawStreams: () => ({ stdin: new PassThrough(), stdout: new PassThrough() }),
    clock,
    every: (_intervalMs, tick) => {
      tickers.add(tick);
      return () => tickers.delete(tick);
    },
    interruption: interruption.signal,
    abandonment: abandonment.signal,
    ...(options.createImageGen ? { createImageGen: options.createImageGen } : {}),
    written,
    pass: (ms) => {
      elapsedMs += ms;
      for (const tick of tickers) tick();
    },
    interrupt: (signal) => {
      if (signal === "SIGTERM") abandonment.abort(signal);
      interruption.abort(signal);
    },
  };
}

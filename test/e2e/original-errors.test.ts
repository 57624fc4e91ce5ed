// The five rows of the original design's error table, each by its name, for people and for programs.

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator, FaultAction } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

interface Row {
  readonly name: string;
  readonly words: readonly string[];
  readonly environment: () => Record<string, string>;
  readonly fault?: FaultAction;
  readonly exitCode: number;
  readonly error: Record<string, unknown>;
  /** What happened, why, and what to do. */
  readonly people: readonly RegExp[];
  /** Calls that reached the provider. */
  readonly calls: number;
}

const withKey = () => ({ GEMINI_API_KEY: emulator.credentials.apiKey });

const rows: readonly Row[] = [
  {
    name: "403 scope",
    words: ["--auth", "oauth", "--project-id", "p-1"],
    environment: () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.narrowToken }),
    exitCode: 3,
    error: { code: "scope-insufficient", httpStatus: 403, billed: "no", retryable: false },
    people: [
      /insufficient authentication scopes/,
      /issued without the scope/,
      /gcloud auth application-default login/,
      /export GOOGLE_OAUTH_ACCESS_TOKEN=/,
    ],
    calls: 1,
  },
  {
    name: "429",
    words: ["--auth", "api-key"],
    environment: withKey,
    fault: { type: "status", status: 429, retryDelay: "120s" },
    exitCode: 6,
    error: { code: "rate-limited", httpStatus: 429, billed: "no", retryable: true, retryAfterSeconds: 120 },
    people: [/Too many requests/, /Wait the time/, /tried again in 120 s/],
    calls: 1,
  },
  {
    name: "400 size",
    words: ["--auth", "api-key", "--size", "8K"],
    environment: withKey,
    exitCode: 2,
    error: { code: "size-not-offered", billed: "no", retryable: false },
    people: [/8K is no size/, /Allowed: 1K, 2K, 4K/, /does not draw this size/],
    calls: 0,
  },
  {
    name: "500",
    words: ["--auth", "api-key"],
    environment: withKey,
    fault: { type: "status", status: 500 },
    exitCode: 6,
    error: { code: "server-error", httpStatus: 500, billed: "no", retryable: true },
    people: [/internal error/, /Try again/],
    calls: 2,
  },
  {
    name: "timeout",
    words: ["--auth", "api-key", "--timeout", "1"],
    environment: withKey,
    fault: { type: "stall", where: "before-headers" },
    exitCode: 7,
    error: { code: "timeout", billed: "maybe", retryable: false },
    people: [/may have drawn and billed/, /Do not simply repeat/, /Billed: perhaps/],
    calls: 1,
  },
];

describe.each(rows)("$name", ({ words, environment, fault, exitCode, error, people, calls }) => {
  const run = async (more: readonly string[]) => {
    if (fault) emulator.plan([{ times: 9, action: fault }]);
    return await runCommand(["a red fox", ...words, ...more], {
      environment: { ...leadingTo(emulator), ...environment() },
    });
  };

  test("says to people what happened, why, and what to do", async () => {
    const finished = await run([]);
    expect(finished.exitCode).toBe(exitCode);
    for (const sentence of people) expect(finished.stderr).toMatch(sentence);
    expect([finished.stdout, finished.files]).toEqual(["", []]);
  });

  test("says the same to programs, and sends no more than is safe", async () => {
    const finished = await run(["--json"]);
    expect(finished.exitCode).toBe(exitCode);
    expect(documentOf(finished)).toMatchObject({ version: 1, status: "error", error: { ...error, exitCode } });
    expect(emulator.requests()).toHaveLength(calls);
  });
});

// A home whose ledger was filled through the ledger's own actions, for the tests of the commands that show it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ledgerDirectory } from "../../spend/ledger/ledger-files.ts";
import { type Ledger, openLedger } from "../../spend/ledger/ledger.ts";
import { holdOwnership, type Ownership } from "../../spend/ledger/owners.ts";
import { OWNER, setClock } from "../../spend/ledger/testing/fixture.ts";
import { runProgram } from "../program.ts";
import { createFakeContext, type FakeOptions } from "./fake-context.ts";

export interface TestHome {
  readonly path: string;
  readonly configPath: string;
  readonly ledgerDirectory: string;
  /** Fills the ledger, which is closed afterwards. Whose calls still run is alive until the home is removed. */
  fill(body: (ledger: Ledger) => void): Promise<void>;
  /** Runs a command line in this home. */
  run(argv: readonly string[], options?: FakeOptions): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Runs it with `--json` and reads the one document. */
  json(
    argv: readonly string[],
    options?: FakeOptions,
  ): Promise<{ exitCode: number; stderr: string; document: unknown }>;
  remove(): void;
}

/** 2026-11-24T08:00:00Z, the moment of the fake context. */
export const MORNING = Date.UTC(2026, 10, 24, 8);

export function newHome(): TestHome {
  const path = mkdtempSync(join(tmpdir(), "image-gen-spend-"));
  const directory = ledgerDirectory(join(path, "state"));
  let owner: Ownership | undefined;
  const run: TestHome["run"] = async (argv, { environment = {}, ...options } = {}) => {
    const context = createFakeContext({ ...options, environment: { IMAGE_GEN_HOME: path, ...environment } });
    const exitCode = await runProgram(argv, context);
    return { exitCode, ...context.written };
  };
  return {
    path,
    configPath: join(path, "config.json"),
    ledgerDirectory: directory,
    async fill(body) {
      const ledger = await openLedger({ directory, clock: setClock(MORNING) });
      try {
        body(ledger);
      } finally {
        ledger.close();
      }
      owner ??= await holdOwnership(directory, OWNER);
    },
    run,
    async json(argv, options) {
      const { exitCode, stdout, stderr } = await run([...argv, "--json"], options);
      return { exitCode, stderr, document: JSON.parse(stdout) };
    },
    remove() {
      owner?.release();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

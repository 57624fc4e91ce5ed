// Broken senders: builds that are wrong on purpose, one mistake each. A check that does not fail on its own has proved nothing.

import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join, resolve } from "node:path";

/** One place of the source, which must be there exactly once, and what stands there in the broken build. */
interface Change {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const brokenSenders = {
  "no hold": [
    {
      file: "src/spend/ledger/reserve.ts",
      find: "if (counts) keepCaps(",
      replace: "if (false) keepCaps(",
    },
  ],
} as const satisfies Record<string, readonly Change[]>;

export type BrokenSender = keyof typeof brokenSenders;

/** Builds it in a folder of its own below `scratch`; returns its launcher. */
export function buildBroken(name: BrokenSender, scratch: string): string {
  const folder = mkdtempSync(join(scratch, "broken-"));
  const { status, stderr } = spawnSync(
    process.execPath,
    [resolve("scripts/build-broken.mjs"), folder, JSON.stringify(brokenSenders[name])],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The broken sender "${name}" cannot be built: ${stderr}`);
  return join(folder, "bin/image-gen.cjs");
}

// Ledger view: what a person would be told of the ledger, by the sound command, whatever sender is under test.

import type { HistoryEntry } from "../../src/spend/ledger/history.ts";
import { type Ended, runCommand } from "./command.ts";
import { type Case, type Ground, sound } from "./ground.ts";

/** Runs a command of the sound build and reads the one JSON document that it prints; throws with all it said. */
async function ask(ground: Ground, one: Case, words: readonly string[]): Promise<unknown> {
  const ended = await runCommand(sound(ground), one, [...words, "--json"]);
  return documentOf(ended, words);
}

function documentOf({ exit, stdout, stderr }: Ended, words: readonly string[]): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(
      `image-gen ${words.join(" ")} ended with ${exit} and no JSON: ${stdout.slice(0, 300)} ${stderr.slice(0, 600)}`,
    );
  }
}

/** Newest first. */
export async function historyOf(ground: Ground, one: Case): Promise<readonly HistoryEntry[]> {
  const found = await ask(ground, one, ["history", "--limit", "0"]);
  if (!Array.isArray(found)) throw new Error(`history is no list: ${JSON.stringify(found).slice(0, 300)}`);
  return found as HistoryEntry[];
}

/** What `spend verify` finds; nothing when the ledger and its pictures are whole. */
export async function verifyOf(ground: Ground, one: Case): Promise<string[]> {
  const words = ["spend", "verify", "--json"];
  const ended = await runCommand(sound(ground), one, words);
  return ended.exit === 0
    ? []
    : [`spend verify ended with ${ended.exit}: ${ended.stdout.slice(0, 400)}${ended.stderr.slice(0, 200)}`];
}

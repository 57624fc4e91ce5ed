// `npm run torture`: runs every check on the sound command and on the broken senders that it must catch, prints a table,
// and ends with 1 when a check fails or a broken sender passes. Bundled and started by scripts/torture.mjs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openBill } from "./bill.ts";
import { type BrokenSender, buildBroken } from "./broken-sender.ts";
import { type Check, checks } from "./checks.ts";
import { type Finding, passed } from "./finding.ts";
import type { Ground } from "./ground.ts";

const options = {
  /** Plays the same cases again. */
  seed: { type: "string" },
  /** Words of checks.ts, separated by commas. */
  only: { type: "string" },
  /** 1 is what is promised; 0.1 a tenth of it. */
  scale: { type: "string", default: "1" },
  "at-once": { type: "string", default: "2" },
  /** Leaves the broken senders out. */
  "sound-only": { type: "boolean", default: false },
} as const;

function readOptions() {
  try {
    return parseArgs({ options }).values;
  } catch {
    const names = Object.keys(options).map((name) => `--${name}`);
    say(`Options: ${names.join(", ")}. Checks for --only: ${checks.map(({ word }) => word).join(", ")}`);
    return process.exit(2);
  }
}

const values = readOptions();
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const scale = Number(values.scale);
const words = values.only?.split(",");
const chosen = checks.filter(({ word }) => words === undefined || words.includes(word));
const unknown = words?.filter((word) => !checks.some((check) => check.word === word)) ?? [];
if (unknown.length > 0 || chosen.length === 0 || !(scale > 0) || !Number.isSafeInteger(seed)) {
  say(`There is no such check, scale or seed. Checks: ${checks.map(({ word }) => word).join(", ")}`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "image-gen-torture-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
const soundProgram = resolve("bin/image-gen.cjs");
const broken = new Map<BrokenSender, string>();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function onGround(program: string, stopAt: RegExp | null, body: (ground: Ground) => Promise<Finding>) {
  const bill = await openBill(soundProgram);
  const folder = mkdtempSync(join(scratch, "ground-"));
  const ground = {
    program,
    soundProgram,
    bill,
    scratch: folder,
    seed,
    atOnce: Number(values["at-once"]),
    stopAt,
  };
  try {
    return await body(ground);
  } finally {
    bill.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A check that cannot even be carried out has failed. */
async function carriedOut(word: string, body: () => Promise<Finding>): Promise<Finding> {
  try {
    return await body();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name: word, target: "", measured: "not carried out", checked: 0, bad: [why] };
  }
}

/** The name, marked when it passed though it must not. */
async function tryBroken(
  check: Check,
  { sender, sign, run }: Check["fails"][number],
): Promise<{ text: string; ok: boolean }> {
  const finding = await carriedOut(check.word, () => {
    const program = broken.get(sender) ?? buildBroken(sender, scratch);
    broken.set(sender, program);
    return onGround(program, sign, (ground) => (run ? run(ground) : check.run(ground, 1)));
  });
  // One that failed for another reason, or could not be carried out, has not been caught.
  const found = finding.bad.find((text) => sign.test(text));
  return {
    text: `${sender}: ${found ?? `NOT CAUGHT ${finding.bad[0] ?? ""}`}`,
    ok: finding.checked > 0 && found !== undefined,
  };
}

say(`torture, seed ${seed}, scale ${scale}`);
say("| check | target | measured | ok |");
say("|---|---|---|---|");
let failures = 0;
const caughtLines: string[] = [];
for (const check of chosen) {
  const finding = await carriedOut(check.word, () =>
    onGround(soundProgram, null, (ground) => check.run(ground, scale)),
  );
  const ok = passed(finding);
  if (!ok) failures += 1;
  say(`| ${finding.name} | ${finding.target} | ${finding.measured} | ${ok ? "ok" : "FAILED"} |`);
  for (const line of finding.bad.slice(0, 40)) say(`    ${line}`);
  if (finding.bad.length > 40) say(`    … and ${finding.bad.length - 40} more`);
  for (const fails of values["sound-only"] ? [] : check.fails) {
    const { text, ok: caught } = await tryBroken(check, fails);
    if (!caught) failures += 1;
    caughtLines.push(`| ${check.word} | ${text.slice(0, 160)} | ${caught ? "caught" : "PASSED, which is a failure"} |`);
  }
}
if (caughtLines.length > 0) {
  say("");
  say("| check | broken sender and what gave it away | |");
  say("|---|---|---|");
  for (const line of caughtLines) say(line);
}
say("");
say(failures === 0 ? `Everything holds (seed ${seed}).` : `${failures} failed. Play again with --seed ${seed}.`);
process.exitCode = failures === 0 ? 0 : 1;

// Invariants: what must hold between the bill, the ledger and the disk, whatever was killed, cut or full.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { LoggedRequest } from "../../src/emulator/request-log.ts";
import type { HistoryEntry, HistoryImage } from "../../src/spend/ledger/history.ts";
import { billedFor, type Case } from "./ground.ts";

export interface Evidence {
  readonly case: Case;
  readonly history: readonly HistoryEntry[];
  readonly log: readonly LoggedRequest[];
}

export interface Counts {
  readonly billed: number;
  readonly captured: number;
  readonly unknown: number;
}

export function countsOf({ case: one, history, log }: Evidence): Counts {
  const calls = history.flatMap(({ images }) => images);
  const count = (state: HistoryImage["state"]): number => calls.filter((call) => call.state === state).length;
  return { billed: billedFor(log, one).length, captured: count("captured"), unknown: count("unknown") };
}

/** Bill against ledger: everything bought is recorded, and nothing recorded as paid was not bought. */
export function moneyViolations(evidence: Evidence): string[] {
  const { billed, captured, unknown } = countsOf(evidence);
  const bad: string[] = [];
  if (billed > captured + unknown) {
    bad.push(`billed ${billed}, but the ledger knows of ${captured} captured and ${unknown} unknown`);
  }
  if (captured > billed) bad.push(`${captured} captured, but only ${billed} billed`);
  for (const { operation, images } of evidence.history) {
    const open = images.filter(({ state }) => state === "reserved" || state === "sent" || state === "answered");
    if (open.length > 0) bad.push(`operation ${operation} is still ${open[0]?.state} after recovery`);
  }
  return bad;
}

/**
 * The same request asked for again buys again only when the one before was seen by its caller or surely not paid.
 * For cases whose operations all ask for the same.
 */
export function boughtTwice({ history }: Evidence): string[] {
  const paid = history.filter(({ images }) => images.some(({ state }) => state === "captured" || state === "unknown"));
  // Newest first: all but the newest must have been delivered before the next was bought.
  return paid
    .slice(1)
    .filter(({ delivered }) => !delivered)
    .map(({ operation }) => `bought again although nobody had seen operation ${operation}`);
}

/** Exit codes that say that nothing was billed (design §5), and those that a command may end with at all. */
const SURELY_FREE: readonly (number | string)[] = [2, 3, 4, 6];
const DESIGNED: readonly (number | string)[] = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130, 143, "SIGKILL"];

/** What the exit code claims, held against the bill of the one run. */
export function claimViolations(exit: number | string, billed: number): string[] {
  const bad: string[] = [];
  if (!DESIGNED.includes(exit)) bad.push(`ended with ${exit}, which the design does not know`);
  if (billed > 0 && SURELY_FREE.includes(exit)) bad.push(`exit ${exit} says that nothing was billed; ${billed} were`);
  if (exit === 0 && billed === 0) bad.push("exit 0 without a bill");
  return bad;
}

const OURS = /\.(png|jpg|webp|mp4)$/;

/** Ledger against disk: every picture is whole and is the one that was paid for; nothing else lies about. */
export async function pictureViolations({ case: one, history }: Evidence): Promise<string[]> {
  const bad: string[] = [];
  const known = new Set<string>();
  for (const { state, path, sha256 } of history.flatMap(({ images }) => images)) {
    if (path === null || sha256 === null) continue;
    known.add(path);
    if (state !== "captured") bad.push(`${path} is published and its call is ${state}`);
    bad.push(...(await damageOf(path, sha256)));
  }
  for (const name of readdirSync(one.pictures)) {
    const path = join(one.pictures, name);
    if (known.has(path) || isForeign(path) || isEmptyProbe(path)) continue;
    if (OURS.test(name)) bad.push(`${name} is published and not in the ledger`);
    else if (!isRecordOf(name, known)) bad.push(`${name} was left behind`);
  }
  return bad;
}

/** A record belongs to a picture by its name; those of refusals and of damaged answers have no picture. */
function isRecordOf(name: string, known: ReadonlySet<string>): boolean {
  return name.endsWith(".json") && !name.startsWith(".") && known.size > 0;
}

/** A kill in the moment in which a folder is tried out leaves an empty hidden file; nothing is recorded yet that could name it. */
function isEmptyProbe(path: string): boolean {
  return path.endsWith(".probe") && statSync(path).size === 0;
}

async function damageOf(path: string, sha256: string): Promise<string[]> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return [`${path} is in the ledger and not on the disk`];
  }
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) return [`${path} is not what the ledger says`];
  if (path.endsWith(".mp4")) return isWholeClip(bytes) ? [] : [`${path} is no whole clip`];
  try {
    await sharp(bytes, { failOn: "warning" }).raw().toBuffer();
    return [];
  } catch (error) {
    return [`${path} cannot be decoded: ${String(error)}`];
  }
}

/** Boxes from the first byte to the last, with an index and frames among them (ISO 14496-12). */
function isWholeClip(bytes: Buffer): boolean {
  const kinds = new Set<string>();
  let at = 0;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(at);
    if (size < 8) return false;
    kinds.add(bytes.toString("latin1", at + 4, at + 8));
    at += size;
  }
  return at === bytes.length && kinds.has("moov") && kinds.has("mdat");
}

/** What a foreign program has put in the way; it must never change. */
export const FOREIGN = "This file is somebody else's.\n";

function isForeign(path: string): boolean {
  try {
    return readFileSync(path, "utf8") === FOREIGN;
  } catch {
    return false;
  }
}

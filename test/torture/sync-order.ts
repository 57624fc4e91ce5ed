// Sync order: what a power cut would ask. Read from one traced run: the hold is on the disk before the request leaves, the
// picture before it has its name, the name before the ledger says that it is there.

import { dirname, join } from "node:path";
import { runCommand, sendersEnded } from "./command.ts";
import type { Finding } from "./finding.ts";
import { type Ground, openCase } from "./ground.ts";
import { missingStrace, mutatingCalls, readCalls, type SystemCall, underStrace } from "./strace.ts";

export async function syncOrder(ground: Ground): Promise<Finding> {
  const shape = {
    name: "order of writes and syncs",
    target: "hold < request; picture < its name < folder < ledger",
  };
  const missing = missingStrace();
  if (missing !== null) return { ...shape, measured: "not run", checked: 0, bad: [missing] };
  const one = openCase(ground, 0);
  const log = join(one.folder, "strace.log");
  const words = ["a fox in order", "--auth", "api-key", "--foreground", "-o", `${one.pictures}/`];
  const launcher = underStrace(log, [...mutatingCalls, "sendto", "sendmsg"]);
  const { exit, stderr } = await runCommand(ground, one, words, { launcher });
  if (exit !== 0) throw new Error(`The traced run ended with ${exit}: ${stderr.slice(0, 400)}`);
  await sendersEnded(one);
  const calls = readCalls(log);
  const bad = [...requestOrder(calls), ...pictureOrder(calls, one.pictures)];
  const syncs = calls.filter(isSync).length;
  return { ...shape, measured: `${calls.length} calls, ${syncs} syncs, ${bad.length} bad`, checked: calls.length, bad };
}

const LEDGER_LOG = /\/ledger[^/]*\.db-wal>/;
const LEDGER_MIRROR = /\/ledger\.jsonl>/;

function isSync({ name, returned }: SystemCall): boolean {
  return (name === "fsync" || name === "fdatasync") && returned.startsWith("0");
}

function isWrite({ name }: SystemCall): boolean {
  return name.startsWith("write") || name.startsWith("pwrite");
}

function requestOrder(calls: readonly SystemCall[]): string[] {
  const sent = calls.flatMap((call, at) => (/^\d+<(socket|TCP)/.test(call.text) ? [{ call, at }] : []));
  const first = sent.find(({ call }) => call.text.includes('"POST '))?.at;
  const last = sent.at(-1)?.at;
  if (first === undefined || last === undefined) return ["no request was seen"];
  const bad: string[] = [];
  for (const [file, what] of [
    [LEDGER_LOG, "ledger"],
    [LEDGER_MIRROR, "text mirror"],
  ] as const) {
    if (!isOnDisk(calls.slice(0, first), file)) bad.push(`the request began before the hold was synced to the ${what}`);
    if (!isOnDisk(calls.slice(0, last), file)) bad.push(`the last byte left before "sent" was synced to the ${what}`);
  }
  if (!calls.slice(first, last).some((call) => isWrite(call) && LEDGER_LOG.test(call.text))) {
    bad.push('the last byte left before "sent" was written to the ledger');
  }
  return bad;
}

/** Something was written to the file, and all of it synced. */
function isOnDisk(calls: readonly SystemCall[], file: RegExp): boolean {
  const written = calls.findLastIndex((call) => isWrite(call) && file.test(call.text));
  return written >= 0 && calls.slice(written).some((call) => isSync(call) && file.test(call.text));
}

function pictureOrder(calls: readonly SystemCall[], folder: string): string[] {
  const bad: string[] = [];
  const named = calls.flatMap((call, at) => {
    const paths = [...call.text.matchAll(/"([^"]+)"/g)].map(([, path = ""]) => path);
    const [from, to] = [paths.at(-2), paths.at(-1)];
    const isName = /^(link|rename)/.test(call.name) && from !== undefined && to !== undefined;
    return isName && to.startsWith(folder) && !to.endsWith(".json") ? [{ at, from, to }] : [];
  });
  const published = named.findLast(({ to }) => !/\/\.[^/]*$/.test(to));
  if (published === undefined) return ["no picture was given a name by a link or a rename"];
  const { at, from, to } = published;
  const before = calls.slice(0, at);
  const names = earlierNames(before, from);
  const isOfPicture = ({ text }: SystemCall): boolean => names.some((name) => text.includes(`<${name}>`));
  const lastWrite = before.findLastIndex((call) => isWrite(call) && isOfPicture(call));
  // A copy within the system leaves no write of ours, but its sync is all the same.
  const synced = before.slice(Math.max(0, lastWrite)).some((call) => isSync(call) && isOfPicture(call));
  if (!synced) bad.push(`${to} had its name before its bytes were synced`);
  const after = calls.slice(at);
  const folderSynced = after.findIndex((call) => isSync(call) && call.text.includes(`<${dirname(to)}>`));
  if (folderSynced < 0) return [...bad, `the folder was never synced after ${to} had its name`];
  const settled = after.findIndex((call) => isWrite(call) && LEDGER_LOG.test(call.text));
  if (settled < 0) bad.push("the ledger was not written after the picture was published");
  else if (settled < folderSynced) bad.push("the ledger was written before the picture's name was synced");
  return bad;
}

/** The names that a file had before it was renamed or linked to this one. */
function earlierNames(calls: readonly SystemCall[], name: string): string[] {
  const names = [name];
  for (const { name: call, text } of calls.toReversed()) {
    if (!/^(link|rename)/.test(call)) continue;
    const paths = [...text.matchAll(/"([^"]+)"/g)].map(([, path = ""]) => path);
    const [from, to] = [paths.at(-2), paths.at(-1)];
    if (from !== undefined && to === names.at(-1)) names.push(from);
  }
  return names;
}

// Ledger damage: what people, disks and newer versions do to a ledger. Each is refused with a clear error before anything
// is bought, or does no harm; and what was bought before is still known after the repair.

import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DatabaseSync } from "@photostructure/sqlite";
import { pause } from "./bill.ts";
import { type Chance, createChance } from "./chance.ts";
import { type Ended, runCommand, sendersEnded, startCommand } from "./command.ts";
import type { Finding } from "./finding.ts";
import { billedFor, type Case, forEachCase, type Ground, openCase } from "./ground.ts";
import { moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";

interface Damage {
  readonly name: string;
  /** Does it; what it returns takes the cause away again, where a person would (permissions, a lock). */
  readonly inflict: (ledger: string, chance: Chance) => (() => void) | undefined;
  /** Code of the error that must be shown; `null`: the damage may also have hit nothing that matters. */
  readonly code: string | null;
  /** Whether `spend repair` must put it right. */
  readonly repaired: boolean;
}

const damages: readonly [Damage, ...Damage[]] = [
  {
    name: "a folder in its place",
    inflict: (ledger) => replaceBy(ledger, () => mkdirSync(ledger)),
    code: "ledger-damaged",
    repaired: true,
  },
  {
    name: "a text file in its place",
    inflict: (ledger) => replaceBy(ledger, () => writeFileSync(ledger, "Dear ledger, …\n".repeat(600))),
    code: "ledger-damaged",
    repaired: true,
  },
  {
    name: "an empty file in its place",
    inflict: (ledger) => replaceBy(ledger, () => writeFileSync(ledger, "")),
    code: "ledger-damaged",
    repaired: true,
  },
  { name: "deleted", inflict: (ledger) => replaceBy(ledger, () => {}), code: "ledger-damaged", repaired: true },
  {
    name: "cut to half",
    inflict(ledger) {
      settleLog(ledger);
      truncateSync(ledger, Math.floor(statSync(ledger).size / 2 / 4096) * 4096);
      return undefined;
    },
    code: "ledger-damaged",
    repaired: true,
  },
  {
    name: "a bit flipped",
    inflict(ledger, chance) {
      settleLog(ledger);
      const bytes = readFileSync(ledger);
      const at = chance.whole(0, bytes.length - 1);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.whole(0, 7));
      writeFileSync(ledger, bytes);
      return undefined;
    },
    code: null,
    repaired: true,
  },
  {
    name: "read-only",
    inflict(ledger) {
      chmodSync(ledger, 0o400);
      return () => chmodSync(ledger, 0o600);
    },
    code: "ledger-unavailable",
    repaired: false,
  },
  {
    name: "locked by a program that hangs",
    inflict(ledger) {
      const database = new DatabaseSync(pathToFileURL(ledger));
      database.exec("BEGIN EXCLUSIVE");
      return () => {
        database.exec("ROLLBACK");
        database.close();
      };
    },
    code: "ledger-locked",
    repaired: false,
  },
  {
    name: "of a newer version",
    inflict(ledger) {
      const database = new DatabaseSync(pathToFileURL(ledger));
      const version = versionOf(database);
      database.exec(`PRAGMA user_version = ${version + 1}`);
      database.close();
      return () => {
        const again = new DatabaseSync(pathToFileURL(ledger));
        again.exec(`PRAGMA user_version = ${version}`);
        again.close();
      };
    },
    code: "ledger-newer",
    repaired: false,
  },
];

/** `name` narrows it to the damages whose name begins so. */
export async function ledgerDamage(
  ground: Ground,
  { rounds, name = "" }: { readonly rounds: number; readonly name?: string },
): Promise<Finding> {
  const chosen = damages.filter((damage) => damage.name.startsWith(name));
  const sums = { refused: 0, harmless: 0 };
  const found = await forEachCase(ground, rounds * chosen.length, async (index) => {
    const damage = chosen[index % chosen.length] ?? damages[0];
    const outcome = await oneDamage(ground, openCase(ground, index), damage, createChance(ground.seed).forCase(index));
    sums[outcome.refused ? "refused" : "harmless"] += 1;
    return outcome.bad.map((text) => `${damage.name}: ${text}`);
  });
  const whileRunning =
    name === "" ? (await deletedWhileRunning(ground)).map((text) => `deleted while running: ${text}`) : [];
  const bad = [...found.bad, ...whileRunning];
  return {
    name: "ledger damaged, locked, read-only, newer, deleted while running",
    target: "exit 4, nothing billed that is not recorded, repair mends",
    measured: `${found.checked + 1} damages: ${sums.refused} refused, ${sums.harmless} harmless, ${bad.length} bad`,
    checked: found.checked,
    bad,
  };
}

function buy(ground: Ground, one: Case, prompt: string): Promise<Ended> {
  return runCommand(ground, one, [prompt, "--auth", "api-key", "--json", "-o", `${one.pictures}/`]);
}

async function oneDamage(ground: Ground, one: Case, damage: Damage, chance: Chance) {
  const bad: string[] = [];
  const first = await buy(ground, one, "a fox before");
  if (first.exit !== 0) bad.push(`the sound ledger was refused, exit ${first.exit}: ${first.stderr.slice(0, 200)}`);
  bad.push(...(await sendersEnded(one)));
  const takeAway = damage.inflict(ledgerOf(one), chance);
  const second = await buy(ground, one, "a fox on a damaged ledger");
  bad.push(...(await sendersEnded(one)));
  const code = errorCodeOf(second);
  const refused = second.exit !== 0;
  if (refused && second.exit !== 4) bad.push(`ended with ${second.exit} in place of 4: ${second.stdout.slice(0, 200)}`);
  if (damage.code !== null && code !== damage.code) bad.push(`said ${code} in place of ${damage.code}`);
  takeAway?.();
  if (damage.repaired) {
    const repaired = await runCommand(ground, one, ["spend", "repair", "--json"]);
    if (repaired.exit !== 0) bad.push(`repair ended with ${repaired.exit}: ${repaired.stderr.slice(0, 200)}`);
  }
  const third = await buy(ground, one, "a fox after");
  if (third.exit !== 0) bad.push(`after it was mended: exit ${third.exit}: ${third.stdout.slice(0, 300)}`);
  bad.push(...(await sendersEnded(one)));
  const log = await ground.bill.requests();
  const billed = billedFor(log, one).length;
  if (billed !== (refused ? 2 : 3)) bad.push(`billed ${billed} in place of ${refused ? 2 : 3}`);
  const evidence = { case: one, history: await historyOf(ground, one), log };
  bad.push(...moneyViolations(evidence), ...(await pictureViolations(evidence)));
  return { refused, bad };
}

/** The paid picture must not be lost with the ledger, and the next call must be refused. */
async function deletedWhileRunning(ground: Ground): Promise<string[]> {
  const one = openCase(ground, 0);
  await buy(ground, one, "a fox before");
  await sendersEnded(one);
  await ground.bill.plan([{ times: 1, action: { type: "delay", ms: 1_500 } }]);
  const words = ["a fox meanwhile", "--auth", "api-key", "--json", "-o", `${one.pictures}/`];
  const running = startCommand(ground, one, words);
  while ((await ground.bill.requestsNow()).filter(({ credential }) => credential?.last4 === one.mark).length < 2) {
    await pause(20);
  }
  replaceBy(ledgerOf(one), () => {});
  const { exit } = await running.ended;
  const bad = await sendersEnded(one, 60_000);
  if (exit === 2 || exit === 3 || exit === 4 || exit === 6) bad.push(`exit ${exit} says that nothing was billed`);
  const next = await buy(ground, one, "a fox after");
  if (next.exit !== 4) bad.push(`the next call ended with ${next.exit} in place of 4`);
  const repaired = await runCommand(ground, one, ["spend", "repair", "--json"]);
  if (repaired.exit !== 0) bad.push(`repair ended with ${repaired.exit}: ${repaired.stderr.slice(0, 200)}`);
  await runCommand(ground, one, ["recover", "--json"]);
  await sendersEnded(one);
  const log = await ground.bill.requests();
  const history = await historyOf(ground, one);
  bad.push(...moneyViolations({ case: one, history, log }));
  const pictures = filesBelow(one.folder).filter((path) => /\.(jpg|png|part)$/.test(path));
  if (pictures.length < billedFor(log, one).length) bad.push(`only ${pictures.join(", ")} are left of what was billed`);
  return bad;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}

/** The ledger in force: the first one, or the last rebuilt. */
function ledgerOf(one: Case): string {
  const folder = join(one.home, "state", "ledger");
  const rebuilt = readdirSync(folder).filter((name) => /^ledger-\d+\.db$/.test(name));
  return join(folder, rebuilt.toSorted().at(-1) ?? "ledger.db");
}

function replaceBy(ledger: string, put: () => void): undefined {
  for (const path of [ledger, `${ledger}-wal`, `${ledger}-shm`]) rmSync(path, { force: true });
  put();
  return undefined;
}

/** Everything from the write-ahead log into the file, so that the damage meets what is read. */
function settleLog(ledger: string): void {
  const database = new DatabaseSync(pathToFileURL(ledger));
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

function versionOf(database: InstanceType<typeof DatabaseSync>): number {
  const [row] = database.prepare("PRAGMA user_version").all() as { user_version: number }[];
  return row?.user_version ?? 0;
}

function errorCodeOf({ stdout }: Ended): string | null {
  try {
    return (JSON.parse(stdout) as { error?: { code?: string } }).error?.code ?? null;
  } catch {
    return null;
  }
}

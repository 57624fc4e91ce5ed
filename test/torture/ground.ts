// Ground: where a check takes place. A case has a home, a folder and a key of its own; the key's last four characters are
// in the emulator's log, so that every request on the bill can be traced to its case.

import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { LoggedRequest } from "../../src/emulator/request-log.ts";
import type { Bill } from "./bill.ts";

export interface Ground {
  /** The launcher to test: the sound one or a broken one. */
  readonly program: string;
  /** The launcher of the sound build: the bill and the ledger are read with it, whatever is tested. */
  readonly soundProgram: string;
  readonly bill: Bill;
  /** Empty folder; its owner removes it. */
  readonly scratch: string;
  readonly seed: number;
  /** How many cases may run at the same time. */
  readonly atOnce: number;
  /** Ends a check at the first violation that reads like this: enough to see that a broken sender is caught. */
  readonly stopAt: RegExp | null;
}

export interface Case {
  readonly number: number;
  readonly home: string;
  /** Working folder of its commands. */
  readonly folder: string;
  /** Where its pictures are to go, as given with `-o`. */
  readonly pictures: string;
  /** The last four characters of its key. */
  readonly mark: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The same ground for the command that makes clips, of the same build. */
export function videoGen(ground: Ground): Ground {
  return { ...ground, program: ground.program.replace(/image-gen\.cjs$/, "video-gen.cjs") };
}

/** The same ground for the sound command. */
export function sound(ground: Ground): Ground {
  return { ...ground, program: ground.soundProgram };
}

let opened = 0;

export function openCase(ground: Ground, number: number, environment: Readonly<Record<string, string>> = {}): Case {
  const folder = mkdtempSync(join(ground.scratch, "case-"));
  const home = join(folder, "home");
  const pictures = join(folder, "pictures");
  mkdirSync(pictures);
  opened += 1;
  const mark = opened.toString(36).padStart(4, "0").toUpperCase();
  return {
    number,
    home,
    folder,
    pictures,
    mark,
    environment: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      IMAGE_GEN_HOME: home,
      GOOGLE_GEMINI_BASE_URL: ground.bill.geminiUrl,
      GOOGLE_VERTEX_BASE_URL: ground.bill.vertexUrl,
      GEMINI_API_KEY: `AIzaSyTorture-key-of-case-number-0-${mark}`,
      VERTEX_API_KEY: `AIzaSyTorture-key-of-case-number-0-${mark}`,
      ...environment,
    },
  };
}

/** What the case bought. */
export function billedFor(log: readonly LoggedRequest[], { mark }: Case): LoggedRequest[] {
  return log.filter(({ billed, credential }) => billed && credential?.last4 === mark);
}

/** Runs `body` for each number from 0, a few at a time; stops early when it says so. */
export async function forEachCase(
  ground: Ground,
  count: number,
  body: (index: number) => Promise<readonly string[]>,
): Promise<{ checked: number; bad: string[] }> {
  const bad: string[] = [];
  let next = 0;
  let checked = 0;
  const work = async (): Promise<void> => {
    while (next < count && !bad.some((text) => ground.stopAt?.test(text))) {
      const index = next;
      next += 1;
      const found = await body(index).catch((error: unknown) => [
        error instanceof Error ? error.message : String(error),
      ]);
      bad.push(...found.map((text) => `case ${index}: ${text}`));
      checked += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(ground.atOnce, count) }, work));
  return { checked, bad };
}

// Where an agent's picture goes: inside an allowed folder after every symbolic link is followed, in no hidden folder and in
// none of our own. Looks at the disk; what the name itself may be is the plan's rule.

import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Problem } from "../../core/tool-error.ts";

const DEFAULT_FOLDER = "generated_images";
const LONGEST_GIVEN = 300;

export interface Place {
  /** Absolute, links followed; ends with a separator when the agent's did. */
  readonly output: string;
  readonly problem: Problem | null;
}

export interface PlaceWish {
  /** As the agent gave it; `undefined` for the folder generated_images. */
  readonly output: string | undefined;
  /** Absolute; relative outputs begin in the first. */
  readonly folders: readonly string[];
  /** Absolute; nothing is written there. */
  readonly closedFolders: readonly string[];
  /** Where nothing else is said. Default: generated_images. */
  readonly defaultFolder?: string;
}

export function placeOutput(wish: PlaceWish): Place {
  const { folders, closedFolders, defaultFolder = DEFAULT_FOLDER } = wish;
  const { output = `${defaultFolder}${sep}` } = wish;
  const existing = folders.flatMap((folder) => followLinks(folder) ?? []);
  const [first = folders[0] ?? sep] = existing;
  const wanted = resolve(first, output);
  const real = followLinks(wanted);
  const isAllowed =
    real !== null &&
    existing.some((folder) => isVisibleWithin(real, folder)) &&
    !closedFolders.some((folder) => isWithin(real, followLinks(folder) ?? folder));
  const ending = /[/\\]$/.test(output) ? sep : "";
  if (isAllowed) return { output: `${real}${ending}`, problem: null };
  return {
    output: join(first, defaultFolder, sep),
    problem: {
      code: "folder-not-allowed",
      field: "output",
      message: `${JSON.stringify(output.slice(0, LONGEST_GIVEN))} is not inside a folder that agents may write to, or is hidden.`,
      given: output.slice(0, LONGEST_GIVEN),
      allowed: folders,
    },
  };
}

/** The path with all links followed, also when its last parts do not exist yet; `null` when that cannot be told. */
function followLinks(path: string): string | null {
  const missing: string[] = [];
  for (let current = path; ; current = dirname(current)) {
    try {
      return join(realpathSync(current), ...missing);
    } catch {
      if (!isAbsent(current) || dirname(current) === current) return null;
      missing.unshift(basename(current));
    }
  }
}

/** Nothing is there, not even a link that leads nowhere. */
function isAbsent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`);
}

/** A hidden folder holds settings of other programs, where even a picture's record could do harm. */
function isVisibleWithin(path: string, folder: string): boolean {
  return (
    isWithin(path, folder) &&
    !relative(folder, path)
      .split(sep)
      .some((part) => part.startsWith("."))
  );
}

// Files and folders of this machine that hold secrets: can others get at them, and can this user write there?
// Looks at permissions only, reads nothing.

import { accessSync, constants, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { type Check, ok, unknown, warning } from "./report.ts";

export interface FilesToCheck {
  /** The user's own settings file. */
  readonly configFile: string;
  /** It holds a key. */
  readonly configHoldsSecret: boolean;
  /** Folder of what is kept. */
  readonly stateDirectory: string;
  /** Credentials files that are in use or would be. */
  readonly keyFiles: readonly string[];
}

/** Permission bits of group and others. */
const ANY_ACCESS = 0o077;
const WRITE_ACCESS = 0o022;

/** Windows has no such bits; there nothing is said. */
export function checkFiles({ configFile, configHoldsSecret, stateDirectory, keyFiles }: FilesToCheck): Check[] {
  if (process.platform === "win32") return [];
  const closed = { bits: ANY_ACCESS, danger: "can be read by others" };
  // Without a key in it others may read it, but who can write it decides where keys are sent.
  const settings = configHoldsSecret
    ? { bits: ANY_ACCESS, danger: "holds a key and can be read by others" }
    : { bits: WRITE_ACCESS, danger: "can be changed by others, who could send your keys elsewhere" };
  return [
    checkFolder("settings folder", dirname(configFile)),
    ...checkFile("settings file", configFile, settings),
    checkFolder("state folder", stateDirectory),
    ...keyFiles.flatMap((path) => checkFile("key file", path, closed)),
  ];
}

function checkFolder(name: string, path: string): Check {
  const found = look(name, path);
  if (found === null && mayWrite(nearestFolder(path))) {
    return ok(name, `${path} is not there yet; it is made when needed, for you alone.`);
  }
  if (found === null) return warning(name, `${path} is not there and cannot be made by you.`, WRITABLE);
  if ("status" in found) return found;
  if (!found.isDirectory()) return warning(name, `${path} is not a folder.`, "Move it out of the way.");
  if (!mayWrite(path)) return warning(name, `${path} cannot be written to by you.`, WRITABLE);
  if ((found.mode & ANY_ACCESS) === 0) return ok(name, `${path} is yours alone (${modeOf(found)}).`);
  return warning(name, `${path} can be entered by others (mode ${modeOf(found)}).`, chmod("700", path));
}

const WRITABLE = "Make it writable, or choose another folder with IMAGE_GEN_HOME: without it nothing may be spent.";

/** The folder that is there already, in which the missing ones would be made. */
function nearestFolder(path: string): string {
  const above = dirname(path);
  return above === path || statSync(above, { throwIfNoEntry: false }) ? above : nearestFolder(above);
}

function mayWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A file that is not there says nothing here: that its credential is missing is told with the connection. */
function checkFile(name: string, path: string, rule: { readonly bits: number; readonly danger: string }): Check[] {
  const found = look(name, path);
  if (found === null) return [];
  if ("status" in found) return [found];
  if ((found.mode & rule.bits) === 0) return [ok(name, `${path} is safe from others (${modeOf(found)}).`)];
  return [warning(name, `${path} ${rule.danger} (mode ${modeOf(found)}).`, chmod("600", path))];
}

function look(name: string, path: string): Stats | Check | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown fault";
    return unknown(name, `${path} cannot be looked at (${code}).`);
  }
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}

/** The path as one word of a shell, whatever is in it. */
function chmod(mode: string, path: string): string {
  const word = /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return `chmod ${mode} ${word}`;
}

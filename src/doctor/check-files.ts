// Files and folders of this machine that hold secrets: can others read them?

import { statSync } from "node:fs";
import { type Check, ok, warning } from "./report.ts";

export interface FilesToCheck {
  /** Settings file; may hold keys. */
  readonly configFile: string;
  /** Folder of what is kept. */
  readonly stateDirectory: string;
  /** Credentials file in force. */
  readonly credentialsFile: string | null;
}

/** Permission bits of group and others. */
const OTHERS = 0o077;

/** Windows has no such bits; there nothing is said. */
export function checkFiles({ configFile, stateDirectory, credentialsFile }: FilesToCheck): Check[] {
  if (process.platform === "win32") return [];
  const found = [
    checkMode("settings file", configFile, "600"),
    checkMode("state folder", stateDirectory, "700"),
    ...(credentialsFile === null ? [] : [checkMode("credentials file", credentialsFile, "600")]),
  ];
  return found.flatMap((check) => (check ? [check] : []));
}

function checkMode(name: string, path: string, wanted: string): Check | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return null;
  const mode = (stats.mode & 0o777).toString(8);
  if ((stats.mode & OTHERS) === 0) return ok(name, `${path} is yours alone (${mode}).`);
  return warning(
    name,
    `${path} can be read or entered by others (${mode}).`,
    `chmod ${wanted} ${JSON.stringify(path)}`,
  );
}

// The spool: where answers are from their first byte until they are published, and what is found there after a crash.
// A picture gets its own name in it only when it is whole and on the disk.

import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pictureFormats, type PictureFormat } from "../core/finishing.ts";
import { usualExtension } from "./naming.ts";
import { partName } from "./part-file.ts";

/** Folder of the spool within the state folder. */
export function spoolDirectory(stateDirectory: string): string {
  return join(stateDirectory, "spool");
}

/** For the owner alone. */
export function makeSpool(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** Name of a whole picture that waits to be published. */
export function spooledName(operation: string, image: number, format: PictureFormat | null): string {
  return `${operation}-${image}${format === null ? "" : usualExtension[format]}`;
}

/** The whole picture of a call, if there is one. */
export function findSpooled(directory: string, operation: string, image: number): string | null {
  const names = pictureFormats.map((format) => join(directory, spooledName(operation, image, format)));
  return names.find((path) => existsSync(path)) ?? null;
}

/** Parts of a call that was killed while its answer arrived: the empty ones are removed, the others returned. */
export function findParts(directories: readonly string[], operation: string, image: number): string[] {
  const prefix = partName(`${operation}-${image}-`).replace(/\.part$/, "");
  return directories.flatMap((directory) => {
    const names = existsSync(directory) ? readdirSync(directory) : [];
    return names
      .filter((name) => name.startsWith(prefix))
      .map((name) => join(directory, name))
      .filter((path) => {
        if (statSync(path).size > 0) return true;
        rmSync(path, { force: true });
        return false;
      });
  });
}

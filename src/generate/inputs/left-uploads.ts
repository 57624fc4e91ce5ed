// Uploads that a killed process has left with the provider: what is uploaded is noted on the disk before it is announced, and
// deleted by the next run over the same connection. Without this Google would keep the pictures for 48 hours.

import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { asText, parseObject } from "../../core/json-field.ts";

/** How long Google keeps a file. Source: google-apis facts §6, 2026-11-22. */
const KEPT_MS = 48 * 3_600_000;

/** Which store, and whose files in it: another credential could not delete them, and must not believe that it did. */
export interface StoreOwner {
  readonly baseUrl: string;
  /** See google/auth/identity. */
  readonly credential: string;
}

export interface UploadNotes {
  /** Before a file of this name is announced. */
  add(name: string): void;
  /** None of them is there any more. */
  remove(): void;
}

export const noNotes: UploadNotes = { add: () => {}, remove: () => {} };

/** Folder of the notes within the state folder. */
export function uploadNotesFolder(stateDirectory: string): string {
  return join(stateDirectory, "uploads");
}

/** Never throws: a picture is not given up because a note about its reference cannot be written. */
export function openUploadNotes(folder: string, operation: string, { baseUrl, credential }: StoreOwner): UploadNotes {
  const path = join(folder, operation);
  let isThere = false;
  return {
    add(name) {
      const line = JSON.stringify({ baseUrl, credential, name });
      isThere = orNot(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
      });
    },
    remove() {
      if (isThere) orNot(() => rmSync(path, { force: true }));
    },
  };
}

export interface LeftUploadsInput {
  readonly folder: string;
  readonly owner: StoreOwner;
  readonly nowMs: number;
  /** Deletes its own. */
  readonly ownOperation: string;
  /** Nobody works on the operation any more. */
  readonly isOver: (operation: string) => boolean;
  /** Whether the file is gone. Never throws. */
  readonly deleteFile: (name: string) => Promise<boolean>;
}

/** Deletes what others have left with this owner's store; what cannot be deleted now is tried again by the next run. Never throws. */
export async function deleteLeftUploads(input: LeftUploadsInput): Promise<void> {
  const { folder, owner, nowMs, ownOperation, isOver, deleteFile } = input;
  for (const operation of operationsIn(folder)) {
    if (operation === ownOperation) continue;
    const path = join(folder, operation);
    try {
      const names = namesIn(path, owner);
      const isGone = nowMs - statSync(path).mtimeMs > KEPT_MS;
      if (!isGone && (names.length === 0 || !isOver(operation))) continue;
      const deleted = isGone || (await Promise.all(names.map(deleteFile))).every(Boolean);
      if (deleted) rmSync(path, { force: true });
    } catch {
      // Somebody else was quicker, or the disk has its own trouble: the picture of this run has nothing to do with it.
    }
  }
}

function operationsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A line that a kill cut off was not announced yet. */
function namesIn(path: string, { baseUrl, credential }: StoreOwner): readonly string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map(parseObject)
    .filter((note) => asText(note?.["baseUrl"]) === baseUrl && asText(note?.["credential"]) === credential)
    .flatMap((note) => asText(note?.["name"]) ?? []);
}

function orNot(write: () => void): boolean {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}

// Part file: a picture on its way, beside its target, so that publishing is a link and not a copy. Hashed and checked
// while it is written; synced before anybody may call it finished.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { PictureSink } from "../core/answer.ts";
import { createPictureCheck, type PictureFinding } from "./check/picture-check.ts";

/** The file operations that a fault test replaces. */
export interface WriteOperations {
  open(path: string, flags: string, mode: number): number;
  write(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  sync(descriptor: number): void;
  close(descriptor: number): void;
}

const systemOperations: WriteOperations = {
  open: openSync,
  write: (descriptor, bytes, offset, length) => writeSync(descriptor, bytes, offset, length),
  sync: fsyncSync,
  close: closeSync,
};

export interface FinishedPart {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly finding: PictureFinding;
}

export interface PartFile extends PictureSink {
  readonly path: string;
  readonly bytes: number;
  /** Syncs and closes. Throws what the disk says; the file is not to be trusted then. */
  finish(): FinishedPart;
  /** Removes the file unless it was finished and taken over by {@link FinishedPart}. Never throws. */
  discard(): void;
}

/** Name of a part file of the operation; hidden, and told apart from every picture. */
const partName = (name: string): string => `.image-gen-${name}.part`;

/**
 * Creates a part file that nobody else can read until it is published.
 *
 * @throws the system's error when it cannot be created.
 */
export function openPart(directory: string, name: string, operations: WriteOperations = systemOperations): PartFile {
  const path = join(directory, partName(name));
  const descriptor = operations.open(path, "wx", 0o600);
  const hash = createHash("sha256");
  const check = createPictureCheck();
  let bytes = 0;
  let isOpen = true;
  let isFinished = false;

  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    operations.close(descriptor);
  };

  return {
    path,
    get bytes() {
      return bytes;
    },
    write(piece) {
      const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      writeAll(operations, descriptor, buffer);
      hash.update(buffer);
      check.write(buffer);
      bytes += buffer.length;
    },
    end() {},
    finish() {
      try {
        operations.sync(descriptor);
      } finally {
        close();
      }
      isFinished = true;
      return { path, bytes, sha256: hash.digest("hex"), finding: check.end() };
    },
    discard() {
      try {
        close();
      } catch {
        // The file is thrown away: what closing says no longer matters.
      }
      if (!isFinished) rmSync(path, { force: true });
    },
  };
}

/** A short write is no error for the system but would be a cut picture: it goes on until every byte is taken. */
function writeAll(operations: WriteOperations, descriptor: number, buffer: Buffer): void {
  let written = 0;
  while (written < buffer.length) {
    const count = operations.write(descriptor, buffer, written, buffer.length - written);
    if (count <= 0) throw Object.assign(new Error("The disk took no more bytes."), { code: "ENOSPC" });
    written += count;
  }
}

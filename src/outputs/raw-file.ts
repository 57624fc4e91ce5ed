// A file that is written from beginning to end: every byte or an error, never a shorter file.

import { closeSync, fstatSync, fsyncSync, lstatSync, openSync, readSync, rmSync, writeSync } from "node:fs";

/** The file operations that a fault test replaces. */
export interface WriteOperations {
  open(path: string, flags: string, mode: number): number;
  write(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  sync(descriptor: number): void;
  close(descriptor: number): void;
}

export const systemOperations: WriteOperations = {
  open: openSync,
  write: (descriptor, bytes, offset, length) => writeSync(descriptor, bytes, offset, length),
  sync: fsyncSync,
  close: closeSync,
};

export interface RawFile {
  readonly path: string;
  write(bytes: Buffer): void;
  /** On the disk, not only handed to the system. */
  sync(): void;
  /** False when the name no longer leads to this file: its folder was removed or replaced meanwhile. */
  isInPlace(): boolean;
  /** Hands on the first `length` bytes, also of a file that has lost its name. */
  read(length: number, take: (piece: Buffer) => void): void;
  close(): void;
  /** Closes and removes. Never throws. */
  remove(): void;
}

/** Creates a private file; fails when there is one of this name. */
export function createRawFile(path: string, operations: WriteOperations): RawFile {
  const descriptor = operations.open(path, "wx+", 0o600);
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    operations.close(descriptor);
  };
  return {
    path,
    write(bytes) {
      let written = 0;
      // A short write is no error for the system but would be a cut picture.
      while (written < bytes.length) {
        const count = operations.write(descriptor, bytes, written, bytes.length - written);
        if (count <= 0) throw Object.assign(new Error("The disk took no more bytes."), { code: "ENOSPC" });
        written += count;
      }
    },
    sync: () => operations.sync(descriptor),
    isInPlace() {
      const named = lstatSync(path, { throwIfNoEntry: false });
      const own = fstatSync(descriptor);
      return named !== undefined && named.ino === own.ino && named.dev === own.dev;
    },
    read: (length, take) => readPieces(descriptor, length, take),
    close,
    remove() {
      try {
        close();
      } catch {
        // The file is thrown away: what closing says no longer matters.
      }
      rmSync(path, { force: true });
    },
  };
}

const PIECE_BYTES = 1 << 20;

function readPieces(descriptor: number, length: number, take: (piece: Buffer) => void): void {
  const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(1, length)));
  for (let at = 0; at < length; ) {
    const count = readSync(descriptor, piece, 0, Math.min(piece.length, length - at), at);
    if (count === 0)
      throw Object.assign(new Error("The file is shorter than what was written to it."), { code: "EIO" });
    take(piece.subarray(0, count));
    at += count;
  }
}

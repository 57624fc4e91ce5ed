// Part file: a picture on its way, in the spool. Hashed and checked
// while it is written; synced before anybody may call it finished. When the disk fails under it, it moves to another folder.

import { createHash, type Hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PictureSink } from "../core/answer.ts";
import { createPictureCheck, type PictureFinding } from "./check/picture-check.ts";
import { createRawFile, type RawFile, systemOperations, type WriteOperations } from "./raw-file.ts";

export interface FinishedPart {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly finding: PictureFinding;
}

export interface PartFile extends PictureSink {
  /** Where it is at the moment. */
  readonly path: string;
  readonly bytes: number;
  /** Syncs and closes. Throws what the disk says; the file is not to be trusted then, but it is still there. */
  finish(): FinishedPart;
  /** Removes the file unless it was finished and taken over by {@link FinishedPart}. Never throws. */
  discard(): void;
}

/** Names of the parts that a picture is written into when it is converted, and when its record is put inside. */
export const convertedName = (operation: string, image: number): string => `${operation}-${image}-converted`;
export const embeddedName = (operation: string, image: number): string => `${operation}-${image}-embedded`;

export interface PartOptions {
  /** Where the part goes on when its own folder fails: what is paid for must not be lost to a full disk. Made when needed, 0700. */
  readonly fallbackDirectory?: string;
  readonly operations?: WriteOperations;
}

/** Folders of a part file: the first, and the one where it goes on when that fails. */
export interface PartPlace {
  readonly directory: string;
  readonly fallbackDirectory?: string;
}

/** A part file at a place. */
export function openPartAt({ directory, fallbackDirectory }: PartPlace, name: string): PartFile {
  return openPart(directory, name, fallbackDirectory === undefined ? {} : { fallbackDirectory });
}

/** Name of a part file of the operation; hidden, and told apart from every picture. */
export const partName = (name: string): string => `.image-gen-${name}.part`;

/**
 * Creates a part file that nobody else can read until it is published.
 *
 * @throws the system's error when neither folder takes it.
 */
export function openPart(directory: string, name: string, options: PartOptions = {}): PartFile {
  const { fallbackDirectory, operations = systemOperations } = options;
  const hash = createHash("sha256");
  const check = createPictureCheck();
  let bytes = 0;
  let isFinished = false;
  let hasMoved = false;

  const openFallback = (because: unknown): RawFile => {
    if (fallbackDirectory === undefined || hasMoved) throw because;
    hasMoved = true;
    mkdirSync(fallbackDirectory, { recursive: true, mode: 0o700 });
    return createRawFile(join(fallbackDirectory, partName(name)), operations);
  };
  const openFirst = (): RawFile => {
    try {
      return createRawFile(join(directory, partName(name)), operations);
    } catch (error) {
      return openFallback(error);
    }
  };
  let file = openFirst();

  /** What is written so far goes on in the other folder; the disk that failed is not believed without its hash. */
  const move = (because: unknown): void => {
    const next = openFallback(because);
    try {
      copyVerified(file, bytes, hash, next);
    } catch (error) {
      next.remove();
      throw error;
    }
    file.remove();
    file = next;
  };

  const syncInPlace = (): void => {
    try {
      file.sync();
      if (file.isInPlace()) return;
    } catch (error) {
      // A sync that failed once must not be asked again: the system may have dropped the bytes (fsyncgate, 2018).
      move(error);
      file.sync();
      return;
    }
    move(Object.assign(new Error("The folder was removed while the picture arrived."), { code: "ENOENT" }));
    file.sync();
  };

  return {
    get path() {
      return file.path;
    },
    get bytes() {
      return bytes;
    },
    write(piece) {
      const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      try {
        file.write(buffer);
      } catch (error) {
        move(error);
        file.write(buffer);
      }
      hash.update(buffer);
      check.write(buffer);
      bytes += buffer.length;
    },
    end() {},
    finish() {
      // From here on the bytes are the caller's to keep, however this ends.
      isFinished = true;
      try {
        syncInPlace();
      } finally {
        file.close();
      }
      return { path: file.path, bytes, sha256: hash.digest("hex"), finding: check.end() };
    },
    discard() {
      if (!isFinished) file.remove();
    },
  };
}

function copyVerified(from: RawFile, length: number, expected: Hash, to: RawFile): void {
  const seen = createHash("sha256");
  from.read(length, (piece) => {
    seen.update(piece);
    to.write(piece);
  });
  if (seen.digest("hex") !== expected.copy().digest("hex")) {
    throw Object.assign(new Error("The disk gave back other bytes than it was given."), { code: "EIO" });
  }
}

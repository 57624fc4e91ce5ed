// What is needed of a picture's container to put an XMP packet into it: where its packet is, and where one goes.
// The three kinds are png-container, jpeg-container and webp-container; pieces are put together by embed-part.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** A piece of the new file: bytes of our own, or a range of the old file. */
export type Piece = { readonly bytes: Buffer } | { readonly from: number; readonly to: number };

export interface Container {
  /** The XMP packet as text; `null` when it has none or none that can be read. */
  readonly packet: string | null;
  /** An XMP packet is there, readable or not. */
  readonly hasPacket: boolean;
  /** Largest packet in bytes that it takes. */
  readonly packetLimit: number;
  /** The whole new file, with this packet in place of the old one. */
  withPacket(packet: Buffer): readonly Piece[];
}

/** A file that is read at any place; nothing of it is held. */
export interface RandomAccess {
  readonly size: number;
  /** Fewer bytes only at the end of the file. */
  read(from: number, length: number): Buffer;
}

/** Longest packet that is read: far above what anybody writes, far below what hurts. */
export const LONGEST_PACKET = 16 * 2 ** 20;

/** @throws the system's error. */
export function withFile<T>(path: string, use: (file: RandomAccess) => T): T {
  const descriptor = openSync(path, "r");
  try {
    return use({
      size: fstatSync(descriptor).size,
      read(from, length) {
        const buffer = Buffer.alloc(length);
        let filled = 0;
        while (filled < length) {
          const got = readSync(descriptor, buffer, filled, length - filled, from + filled);
          if (got === 0) break;
          filled += got;
        }
        return buffer.subarray(0, filled);
      },
    });
  } finally {
    closeSync(descriptor);
  }
}

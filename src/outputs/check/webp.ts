// WebP: the RIFF size, a walk over its chunks, the size from VP8, VP8L or VP8X. Source: WebP container specification, RFC 9649, 2024.

import { createByteWindow } from "./byte-window.ts";
import type { StructureCheck } from "./structure.ts";

/** Bytes of a chunk that are looked at. */
const CHUNK_HEAD = 10;

type Stage = "riff" | "head" | "body" | "done";

export function createWebpCheck(): StructureCheck {
  const window = createByteWindow(12);
  const head = createByteWindow(CHUNK_HEAD);
  let stage: Stage = "riff";
  let damage: string | null = null;
  let riffLeft = 0;
  let name = "";
  let left = 0;
  let width = 0;
  let height = 0;
  let hasPicture = false;
  let hasProvenance = false;
  let trailingBytes = 0;

  const setSize = (newWidth: number, newHeight: number): void => {
    // An extended header gives the canvas; the picture's own chunk comes later and must not replace it.
    if (width !== 0) return;
    width = newWidth;
    height = newHeight;
  };

  const endChunk = (): void => {
    const { bytes, length } = head;
    if (name === "VP8X" && length >= 10) setSize(bytes.readUIntLE(4, 3) + 1, bytes.readUIntLE(7, 3) + 1);
    if (name === "VP8 ") {
      if (length < 10 || bytes.readUIntBE(3, 3) !== 0x9d012a) damage ??= "its picture data do not begin as they should";
      else setSize(bytes.readUInt16LE(6) & 0x3fff, bytes.readUInt16LE(8) & 0x3fff);
    }
    if (name === "VP8L") {
      if (length < 5 || bytes[0] !== 0x2f) damage ??= "its picture data do not begin as they should";
      else {
        const packed = bytes.readUInt32LE(1);
        setSize((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
      }
    }
    if (name === "VP8 " || name === "VP8L" || name === "ANMF") hasPicture = true;
    if (name === "C2PA") hasProvenance = true;
    head.clear();
    stage = riffLeft === 0 ? "done" : "head";
  };

  return {
    write(bytes) {
      let at = 0;
      while (at < bytes.length && damage === null) {
        if (stage === "done") {
          trailingBytes += bytes.length - at;
          return;
        }
        if (stage === "body") {
          const end = Math.min(bytes.length, at + left);
          head.fill(bytes.subarray(at, end), 0, CHUNK_HEAD);
          left -= end - at;
          riffLeft -= end - at;
          at = end;
          if (left === 0) endChunk();
          continue;
        }
        const size = stage === "riff" ? 12 : 8;
        at += window.fill(bytes, at, size);
        if (window.length < size) return;
        window.clear();
        if (stage === "riff") {
          riffLeft = window.bytes.readUInt32LE(4) - 4;
          if (window.bytes.toString("latin1", 0, 4) !== "RIFF" || window.bytes.toString("latin1", 8, 12) !== "WEBP") {
            damage = "it does not begin like a WebP";
          } else if (riffLeft < 8) damage = "its container is empty";
          stage = "head";
        } else {
          name = window.bytes.toString("latin1", 0, 4);
          const length = window.bytes.readUInt32LE(4);
          riffLeft -= 8;
          left = length + (length % 2);
          if (left > riffLeft) damage = "a chunk is longer than its container";
          else if (left === 0) endChunk();
          else stage = "body";
        }
      }
    },
    end() {
      if (stage !== "done") damage ??= "it breaks off";
      if (!hasPicture) damage ??= "it has no picture data";
      if (width === 0 || height === 0) damage ??= "its header gives no size";
      return { width, height, damage, trailingBytes, hasProvenance };
    },
  };
}

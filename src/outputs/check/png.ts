// PNG: signature, each chunk's CRC, IHDR first, IDAT there, IEND last. Source: W3C PNG specification, third edition, 2025.

import { crc32 } from "node:zlib";
import { createByteWindow } from "./byte-window.ts";
import type { StructureCheck } from "./structure.ts";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const LARGEST_CHUNK = 0x7fff_ffff;

type Stage = "signature" | "head" | "body" | "crc" | "done";

export function createPngCheck(): StructureCheck {
  const window = createByteWindow(8);
  const header = createByteWindow(13);
  let stage: Stage = "signature";
  let damage: string | null = null;
  let type = "";
  let left = 0;
  let crc = 0;
  let chunks = 0;
  let width = 0;
  let height = 0;
  let hasData = false;
  let hasProvenance = false;
  let trailingBytes = 0;

  const readHead = (): void => {
    left = window.bytes.readUInt32BE(0);
    type = window.bytes.toString("latin1", 4, 8);
    if (!/^[A-Za-z]{4}$/.test(type) || left > LARGEST_CHUNK) damage ??= "a chunk's head cannot be read";
    if (chunks === 0 && (type !== "IHDR" || left !== 13)) damage ??= "it does not begin with its header";
    if (type === "IDAT") hasData = true;
    if (type === "caBX") hasProvenance = true;
    crc = crc32(window.bytes.subarray(4, 8));
    stage = left === 0 ? "crc" : "body";
  };

  const readCrc = (): void => {
    if (window.bytes.readUInt32BE(0) !== crc) damage ??= `the checksum of a ${type} chunk is wrong`;
    if (type === "IHDR") {
      width = header.bytes.readUInt32BE(0);
      height = header.bytes.readUInt32BE(4);
      if (width === 0 || height === 0) damage ??= "its header gives no size";
    }
    chunks += 1;
    if (type === "IEND" && !hasData) damage ??= "it has no picture data";
    stage = type === "IEND" ? "done" : "head";
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
          const body = bytes.subarray(at, end);
          crc = crc32(body, crc);
          if (type === "IHDR") header.fill(body, 0, 13);
          left -= end - at;
          at = end;
          if (left === 0) stage = "crc";
          continue;
        }
        const size = stage === "crc" ? 4 : 8;
        at += window.fill(bytes, at, size);
        if (window.length < size) return;
        window.clear();
        if (stage === "signature") {
          if (!window.bytes.equals(SIGNATURE)) damage = "it does not begin like a PNG";
          stage = "head";
        } else if (stage === "head") readHead();
        else readCrc();
      }
    },
    end() {
      if (stage !== "done") damage ??= "it breaks off";
      return { width, height, damage, trailingBytes, hasProvenance };
    },
  };
}

// What kind of picture some bytes are, how large, and whether they run to their end: enough to tell a real reference
// picture from a broken one, as Google's decoder would. Leaves decoding pixels to nobody: the emulator never needs them.

import type { PixelSize } from "../pixel-table.ts";

/** A recognised picture; `size` is null where the header is not read (heic, heif). */
export interface PictureHeader {
  readonly mimeType: string;
  readonly size: PixelSize | null;
}

/** Reads the header of png, jpeg, webp, gif, bmp, heic and heif; null when the bytes are none of them or end too early. */
export function readPictureHeader(bytes: Buffer): PictureHeader | null {
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return png(bytes);
  if (bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff) return jpeg(bytes);
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP") return webp(bytes);
  if (/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return { mimeType: "image/gif", size: null };
  if (ascii(bytes, 0, 2) === "BM") return { mimeType: "image/bmp", size: null };
  if (ascii(bytes, 4, 8) === "ftyp") return isoMedia(ascii(bytes, 8, 12));
  return null;
}

function ascii(bytes: Buffer, from: number, to: number): string {
  return bytes.toString("latin1", from, to);
}

function png(bytes: Buffer): PictureHeader | null {
  if (bytes.length < 45 || ascii(bytes, 12, 16) !== "IHDR") return null;
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (size.width === 0 || size.height === 0) return null;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = ascii(bytes, at + 4, at + 8);
    const next = at + 12 + bytes.readUInt32BE(at);
    if (next > bytes.length) return null;
    if (type === "IEND") return { mimeType: "image/png", size };
    at = next;
  }
  return null;
}

function jpeg(bytes: Buffer): PictureHeader | null {
  let size: PixelSize | null = null;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) break;
    const length = bytes.readUInt16BE(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && at + 9 <= bytes.length)
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + length;
  }
  const reachesItsEnd = bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) > 2;
  return size !== null && reachesItsEnd ? { mimeType: "image/jpeg", size } : null;
}

function webp(bytes: Buffer): PictureHeader | null {
  if (bytes.length < 30 || bytes.readUInt32LE(4) + 8 > bytes.length) return null;
  const form = ascii(bytes, 12, 16);
  if (form === "VP8X") {
    return {
      mimeType: "image/webp",
      size: { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 },
    };
  }
  if (form === "VP8L") {
    const bits = bytes.readUInt32LE(21);
    return { mimeType: "image/webp", size: { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 } };
  }
  if (form !== "VP8 ") return null;
  return {
    mimeType: "image/webp",
    size: { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff },
  };
}

function isoMedia(brand: string): PictureHeader | null {
  if (["heic", "heix", "hevc", "hevx"].includes(brand)) return { mimeType: "image/heic", size: null };
  return ["mif1", "msf1", "heif"].includes(brand) ? { mimeType: "image/heif", size: null } : null;
}

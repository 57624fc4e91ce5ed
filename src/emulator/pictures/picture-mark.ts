// The mark inside the file that says what it is: a PNG tEXt chunk or a JPEG comment with the rehearsal notice.
// Leaves the visible band to scene.ts.

import { crc32 } from "node:zlib";

/** The text that every picture of the emulator carries in its metadata. */
export const rehearsalMark = "rehearsal: drawn by the image-gen emulator, not a paid picture";

/** The picture with the mark in it. The pixels are not touched. */
export function markPicture(bytes: Buffer, mimeType: "image/png" | "image/jpeg"): Buffer {
  return mimeType === "image/png" ? markPng(bytes) : markJpeg(bytes);
}

/** Signature (8) and IHDR (25) always come first in a PNG; the mark goes right behind them. */
const endOfPngHeader = 33;

function markPng(bytes: Buffer): Buffer {
  return Buffer.concat([
    bytes.subarray(0, endOfPngHeader),
    pngText("Comment", rehearsalMark),
    bytes.subarray(endOfPngHeader),
  ]);
}

function pngText(keyword: string, text: string): Buffer {
  const body = Buffer.concat([
    Buffer.from("tEXt"),
    Buffer.from(keyword, "latin1"),
    Buffer.from([0]),
    Buffer.from(text, "latin1"),
  ]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A COM segment behind the start marker and the JFIF segment, where readers expect APP0 to stay first. */
function markJpeg(bytes: Buffer): Buffer {
  const isJfif = bytes.readUInt16BE(2) === 0xffe0;
  const at = isJfif ? 4 + bytes.readUInt16BE(4) : 2;
  const text = Buffer.from(rehearsalMark, "latin1");
  const header = Buffer.from([0xff, 0xfe, 0, 0]);
  header.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, at), header, text, bytes.subarray(at)]);
}

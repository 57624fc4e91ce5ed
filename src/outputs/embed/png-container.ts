// PNG: the packet is an uncompressed iTXt chunk with the keyword XML:com.adobe.xmp, before the picture data.
// Source: Adobe XMP specification, part 3, §1.1.5, 2020; W3C PNG specification, third edition, 2025.

import { crc32, inflateSync } from "node:zlib";
import { type Container, LONGEST_PACKET, type RandomAccess } from "./container.ts";

const KEYWORD = "XML:com.adobe.xmp";
const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const FRAME_BYTES = 12;
/** The longest a chunk may be, less keyword and flags. */
const PACKET_LIMIT = 0x7fff_ffff - 64;

interface Chunk {
  readonly type: string;
  /** Of the chunk with its frame. */
  readonly from: number;
  readonly to: number;
}

/** The file must have passed the structure check. */
export function openPng(file: RandomAccess): Container {
  const chunks = readChunks(file);
  const old = chunks.filter((chunk) => isPacketChunk(file, chunk));
  const [first] = old;
  // After the header and everything before the picture data: some readers look no further.
  const at = chunks.find(({ type }) => type === "IDAT")?.from ?? file.size;
  return {
    packet: first ? readPacketChunk(file, first) : null,
    hasPacket: first !== undefined,
    packetLimit: PACKET_LIMIT,
    withPacket(packet) {
      const kept = chunks.filter((chunk) => !old.includes(chunk));
      const before = kept.filter(({ from }) => from < at);
      const after = kept.filter(({ from }) => from >= at);
      return [{ from: 0, to: SIGNATURE_BYTES }, ...before, { bytes: packetChunk(packet) }, ...after];
    },
  };
}

/** What stands after IEND is no part of the picture and goes along as one more piece. */
function readChunks(file: RandomAccess): Chunk[] {
  const chunks: Chunk[] = [];
  let at = SIGNATURE_BYTES;
  while (at + FRAME_BYTES <= file.size) {
    const head = file.read(at, 8);
    const to = at + FRAME_BYTES + head.readUInt32BE(0);
    const type = head.toString("latin1", 4, 8);
    if (to > file.size) break;
    chunks.push({ type, from: at, to });
    at = to;
    if (type === "IEND") break;
  }
  if (at < file.size) chunks.push({ type: "", from: at, to: file.size });
  return chunks;
}

function isPacketChunk(file: RandomAccess, { type, from }: Chunk): boolean {
  return type === "iTXt" && file.read(from + 8, KEYWORD.length + 1).toString("latin1") === `${KEYWORD}\0`;
}

/** Keyword, 0, compression flag, method, language, 0, translated keyword, 0, text. */
function readPacketChunk(file: RandomAccess, { from, to }: Chunk): string | null {
  if (to - from > LONGEST_PACKET) return null;
  const data = file.read(from + 8, to - from - FRAME_BYTES);
  const flags = KEYWORD.length + 1;
  const language = data.indexOf(0, flags + 2);
  const translated = language === -1 ? -1 : data.indexOf(0, language + 1);
  if (translated === -1) return null;
  const text = data.subarray(translated + 1);
  if (data[flags] !== 1) return text.toString("utf8");
  try {
    return inflateSync(text, { maxOutputLength: LONGEST_PACKET }).toString("utf8");
  } catch {
    return null;
  }
}

function packetChunk(packet: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(`iTXt${KEYWORD}\0\0\0\0\0`, "latin1"), packet]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

// WebP: the packet is a chunk named "XMP " behind the picture, and a bit in the extended header says so. A simple file
// becomes an extended one; its picture data stay as they are. Source: RFC 9649, §2.7, 2024.

import { type Container, LONGEST_PACKET, type RandomAccess } from "./container.ts";

const RIFF_BYTES = 12;
const XMP_FLAG = 0x04;
const ALPHA_FLAG = 0x10;
/** RIFF counts its bytes with 32 bits. */
const PACKET_LIMIT = 0x7fff_ffff;

interface Chunk {
  readonly name: string;
  /** Of the chunk with its head and padding. */
  readonly from: number;
  readonly to: number;
  /** Of its data alone. */
  readonly length: number;
}

/** The file must have passed the structure check. */
export function openWebp(file: RandomAccess): Container {
  const riffEnd = Math.min(file.size, 8 + file.read(4, 4).readUInt32LE(0));
  const chunks = readChunks(file, riffEnd);
  const [old] = chunks.filter(({ name }) => name === "XMP ");
  return {
    packet: old && old.length <= LONGEST_PACKET ? file.read(old.from + 8, old.length).toString("utf8") : null,
    hasPacket: old !== undefined,
    packetLimit: PACKET_LIMIT,
    withPacket(packet) {
      const header = extendedHeader(file, chunks);
      const pictures = chunks.filter(({ name }) => name !== "VP8X" && name !== "XMP ");
      const xmp = chunk("XMP ", packet);
      const length = pictures.reduce((sum, { from, to }) => sum + to - from, header.length + xmp.length + 4);
      const riff = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
      riff.writeUInt32LE(length, 4);
      return [
        { bytes: riff },
        { bytes: header },
        ...pictures,
        { bytes: xmp },
        // What stands behind the container is no part of the picture and goes along.
        { from: riffEnd, to: file.size },
      ];
    },
  };
}

function readChunks(file: RandomAccess, riffEnd: number): Chunk[] {
  const chunks: Chunk[] = [];
  let at = RIFF_BYTES;
  while (at + 8 <= riffEnd) {
    const head = file.read(at, 8);
    const length = head.readUInt32LE(4);
    const to = at + 8 + length + (length % 2);
    if (to > riffEnd) break;
    chunks.push({ name: head.toString("latin1", 0, 4), from: at, to, length });
    at = to;
  }
  return chunks;
}

/** The extended header with the packet's bit set; made from the picture's own header where there is none yet. */
function extendedHeader(file: RandomAccess, chunks: readonly Chunk[]): Buffer {
  const extended = chunks.find(({ name }) => name === "VP8X");
  if (extended) {
    const bytes = file.read(extended.from, extended.to - extended.from);
    bytes[8] = (bytes[8] ?? 0) | XMP_FLAG;
    return bytes;
  }
  const picture = chunks.find(({ name }) => name === "VP8 " || name === "VP8L");
  if (!picture) throw new Error("The WebP file has no picture.");
  const head = file.read(picture.from + 8, 10);
  const data = Buffer.alloc(10);
  let width: number;
  let height: number;
  let flags = XMP_FLAG;
  if (picture.name === "VP8L") {
    const packed = head.readUInt32LE(1);
    width = packed & 0x3fff;
    height = (packed >>> 14) & 0x3fff;
    if ((packed & 0x1000_0000) !== 0) flags |= ALPHA_FLAG;
  } else {
    width = (head.readUInt16LE(6) & 0x3fff) - 1;
    height = (head.readUInt16LE(8) & 0x3fff) - 1;
  }
  data[0] = flags;
  data.writeUIntLE(width, 4, 3);
  data.writeUIntLE(height, 7, 3);
  return chunk("VP8X", data);
}

function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

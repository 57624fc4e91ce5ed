// JPEG: the packet is one APP1 segment with Adobe's name in front, after JFIF and EXIF. One segment holds 65,502 bytes;
// the extended form for more is not written. Source: Adobe XMP specification, part 3, §1.1.3, 2020.

import type { Container, RandomAccess } from "./container.ts";

const NAME = "http://ns.adobe.com/xap/1.0/\0";
const APP0 = 0xe0;
const APP1 = 0xe1;
const SOS = 0xda;
const SEGMENT_LIMIT = 0xffff;
const PACKET_LIMIT = SEGMENT_LIMIT - 2 - NAME.length;

interface Segment {
  readonly marker: number;
  readonly from: number;
  readonly to: number;
  readonly isPacket: boolean;
}

/** The file must have passed the structure check. */
export function openJpeg(file: RandomAccess): Container {
  const segments = readSegments(file);
  const [first] = segments.filter(({ isPacket }) => isPacket);
  const headEnd = segments.at(-1)?.to ?? 2;
  return {
    packet: first
      ? file.read(first.from + 4 + NAME.length, first.to - first.from - 4 - NAME.length).toString("utf8")
      : null,
    hasPacket: first !== undefined,
    packetLimit: PACKET_LIMIT,
    withPacket(packet) {
      const kept = segments.filter(({ isPacket }) => !isPacket);
      // JFIF must come first and EXIF wants to.
      const lead = kept.findIndex(({ marker }) => marker !== APP0 && marker !== APP1);
      const split = lead === -1 ? kept.length : lead;
      return [
        { from: 0, to: 2 },
        ...kept.slice(0, split),
        { bytes: packetSegment(packet) },
        ...kept.slice(split),
        { from: headEnd, to: file.size },
      ];
    },
  };
}

/** The segments between SOI and the first scan. */
function readSegments(file: RandomAccess): Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  while (at + 4 <= file.size) {
    const head = file.read(at, 4);
    const marker = head[1] ?? 0;
    if (head[0] !== 0xff || marker === SOS || marker < 0xc0) break;
    if (marker === 0xff) {
      // Fill bytes may stand before a marker; one goes along as a piece of its own.
      segments.push({ marker: APP0, from: at, to: at + 1, isPacket: false });
      at += 1;
      continue;
    }
    const to = at + 2 + head.readUInt16BE(2);
    if (to > file.size) break;
    const isPacket = marker === APP1 && file.read(at + 4, NAME.length).toString("latin1") === NAME;
    segments.push({ marker, from: at, to, isPacket });
    at = to;
  }
  return segments;
}

function packetSegment(packet: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 | APP1, 0);
  head.writeUInt16BE(2 + NAME.length + packet.length, 2);
  return Buffer.concat([head, Buffer.from(NAME, "latin1"), packet]);
}

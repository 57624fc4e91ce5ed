// For tests: pictures that came with an XMP packet, or another chunk, of somebody else's.

import { crc32 } from "node:zlib";

/** What somebody else's packet says, up to where more may be added. */
export const packetInside =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="Made by somebody"/>';
export const oldPacket = `${packetInside}</rdf:RDF></x:xmpmeta>`;

/** A PNG chunk behind the header. */
interface PngChunk {
  readonly type: string;
  readonly data: Buffer;
}

/** The picture with the packet, or with the given chunk where it is a PNG. */
export function withOldPacket(bytes: Buffer, chunk?: PngChunk): Buffer {
  if (bytes[0] === 0x89) {
    const { type, data } = chunk ?? {
      type: "iTXt",
      data: Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${oldPacket}`, "latin1"),
    };
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([bytes.subarray(0, 33), frame.subarray(0, 4), body, frame.subarray(4), bytes.subarray(33)]);
  }
  if (bytes[0] === 0xff) {
    const data = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${oldPacket}`, "latin1");
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([bytes.subarray(0, 2), head, data, bytes.subarray(2)]);
  }
  const padded = Buffer.from(oldPacket + (oldPacket.length % 2 === 0 ? "" : "\n"), "latin1");
  const head = Buffer.from("XMP \0\0\0\0", "latin1");
  head.writeUInt32LE(padded.length, 4);
  const marked = Buffer.concat([bytes, head, padded]);
  marked.writeUInt32LE(marked.length - 8, 4);
  return marked;
}

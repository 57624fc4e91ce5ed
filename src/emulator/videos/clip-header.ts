// What an MP4 says of itself: length, pixels, codec. Enough to tell a clip that can be extended from one that cannot.
// Leaves decoding to nobody: the emulator never needs the pixels. Boxes: ISO/IEC 14496-12.

/** A recognised MP4. */
export interface ClipHeader {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  /** Four letters: "avc1", "hvc1", … */
  readonly codec: string;
}

/** Reads the header; null when the bytes are no MP4 with a video track. */
export function readClipHeader(bytes: Buffer): ClipHeader | null {
  const movie = findBox(bytes, "moov");
  if (bytes.toString("latin1", 4, 8) !== "ftyp" || movie === null || findBox(bytes, "mdat") === null) return null;
  const length = findBox(movie, "mvhd");
  const seconds = length === null ? null : secondsOf(length);
  for (const track of boxes(movie).filter(({ type }) => type === "trak")) {
    const media = findBox(track.body, "mdia");
    const handler = media === null ? null : findBox(media, "hdlr");
    if (media === null || handler?.toString("latin1", 8, 12) !== "vide") continue;
    const tables = [media, "minf", "stbl", "stsd"].reduce<Buffer | null>(
      (box, type) => (typeof type === "string" ? box && findBox(box, type) : type),
      null,
    );
    if (tables === null || tables.length < 44 || seconds === null) return null;
    return {
      seconds,
      codec: tables.toString("latin1", 12, 16),
      width: tables.readUInt16BE(40),
      height: tables.readUInt16BE(42),
    };
  }
  return null;
}

interface Box {
  readonly type: string;
  readonly body: Buffer;
}

function boxes(bytes: Buffer): Box[] {
  const found: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const isLong = short === 1 && at + 16 <= bytes.length;
    const size = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    const head = isLong ? 16 : 8;
    if (size < head || at + size > bytes.length) break;
    found.push({ type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + head, at + size) });
    at += size;
  }
  return found;
}

function findBox(bytes: Buffer, type: string): Buffer | null {
  return boxes(bytes).find((box) => box.type === type)?.body ?? null;
}

/** Version 1 of the box has 64-bit times. */
function secondsOf(header: Buffer): number | null {
  const at = header[0] === 1 ? 20 : 12;
  const size = header[0] === 1 ? 8 : 4;
  if (header.length < at + 4 + size) return null;
  const scale = header.readUInt32BE(at);
  const length = size === 8 ? Number(header.readBigUInt64BE(at + 4)) : header.readUInt32BE(at + 4);
  return scale === 0 ? null : length / scale;
}

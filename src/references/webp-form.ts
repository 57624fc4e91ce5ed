// Whether a WebP picture was stored with loss. Only its chunks are looked at; the decoder judges the rest.

/** True when the first picture in it is a VP8 bitstream. */
export function isLossyWebp(bytes: Buffer): boolean {
  let at = 12;
  while (at + 8 <= bytes.length) {
    const name = bytes.toString("latin1", at, at + 4);
    if (name === "VP8 ") return true;
    if (name === "VP8L") return false;
    // A frame of an animation holds its picture after 16 bytes of its own.
    at += name === "ANMF" ? 24 : 8 + bytes.readUInt32LE(at + 4) + (bytes.readUInt32LE(at + 4) % 2);
  }
  return false;
}

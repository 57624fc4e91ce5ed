// H.264 as it stands in an MP4 → the middle of its first and last frame, through h264bsd (tinyh264).

import { createRequire } from "node:module";

interface Wasm {
  readonly HEAPU8: Uint8Array;
}

interface Decoder {
  decode(unit: Uint8Array): void;
  release(): void;
}

interface Frames {
  readonly count: number;
  /** Brightness and the two colours in the middle of the frame. */
  readonly first: readonly number[];
  readonly last: readonly number[];
}

/** `description` is the avcC record: the parameter sets stand there and not in the packets. */
export async function decodeFrames(description: unknown, packets: readonly Uint8Array[]): Promise<Frames> {
  // It is made for a browser's worker, and asks where it is.
  Object.assign(globalThis, { self: globalThis, location: new URL("file:///decoder.js") });
  const require = createRequire(import.meta.url);
  const { default: load }: { default: () => Promise<Wasm> } = require("tinyh264/lib/TinyH264.js");
  const { default: TinyH264Decoder }: DecoderModule = require("tinyh264/lib/TinyH264Decoder.js");
  const seen: (readonly number[])[] = [];
  const decoder = new TinyH264Decoder(await load(), (frame, width, height) => {
    const pixels = width * height;
    const middle = Math.floor(height / 2) * width + Math.floor(width / 2);
    const colour = pixels + Math.floor(height / 4) * (width / 2) + Math.floor(width / 4);
    seen.push([frame[middle] ?? 0, frame[colour] ?? 0, frame[colour + pixels / 4] ?? 0]);
  });
  for (const set of parameterSets(bytesOf(description))) decoder.decode(withStartCode(set));
  for (const packet of packets) for (const unit of units(Buffer.from(packet))) decoder.decode(withStartCode(unit));
  decoder.release();
  return { count: seen.length, first: seen[0] ?? [], last: seen.at(-1) ?? [] };
}

interface DecoderModule {
  readonly default: new (wasm: Wasm, onFrame: (frame: Uint8Array, width: number, height: number) => void) => Decoder;
}

function bytesOf(description: unknown): Buffer {
  if (description instanceof ArrayBuffer) return Buffer.from(description);
  if (ArrayBuffer.isView(description)) {
    return Buffer.from(description.buffer, description.byteOffset, description.byteLength);
  }
  throw new Error("there are no parameter sets");
}

function parameterSets(record: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (record[at] ?? 0) & mask;
    at += 1;
    for (let index = 0; index < count; index += 1) {
      const length = record.readUInt16BE(at);
      found.push(record.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return found;
}

function units(packet: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= packet.length; at += 4 + packet.readUInt32BE(at)) {
    found.push(packet.subarray(at + 4, at + 4 + packet.readUInt32BE(at)));
  }
  return found;
}

function withStartCode(unit: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), unit]);
}

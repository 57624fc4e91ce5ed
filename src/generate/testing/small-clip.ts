// Real MP4 files for tests: one picture a second, so that even a long one is made at once, and copies of them with another codec's name.

import { createH264MP4Encoder } from "h264-mp4-encoder";

export interface SmallClip {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
}

/** The clip before: all encoders of a process write into one and the same file, so they take turns. */
let before: Promise<unknown> = Promise.resolve();

/** H.264; by default one that every model extends. */
export async function smallClip(wish: Partial<SmallClip> = {}): Promise<Buffer> {
  const clip = before.then(() => encode({ width: 1280, height: 720, seconds: 4, framesPerSecond: 1, ...wish }));
  before = clip.catch(() => undefined);
  return await clip;
}

async function encode({ width, height, seconds, framesPerSecond: frameRate }: SmallClip): Promise<Buffer> {
  const encoder = await createH264MP4Encoder();
  try {
    Object.assign(encoder, { width, height, frameRate, speed: 10, quantizationParameter: 40, groupOfPictures: 60 });
    encoder.initialize();
    const frame = new Uint8Array((width * height * 3) / 2).fill(128);
    for (let index = 0; index < seconds * frameRate; index += 1) encoder.addFrameYuv(frame);
    encoder.finalize();
    return Buffer.from(encoder.FS.readFile(encoder.outputFilename));
  } finally {
    encoder.delete();
  }
}

/** Says of its pictures that they are in another codec: `hvc1`, `vp09`, `av01`. */
export function renamedCodec(clip: Buffer, name: string): Buffer {
  const copy = Buffer.from(clip);
  // After the head of its description, in which the number of entries and the size of this one stand.
  copy.write(name, copy.indexOf("stsd") + 16, "latin1");
  return copy;
}

/** Grown to `bytes` with a box that players pass over. */
export function grown(clip: Buffer, bytes: number): Buffer {
  const box = Buffer.alloc(bytes - clip.length, 7);
  box.writeUInt32BE(box.length, 0);
  box.write("free", 4, "latin1");
  return Buffer.concat([clip, box]);
}

/** The index before the pictures; where the pictures are is no longer true, which only a player would mind. */
export function indexFirst(clip: Buffer): Buffer {
  const boxes = new Map<string, Buffer>();
  for (let at = 0; at < clip.length; at += clip.readUInt32BE(at)) {
    const box = clip.subarray(at, at + clip.readUInt32BE(at));
    boxes.set(box.toString("latin1", 4, 8), box);
  }
  const [start, index] = [boxes.get("ftyp"), boxes.get("moov")];
  boxes.delete("ftyp");
  boxes.delete("moov");
  return Buffer.concat([start, index, ...boxes.values()].filter((box) => box !== undefined));
}

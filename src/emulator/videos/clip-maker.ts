// An order → the bytes of a real MP4 (H.264, 24 frames a second, AAC): the first frame, then a scene with the prompt and the
// rehearsal's band, then the last frame, one faded into the other. First and last frames are those that were given.
// Loads the encoder and sharp when the first clip is made.

import type * as encoders from "h264-mp4-encoder";
import type { Painter } from "../pictures/painter.ts";
import { type GivenPicture, makeThumbnails } from "../pictures/thumbnails.ts";
import type { PixelSize } from "../pixel-table.ts";
import { fade, type Planes, toPlanes, withBar } from "./clip-frames.ts";
import { muxClip } from "./mux-clip.ts";
import type { VideoOrder } from "./video-rules.ts";

type Encoders = Pick<typeof encoders, "createH264MP4Encoder">;

/** Shares of the new part's time in which a given frame stands, and is faded over. */
const fadeFrom = 0.2;
const fadeTo = 0.35;
/** Frames between two looks at the rest of the process. */
const framesAtOnce = 8;

/** The clip before: all encoders of a process write into one and the same file of their own making, so they take turns. */
let before: Promise<unknown> = Promise.resolve();

/** Makes the clip of an order, when the one before is made. */
export async function makeClip(order: VideoOrder, painter: Painter): Promise<Buffer> {
  const clip = before.then(() => encodeClip(order, painter));
  before = clip.catch(() => undefined);
  return await clip;
}

async function encodeClip(order: VideoOrder, painter: Painter): Promise<Buffer> {
  const { size, prompt, model, newSeconds, givenSeconds, resolution, framesPerSecond } = order;
  const thumbnails = await makeThumbnails(order.references);
  const caption = `${model.id}, ${size.width} x ${size.height}, ${newSeconds} s`;
  const paint = (words: string, small: string): Promise<Buffer> =>
    painter.paint({
      prompt: words,
      caption: small,
      ...size,
      thumbnails,
      medium: "clip",
      mimeType: "image/png",
      quality: 90,
    });
  const scene = await toPlanes(await paint(prompt, caption), size);
  const still = async (picture: GivenPicture | null): Promise<Planes | null> =>
    picture?.bytes === undefined || picture.bytes === null ? null : await toPlanes(picture.bytes, size);
  // There is no decoder here: the clip that is extended is shown by its length.
  const given =
    givenSeconds === 0
      ? null
      : await toPlanes(await paint("the clip that was given", `${givenSeconds.toFixed(2)} s, ${resolution}`), size);
  const parts = { first: given ?? (await still(order.firstFrame)), scene, last: await still(order.lastFrame) };
  const givenFrames = Math.round(givenSeconds * framesPerSecond);
  const newFrames = Math.round(newSeconds * framesPerSecond);
  // A CommonJS package: an ES module (dist/emulator.js) gets its exports as the default alone.
  const loaded: Encoders & { readonly default?: Encoders } = await import("h264-mp4-encoder");
  const { createH264MP4Encoder } = loaded.default ?? loaded;
  const encoder = await createH264MP4Encoder();
  try {
    Object.assign(encoder, {
      ...size,
      frameRate: framesPerSecond,
      speed: 10,
      quantizationParameter: 26,
      groupOfPictures: framesPerSecond,
    });
    encoder.initialize();
    for (let frame = 0; frame < givenFrames + newFrames; frame += 1) {
      const share = (frame - givenFrames) / Math.max(1, newFrames - 1);
      encoder.addFrameYuv(share < 0 && given ? withBar(given, frame / givenFrames, size) : frameAt(share, parts, size));
      if (frame % framesAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    encoder.finalize();
    return await muxClip(Buffer.from(encoder.FS.readFile(encoder.outputFilename)), order.withAudio);
  } finally {
    encoder.delete();
  }
}

interface Parts {
  readonly first: Planes | null;
  readonly scene: Planes;
  readonly last: Planes | null;
}

/** First frame, scene, last frame, each standing and faded into the next; the scene alone where no frames were given. */
function frameAt(share: number, { first, scene, last }: Parts, size: PixelSize): Planes {
  if (first !== null && share <= fadeFrom) return first;
  if (last !== null && share >= 1 - fadeFrom) return last;
  const now = withBar(scene, share, size);
  if (first !== null && share < fadeTo) return fade(first, now, (share - fadeFrom) / (fadeTo - fadeFrom));
  if (last !== null && share > 1 - fadeTo) return fade(now, last, (share - 1 + fadeTo) / (fadeTo - fadeFrom));
  return now;
}

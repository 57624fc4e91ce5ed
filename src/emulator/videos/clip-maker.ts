// An order → the bytes of a real MP4 (H.264, 24 frames a second): the first frame, then a scene with the prompt and the
// rehearsal's band, then the last frame, one wiped over the other. First and last frames are those that were given.
// Loads the encoder and sharp when the first clip is made.

import type { Painter } from "../pictures/painter.ts";
import { type GivenPicture, makeThumbnails } from "../pictures/thumbnails.ts";
import type { PixelSize } from "../pixel-table.ts";
import type { VideoOrder } from "./video-rules.ts";

/** Planes of one frame, one after the other: brightness, then two of colour at half the size. */
type Planes = Buffer;

/** Shares of the new part's time in which a still stands or is wiped over. */
const wipeFrom = 0.2;
const wipeTo = 0.35;
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
    painter.paint({ prompt: words, caption: small, ...size, thumbnails, mimeType: "image/png", quality: 90 });
  const scene = await toPlanes(await paint(prompt, caption), size);
  const still = async (picture: GivenPicture | null): Promise<Planes> =>
    picture?.bytes === undefined || picture.bytes === null ? scene : await toPlanes(picture.bytes, size);
  // There is no decoder here: the clip that is extended is shown by its length.
  const given =
    givenSeconds === 0
      ? null
      : await toPlanes(await paint("the clip that was given", `${givenSeconds.toFixed(2)} s, ${resolution}`), size);
  const [first, last] = [given ?? (await still(order.firstFrame)), await still(order.lastFrame)];
  const givenFrames = Math.round(givenSeconds * framesPerSecond);
  const newFrames = Math.round(newSeconds * framesPerSecond);
  const { createH264MP4Encoder } = await import("h264-mp4-encoder");
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
      encoder.addFrameYuv(share < 0 ? first : frameAt(share, [first, scene, last], size));
      if (frame % framesAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    encoder.finalize();
    return Buffer.from(encoder.FS.readFile(encoder.outputFilename));
  } finally {
    encoder.delete();
  }
}

/** Stands, is wiped over, stands, is wiped over, stands. */
function frameAt(share: number, [first, scene, last]: readonly [Planes, Planes, Planes], size: PixelSize): Planes {
  if (share <= wipeFrom) return first;
  if (share < wipeTo) return wipe(first, scene, (share - wipeFrom) / (wipeTo - wipeFrom), size);
  if (share <= 1 - wipeTo) return scene;
  if (share < 1 - wipeFrom) return wipe(scene, last, (share - 1 + wipeTo) / (wipeTo - wipeFrom), size);
  return last;
}

/** The upper part of `to` over `from`; whole rows, so that it costs a copy and no arithmetic. */
function wipe(from: Planes, to: Planes, share: number, { width, height }: PixelSize): Planes {
  const rows = Math.round((height / 2) * share) * 2;
  const frame = Buffer.from(from);
  to.copy(frame, 0, 0, rows * width);
  const quarter = (width / 2) * (height / 2);
  for (const plane of [width * height, width * height + quarter]) {
    to.copy(frame, plane, plane, plane + (rows / 2) * (width / 2));
  }
  return frame;
}

/** A picture cut to the clip's shape, as brightness and colour (BT.601, narrow range). */
async function toPlanes(picture: Buffer, size: PixelSize): Promise<Planes> {
  const { width, height } = size;
  const { default: sharp } = await import("sharp");
  const raw = await sharp(picture, { autoOrient: true })
    .resize({ ...size, fit: "cover" })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer();
  const pixels = width * height;
  const planes = Buffer.alloc((pixels * 3) / 2);
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += 1) {
      const red = raw[at * 3] ?? 0;
      const green = raw[at * 3 + 1] ?? 0;
      const blue = raw[at * 3 + 2] ?? 0;
      planes[at] = ((66 * red + 129 * green + 25 * blue + 128) >> 8) + 16;
      if (row % 2 === 1 || column % 2 === 1) continue;
      const colour = pixels + (row / 2) * (width / 2) + column / 2;
      planes[colour] = ((-38 * red - 74 * green + 112 * blue + 128) >> 8) + 128;
      planes[colour + pixels / 4] = ((112 * red - 94 * green - 18 * blue + 128) >> 8) + 128;
    }
  }
  return planes;
}

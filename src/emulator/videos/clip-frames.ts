// Frames as the encoder wants them: a picture as planes, one faded into another, a bar that shows how far the clip is.

import type { PixelSize } from "../pixel-table.ts";

/** Planes of one frame, one after the other: brightness, then two of colour at half the size. */
export type Planes = Buffer;

const black = 16;
const white = 235;
const colourless = 128;

/** A picture cut to the clip's shape, as brightness and colour (BT.709, narrow range). */
export async function toPlanes(picture: Buffer, size: PixelSize): Promise<Planes> {
  const { width, height } = size;
  const { default: sharp } = await import("sharp");
  const raw = await sharp(picture, { autoOrient: true })
    .resize({ ...size, fit: "cover" })
    .flatten({ background: "#000000" })
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
      planes[at] = ((47 * red + 157 * green + 16 * blue + 128) >> 8) + black;
      if (row % 2 === 1 || column % 2 === 1) continue;
      const colour = pixels + (row / 2) * (width / 2) + column / 2;
      planes[colour] = ((-26 * red - 86 * green + 112 * blue + 128) >> 8) + colourless;
      planes[colour + pixels / 4] = ((112 * red - 102 * green - 10 * blue + 128) >> 8) + colourless;
    }
  }
  return planes;
}

/** `share` 0: all of `from`; 1: all of `to`. */
export function fade(from: Planes, to: Planes, share: number): Planes {
  const weight = Math.round(share * 256);
  const frame = Buffer.allocUnsafe(from.length);
  for (let at = 0; at < frame.length; at += 1) {
    const before = from[at] ?? 0;
    frame[at] = before + ((((to[at] ?? 0) - before) * weight) >> 8);
  }
  return frame;
}

/** The picture with a bar along its upper edge, white as far as `share`. */
export function withBar(picture: Planes, share: number, { width, height }: PixelSize): Planes {
  const frame = Buffer.from(picture);
  const rows = Math.max(1, Math.round(height / 120)) * 2;
  const reached = Math.round((Math.min(1, Math.max(0, share)) * width) / 2) * 2;
  for (let row = 0; row < rows; row += 1) {
    frame.fill(white, row * width, row * width + reached);
    frame.fill(black, row * width + reached, (row + 1) * width);
  }
  const quarter = (width / 2) * (height / 2);
  for (const plane of [width * height, width * height + quarter]) {
    frame.fill(colourless, plane, plane + (rows / 2) * (width / 2));
  }
  return frame;
}

// Keying: a picture drawn on a flat key colour becomes one with transparent parts, and it is told whether the background
// was flat enough for that. Pixels only; files are cut-out's business. After P. Vlahos' colour difference key, 1964.

import type { KeyColour } from "../../core/finishing.ts";
import { despill, keyAmount } from "./key-colour.ts";

/** Pixels in rows without padding: three bytes each on the way in, four on the way out. */
export interface Raster {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface KeyedRaster extends Raster {
  /** Why the result is not clean, half a sentence; `null` when the background was flat. */
  readonly flaw: string | null;
  /** Part of the picture that is transparent now, 0 to 1. */
  readonly transparentShare: number;
}

/** A pixel with this much of the background's own key colour is background. */
const BACKGROUND = 0.8;
/** A pixel with less than this is the subject's, noise of the compression included. */
const SUBJECT = 0.1;
/** Below this a colour is no key colour, however even it is. */
const LEAST_AMOUNT = 64;
/** Of the border: what must be background, and what may be neither background nor subject. */
const LEAST_BACKGROUND = 0.3;
const MOST_UNCLEAR = 0.06;
/** Of the whole picture: what may have a tint of the key colour away from any edge. A shadow or a floor has more. */
const MOST_TINTED = 0.01;
const CLEARLY_TINTED = 0.35;

/** The subject's edge is soft over this many pixels, more in larger pictures. */
const edgeRadius = (width: number, height: number): number => Math.max(2, Math.ceil(Math.max(width, height) / 700));

export function removeBackground({ pixels, width, height }: Raster, colour: KeyColour): KeyedRaster {
  const border = borderPixels(width, height);
  const key = backgroundColour(pixels, border, colour);
  const keyed = new Uint8Array(width * height * 4);
  if (key === null) {
    copyOpaque(pixels, keyed);
    return { pixels: keyed, width, height, flaw: `the picture's border is not ${colour}`, transparentShare: 0 };
  }
  const background = keyAmount(colour, ...key);
  const shares = new Float32Array(width * height);
  for (let pixel = 0; pixel < shares.length; pixel += 1) shares[pixel] = amountAt(pixels, pixel, colour) / background;
  const nearBackground = dilate(shares, width, height);
  let transparent = 0;
  let tinted = 0;
  for (let pixel = 0; pixel < shares.length; pixel += 1) {
    const share = shares[pixel] ?? 0;
    if (share >= BACKGROUND) {
      transparent += 1;
      // Left at nothing: what nobody sees compresses best.
    } else if (nearBackground[pixel] === 1) writeEdge(pixels, keyed, pixel, share, key, colour);
    else {
      writeOpaque(pixels, keyed, pixel);
      if (share >= CLEARLY_TINTED) tinted += 1;
    }
  }
  const transparentShare = transparent / shares.length;
  return {
    pixels: keyed,
    width,
    height,
    flaw: findFlaw(shares, border, tinted / shares.length, transparentShare, colour),
    transparentShare,
  };
}

function findFlaw(
  shares: Float32Array,
  border: readonly number[],
  tintedShare: number,
  transparentShare: number,
  colour: KeyColour,
): string | null {
  const count = (fits: (share: number) => boolean): number =>
    border.filter((pixel) => fits(shares[pixel] ?? 0)).length / border.length;
  const flat = count((share) => share >= BACKGROUND);
  if (flat < LEAST_BACKGROUND)
    return `only ${percent(flat)} of the picture's border is the ${colour} that was asked for`;
  const unclear = count((share) => share < BACKGROUND && share >= CLEARLY_TINTED);
  if (unclear > MOST_UNCLEAR) return `${percent(unclear)} of the picture's border is another ${colour} than the rest`;
  if (tintedShare > MOST_TINTED)
    return `${percent(tintedShare)} of the picture has a tint of ${colour} that is no edge`;
  if (transparentShare > 0.998) return "nothing is left of the picture without its background";
  return null;
}

const percent = (part: number): string => `${Math.max(1, Math.round(part * 100))} %`;

const amountAt = (pixels: Uint8Array, pixel: number, colour: KeyColour): number =>
  keyAmount(colour, pixels[pixel * 3] ?? 0, pixels[pixel * 3 + 1] ?? 0, pixels[pixel * 3 + 2] ?? 0);

/** Places of the pixels in a frame of a fiftieth of the picture. */
function borderPixels(width: number, height: number): number[] {
  const depth = Math.max(1, Math.round(Math.min(width, height) / 50));
  const places: number[] = [];
  for (let row = 0; row < height; row += 1) {
    const isEdgeRow = row < depth || row >= height - depth;
    for (let column = 0; column < width; column += 1) {
      if (isEdgeRow || column < depth || column >= width - depth) places.push(row * width + column);
    }
  }
  return places;
}

/** The middle of the border's colours that have the key in them: models do not draw it to the letter. */
function backgroundColour(
  pixels: Uint8Array,
  border: readonly number[],
  colour: KeyColour,
): [number, number, number] | null {
  const candidates = border.filter((pixel) => amountAt(pixels, pixel, colour) >= LEAST_AMOUNT);
  if (candidates.length < border.length * 0.1) return null;
  const middle = (channel: number): number => {
    const values = Uint8Array.from(candidates, (pixel) => pixels[pixel * 3 + channel] ?? 0).toSorted();
    return values[values.length >> 1] ?? 0;
  };
  return [middle(0), middle(1), middle(2)];
}

/** 1 where background is within the edge's radius. Rows first, then columns: a square, at a cost that the radius does not change. */
function dilate(shares: Float32Array, width: number, height: number): Uint8Array {
  const radius = edgeRadius(width, height);
  const rows = new Uint8Array(shares.length);
  const both = new Uint8Array(shares.length);
  for (let row = 0; row < height; row += 1) {
    spread(
      (at) => (shares[row * width + at] ?? 0) >= BACKGROUND,
      width,
      radius,
      (at) => (rows[row * width + at] = 1),
    );
  }
  for (let column = 0; column < width; column += 1) {
    spread(
      (at) => rows[at * width + column] === 1,
      height,
      radius,
      (at) => (both[at * width + column] = 1),
    );
  }
  return both;
}

function spread(isSet: (at: number) => boolean, length: number, radius: number, set: (at: number) => void): void {
  let last = -Infinity;
  for (let at = 0; at < length; at += 1) {
    if (isSet(at)) last = at;
    if (at - last <= radius) set(at);
  }
  last = Infinity;
  for (let at = length - 1; at >= 0; at -= 1) {
    if (isSet(at)) last = at;
    if (last - at <= radius) set(at);
  }
}

/** A pixel where subject and background are mixed: the background's part becomes transparency and leaves the colour. */
function writeEdge(
  from: Uint8Array,
  to: Uint8Array,
  pixel: number,
  share: number,
  key: readonly [number, number, number],
  colour: KeyColour,
): void {
  const opacity = Math.min(1, Math.max(0, 1 - (share - SUBJECT) / (BACKGROUND - SUBJECT)));
  const at = pixel * 4;
  for (const [channel, background] of key.entries()) {
    const mixed = from[pixel * 3 + channel] ?? 0;
    const own = opacity < 0.01 ? 0 : (mixed - (1 - opacity) * background) / opacity;
    to[at + channel] = Math.min(255, Math.max(0, Math.round(own)));
  }
  to[at + 3] = Math.round(opacity * 255);
  despill(colour, to, at);
}

function writeOpaque(from: Uint8Array, to: Uint8Array, pixel: number): void {
  for (let channel = 0; channel < 3; channel += 1) to[pixel * 4 + channel] = from[pixel * 3 + channel] ?? 0;
  to[pixel * 4 + 3] = 255;
}

function copyOpaque(from: Uint8Array, to: Uint8Array): void {
  for (let pixel = 0; pixel * 4 < to.length; pixel += 1) writeOpaque(from, to, pixel);
}

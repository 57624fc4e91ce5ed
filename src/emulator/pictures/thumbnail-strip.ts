// The row of reference pictures in a scene: each in a white frame with its number, in the order in which they came.
// Pure: thumbnails in, SVG out.

import type { Thumbnail } from "./thumbnails.ts";

/** A strip as SVG, and how much of the scene's height it takes from below. */
interface Strip {
  readonly svg: string;
  readonly heightPx: number;
}

/** Draws the numbers as it draws any text. */
export type WriteNumber = (text: string, centreX: number, top: number, sizePx: number) => string;

export function drawThumbnailStrip(
  thumbnails: readonly Thumbnail[],
  scene: { readonly width: number; readonly height: number },
  writeNumber: WriteNumber,
): Strip {
  if (thumbnails.length === 0) return { svg: "", heightPx: 0 };
  const { width, height } = scene;
  const gap = Math.min(width, height) * 0.015;
  const side = Math.min(height * 0.17, (width * 0.94) / thumbnails.length - gap);
  const numberSize = side * 0.2;
  const rowHeight = side + numberSize * 1.4;
  const top = height - rowHeight - gap;
  const left = (width - thumbnails.length * (side + gap) + gap) / 2;
  const cells = thumbnails.map((thumbnail, index) => {
    const x = left + index * (side + gap);
    return cell(thumbnail, x, top, side) + writeNumber(String(index + 1), x + side / 2, top + side, numberSize);
  });
  const plate = `<rect x="${fixed(left - gap)}" y="${fixed(top - gap)}" width="${fixed(thumbnails.length * (side + gap) + gap)}" height="${fixed(rowHeight + gap * 2)}" fill="#0b1020" fill-opacity="0.7"/>`;
  return { svg: [plate, ...cells].join("\n"), heightPx: rowHeight + gap * 2 };
}

function cell(thumbnail: Thumbnail, x: number, y: number, side: number): string {
  const scale = side / Math.max(thumbnail.width, thumbnail.height);
  const [width, height] = [thumbnail.width * scale, thumbnail.height * scale];
  const place = `x="${fixed(x + (side - width) / 2)}" y="${fixed(y + (side - height) / 2)}" width="${fixed(width)}" height="${fixed(height)}"`;
  const frame = `fill="none" stroke="#fff" stroke-width="${fixed(Math.max(1, side * 0.015))}"`;
  if (thumbnail.href === null) return `<rect ${place} fill="#808080" stroke="#fff"/>`;
  return `<image ${place} href="${thumbnail.href}"/><rect ${place} ${frame}/>`;
}

function fixed(number: number): string {
  return String(Math.round(number * 100) / 100);
}

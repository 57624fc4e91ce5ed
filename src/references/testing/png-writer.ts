// A PNG writer that writes every form there is, and wrong ones: colour types, bit depths, filters, interlacing, any chunk.
// Source: the PNG specification, third edition, 2025.

import { crc32, deflateSync } from "node:zlib";

export type ColourType = 0 | 2 | 3 | 4 | 6;

export interface PngForm {
  readonly colour: ColourType;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** Filter of a line; 99: another one for each line. Default 0. */
  readonly filter?: number;
  readonly level?: number;
  /** Chunks between IHDR and the palette, and between the palette and the pixels. */
  readonly before?: readonly Buffer[];
  readonly after?: readonly Buffer[];
  /** How many IDAT chunks; 0: one for each byte. Default 1. */
  readonly pieces?: number;
}

export const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function chunk(type: string, data: Buffer | readonly number[] = [], checksum?: number): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), Buffer.from(data)]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(body.length - 4);
  body.copy(framed, 4);
  framed.writeUInt32BE(checksum ?? crc32(body), body.length + 4);
  return framed;
}

export function ihdr(width: number, height: number, depth: number, colour: number, interlaced = false): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return data;
}

export function writePng(form: PngForm): Buffer {
  const { colour, depth, interlaced = false, width = 32, height = 32, pieces = 1 } = form;
  const packed = deflateSync(scanLines(form), { level: form.level ?? 6 });
  const size = pieces === 0 ? 1 : Math.ceil(packed.length / pieces);
  const data = Array.from({ length: Math.ceil(packed.length / size) }, (_, index) =>
    chunk("IDAT", packed.subarray(index * size, (index + 1) * size)),
  );
  return Buffer.concat([
    signature,
    chunk("IHDR", ihdr(width, height, depth, colour, interlaced)),
    ...(form.before ?? []),
    ...(colour === 3 ? [chunk("PLTE", palette(depth))] : []),
    ...(form.after ?? []),
    ...data,
    chunk("IEND"),
  ]);
}

/** As many colours as the depth has, from black to orange. */
export function palette(depth: number): Buffer {
  const count = 2 ** depth;
  return Buffer.from(
    Array.from({ length: count }, (_, index) => [(index * 255) / (count - 1), (index * 128) / (count - 1), 0]).flat(),
  );
}

const channelsOf: Readonly<Record<ColourType, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Filtered lines of all passes. */
export function scanLines(form: PngForm): Buffer {
  const { interlaced = false, width = 32, height = 32, filter = 0 } = form;
  const passes = interlaced ? adam7 : ([[0, 0, 1, 1]] as const);
  return Buffer.concat(
    passes.flatMap(([x0, y0, dx, dy]) => {
      const columns = Math.ceil((width - x0) / dx);
      const rows = Math.ceil((height - y0) / dy);
      if (columns <= 0 || rows <= 0) return [];
      let previous: Buffer | null = null;
      return Array.from({ length: rows }, (_, row) => {
        const line = packLine(form, columns, (column) => [x0 + column * dx, y0 + row * dy]);
        const filtered = filterLine(line, previous, filter === 99 ? row % 5 : filter, bytesPerPixel(form));
        previous = line;
        return filtered;
      });
    }),
  );
}

function bytesPerPixel({ colour, depth }: PngForm): number {
  return Math.max(1, (channelsOf[colour] * depth) / 8);
}

function packLine(
  { colour, depth, width = 32, height = 32 }: PngForm,
  columns: number,
  at: (column: number) => [number, number],
): Buffer {
  const channels = channelsOf[colour];
  const bits = columns * channels * depth;
  const line = Buffer.alloc(Math.ceil(bits / 8));
  const most = 2 ** depth - 1;
  for (let column = 0; column < columns; column += 1) {
    const [x, y] = at(column);
    const shades = [x / Math.max(1, width - 1), y / Math.max(1, height - 1), 0.5, 1 - x / Math.max(1, width)];
    for (let channel = 0; channel < channels; channel += 1) {
      const value = Math.round((shades[channel] ?? 0) * most);
      const bit = (column * channels + channel) * depth;
      if (depth === 16) line.writeUInt16BE(value, bit / 8);
      else line[bit >> 3] = (line[bit >> 3] ?? 0) | (value << (8 - depth - (bit & 7)));
    }
  }
  return line;
}

function filterLine(line: Buffer, previous: Buffer | null, filter: number, step: number): Buffer {
  const filtered = Buffer.alloc(line.length + 1);
  filtered[0] = filter;
  for (const [index, value] of line.entries()) {
    const left = line[index - step] ?? 0;
    const up = previous?.[index] ?? 0;
    const corner = index >= step ? (previous?.[index - step] ?? 0) : 0;
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    filtered[index + 1] = (value - predicted) & 255;
  }
  return filtered;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

// Pixel tables: which picture a ratio and a size give. Source: ai.google.dev image-generation page, copy of 2026-02-28
// (google-apis facts §2.2); real pictures can be off by a few pixels.

import type { Pixels } from "../../core/plan.ts";
import type { Model, Size } from "./model.ts";

type Table = Readonly<Record<string, readonly [number, number]>>;

/** The 1K column; 2K and 4K are exactly twice and four times as wide and high. */
const gemini3At1K: Table = {
  "1:1": [1024, 1024],
  "2:3": [848, 1264],
  "3:2": [1264, 848],
  "3:4": [896, 1200],
  "4:3": [1200, 896],
  "4:5": [928, 1152],
  "5:4": [1152, 928],
  "9:16": [768, 1376],
  "16:9": [1376, 768],
  "21:9": [1584, 672],
  "1:4": [512, 2048],
  "4:1": [2048, 512],
  "1:8": [384, 3072],
  "8:1": [3072, 384],
};

/** Half of the 1K column, in multiples of eight, and so listed apart. 21:9: the page says 792×168, which is no 21:9; 792×336 is. */
const gemini3At512: Table = {
  "1:1": [512, 512],
  "2:3": [424, 632],
  "3:2": [632, 424],
  "3:4": [448, 600],
  "4:3": [600, 448],
  "4:5": [464, 576],
  "5:4": [576, 464],
  "9:16": [384, 688],
  "16:9": [688, 384],
  "21:9": [792, 336],
  "1:4": [256, 1024],
  "4:1": [1024, 256],
  "1:8": [192, 1536],
  "8:1": [1536, 192],
};

const gemini25: Table = {
  "1:1": [1024, 1024],
  "2:3": [832, 1248],
  "3:2": [1248, 832],
  "3:4": [864, 1184],
  "4:3": [1184, 864],
  "4:5": [896, 1152],
  "5:4": [1152, 896],
  "9:16": [768, 1344],
  "16:9": [1344, 768],
  "21:9": [1536, 672],
};

const imagen4At1K: Table = {
  "1:1": [1024, 1024],
  "3:4": [896, 1280],
  "4:3": [1280, 896],
  "9:16": [768, 1408],
  "16:9": [1408, 768],
};

const factors: Readonly<Record<Size, number>> = { "512": 1, "1K": 1, "2K": 2, "4K": 4 };

const tables: Readonly<Record<NonNullable<Model["pixels"]>, Readonly<Record<Size, Table>>>> = {
  "gemini-3": { "512": gemini3At512, "1K": gemini3At1K, "2K": gemini3At1K, "4K": gemini3At1K },
  "gemini-2.5": { "512": gemini25, "1K": gemini25, "2K": gemini25, "4K": gemini25 },
  "imagen-4": { "512": imagen4At1K, "1K": imagen4At1K, "2K": imagen4At1K, "4K": imagen4At1K },
};

/** The picture that the table promises; `undefined` for a ratio or size that the model does not draw. */
export function pixelsFor(model: Model, ratio: string, size: Size): Pixels | undefined {
  if (!model.ratios.includes(ratio) || !model.sizes.includes(size)) return undefined;
  const entry = model.pixels === null ? undefined : tables[model.pixels][size][ratio];
  if (!entry) return undefined;
  const factor = factors[size];
  return { width: entry[0] * factor, height: entry[1] * factor };
}

export interface PictureShape extends Pixels {
  readonly ratio: string;
  readonly size: Size;
}

/** Every picture that the model draws. */
function shapesOf(model: Model): PictureShape[] {
  return model.sizes.flatMap((size) =>
    model.ratios.flatMap((ratio) => {
      const pixels = pixelsFor(model, ratio, size);
      return pixels ? [{ ratio, size, ...pixels }] : [];
    }),
  );
}

/** The shape with exactly these pixels; `undefined` when the model draws none. */
export function matchPixels(model: Model, width: number, height: number): PictureShape | undefined {
  return shapesOf(model).find((shape) => shape.width === width && shape.height === height);
}

/** The shape that comes closest to these pixels, ratio first. */
export function nearestShape(model: Model, width: number, height: number): PictureShape | undefined {
  const distance = (shape: PictureShape): number =>
    Math.abs(Math.log(((shape.width / shape.height) * height) / width)) * 4 +
    Math.abs(Math.log((shape.width * shape.height) / (width * height)));
  return shapesOf(model).toSorted((a, b) => distance(a) - distance(b))[0];
}

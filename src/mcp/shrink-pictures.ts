// Shrinks pictures, in the process that does nothing else. Paths come as one line of JSON, base64 goes back as one.

import type { Readable, Writable } from "node:stream";
import { asArray, asText, parseObject } from "../core/json-field.ts";

/** From the finest to the coarsest that is still worth looking at. */
const STEPS = [
  { pixels: 512, quality: 75 },
  { pixels: 512, quality: 50 },
  { pixels: 320, quality: 50 },
  { pixels: 160, quality: 40 },
] as const;
/** 4K in every ratio has less. */
const MOST_PIXELS = 64_000_000;

export async function shrinkPictures(paths: readonly string[], longestBase64: number): Promise<(string | null)[]> {
  const shrunk: (string | null)[] = [];
  for (const path of paths) shrunk.push(await shrink(path, longestBase64));
  return shrunk;
}

async function shrink(path: string, longestBase64: number): Promise<string | null> {
  try {
    const { default: sharp } = await import("sharp");
    for (const { pixels, quality } of STEPS) {
      const small = await sharp(path, { limitInputPixels: MOST_PIXELS })
        .resize(pixels, pixels, { fit: "inside", withoutEnlargement: true })
        .flatten({ background: "#ffffff" })
        .jpeg({ quality })
        .toBuffer();
      const data = small.toString("base64");
      if (data.length <= longestBase64) return data;
    }
    return null;
  } catch {
    return null;
  }
}

/** The process's whole work: one wish in, one answer out. Called by bin/thumbnail.cjs. */
export async function serveShrinking(input: Readable, output: Writable): Promise<void> {
  let text = "";
  for await (const piece of input.setEncoding("utf8") as AsyncIterable<string>) text += piece;
  const wish = parseObject(text);
  const paths = asArray(wish?.["paths"]).map((path) => asText(path) ?? "");
  output.write(JSON.stringify(await shrinkPictures(paths, Number(wish?.["longestBase64"] ?? 0))));
}

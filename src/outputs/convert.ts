// Conversion: the file that was asked for by name is really of that kind. Lossless wherever the format can be.

import { readFileSync } from "node:fs";
import type { Sharp } from "sharp";
import type { PictureFormat } from "../core/plan.ts";
import { ToolError } from "../core/tool-error.ts";
import { type FinishedPart, openPartAt, type PartPlace } from "./part-file.ts";

/** Above the largest picture of any model (12288 × 1536, 4096 × 4096), far below what exhausts the memory. */
export const MOST_PIXELS = 150_000_000;

const names: Readonly<Record<PictureFormat, string>> = { png: "PNG", jpeg: "JPEG", webp: "WebP" };

export interface ConversionWish {
  readonly format: PictureFormat;
  /** 1 to 100, for JPEG and WebP. Without it PNG and WebP lose nothing, and JPEG as little as can be. */
  readonly quality?: number;
}

export interface Conversion {
  readonly part: FinishedPart;
  /** What the caller should know. */
  readonly notes: readonly string[];
}

/**
 * Writes the picture again in another format, into a part file of its own; the first stays.
 *
 * @throws ToolError `answer-damaged` when the decoder cannot read the picture; the system's error when the disk refuses.
 */
export async function convertPart(
  source: FinishedPart,
  wish: ConversionWish,
  name: string,
  place: PartPlace,
): Promise<Conversion> {
  const { default: sharp } = await import("sharp");
  // One picture at a time: the cache would only hold what is not asked for again.
  sharp.cache(false);
  const picture = sharp(readFileSync(source.path), {
    limitInputPixels: MOST_PIXELS,
    failOn: "warning",
  })
    .autoOrient()
    .keepIccProfile();
  const bytes = await encode(picture, wish)
    .toBuffer()
    .catch((error: unknown) => {
      throw new ToolError("answer-damaged", {
        message: `The picture cannot be decoded: ${error instanceof Error ? error.message : String(error)}.`,
      });
    });
  const part = openPartAt(place, name);
  try {
    part.write(bytes);
    return { part: part.finish(), notes: notesOn(source, wish) };
  } finally {
    part.discard();
  }
}

/** Of JPEG when nothing is asked. */
const BEST_QUALITY = 95;

/** The picture on its way to a file of this kind. */
export function encode(picture: Sharp, { format, quality }: ConversionWish): Sharp {
  if (format === "png") return picture.png({ compressionLevel: 6 });
  if (format === "webp") return picture.webp(quality === undefined ? { lossless: true } : { quality });
  return picture
    .flatten({ background: "#ffffff" })
    .jpeg({ quality: quality ?? BEST_QUALITY, chromaSubsampling: "4:4:4" });
}

function notesOn({ finding }: FinishedPart, { format, quality }: ConversionWish): string[] {
  const came = finding.format === null ? "another format" : names[finding.format];
  const chosen = format === "jpeg" ? (quality ?? BEST_QUALITY) : quality;
  const notes = [
    chosen === undefined
      ? `The picture came as ${came} and was saved as a real ${names[format]} without further loss.`
      : `The picture came as ${came} and was saved as ${names[format]}, quality ${chosen}: not without loss.`,
  ];
  if (finding.hasProvenance) {
    notes.push(
      "The provider's C2PA provenance mark does not survive a change of format; without -o a file name the bytes stay as received.",
    );
  }
  return notes;
}

// Cut-out: from the picture as it came, drawn on a key colour, to a file with transparent parts. The picture as it came
// stays: what is made of it can be made again, and better.

import { readFileSync } from "node:fs";
import type { KeyColour } from "../../core/finishing.ts";
import { ToolError } from "../../core/tool-error.ts";
import { type ConversionWish, encode, MOST_PIXELS } from "../convert.ts";
import { type FinishedPart, openPartAt, type PartPlace } from "../part-file.ts";
import { removeBackground } from "./remove-background.ts";

export interface CutOut {
  readonly part: FinishedPart;
  /** What the caller should know. */
  readonly notes: readonly string[];
  /** Why it is not clean, a sentence; `null` when the background was flat. */
  readonly flaw: string | null;
}

/**
 * Writes the picture without its background, into a part file of its own beside the first.
 *
 * @throws ToolError `answer-damaged` when the decoder cannot read the picture; the system's error when the disk refuses.
 */
export async function cutOut(
  source: FinishedPart,
  colour: KeyColour,
  wish: ConversionWish,
  name: string,
  place: PartPlace,
): Promise<CutOut> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  const { data, info } = await sharp(readFileSync(source.path), { limitInputPixels: MOST_PIXELS, failOn: "warning" })
    .autoOrient()
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new ToolError("answer-damaged", {
        message: `The picture cannot be decoded: ${error instanceof Error ? error.message : String(error)}.`,
      });
    });
  const { width, height } = info;
  const keyed = removeBackground({ pixels: data, width, height }, colour);
  const picture = sharp(keyed.pixels, { raw: { width, height, channels: 4 }, limitInputPixels: MOST_PIXELS });
  const part = openPartAt(place, name);
  try {
    part.write(await encode(picture, wish).toBuffer());
    return {
      part: part.finish(),
      notes: [
        `The background was taken out on this machine: ${Math.round(keyed.transparentShare * 100)} % of the picture is transparent.`,
        ...(source.finding.hasProvenance ? ["The provider's C2PA provenance mark does not survive that."] : []),
      ],
      flaw: keyed.flaw === null ? null : `The background could not be taken out cleanly: ${keyed.flaw}.`,
    };
  } finally {
    part.discard();
  }
}

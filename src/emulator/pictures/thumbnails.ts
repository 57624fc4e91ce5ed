// Reference pictures made small, so that the answer can show that all of them arrived and in which order. Decoding them is
// also the last check that they are what they say: Google's decoder would stumble over the same ones.

import { refuse } from "../google-error.ts";

/** A picture of the user's as it came: its bytes, or null where there is only a link. */
export interface GivenPicture {
  readonly mimeType: string;
  readonly bytes: Buffer | null;
}

/** A small picture to draw; `href` is null for what cannot be shown (links, heic). */
export interface Thumbnail {
  readonly href: string | null;
  readonly width: number;
  readonly height: number;
}

const sidePx = 192;
const unshown: Thumbnail = { href: null, width: sidePx, height: sidePx };
/** sharp's build decodes no HEVC. */
const undecoded: readonly string[] = ["image/heic", "image/heif"];

/** Thumbnails in the order given; stops with 400 at a picture that cannot be decoded. */
export async function makeThumbnails(pictures: readonly GivenPicture[]): Promise<readonly Thumbnail[]> {
  if (pictures.length === 0) return [];
  const { default: sharp } = await import("sharp");
  const thumbnails: Thumbnail[] = [];
  // One after the other: fourteen large pictures at once would be too much for a small machine.
  for (const { bytes, mimeType } of pictures) {
    if (bytes === null || undecoded.includes(mimeType)) {
      thumbnails.push(unshown);
      continue;
    }
    try {
      const { data, info } = await sharp(bytes, { failOn: "error", autoOrient: true })
        .resize({ width: sidePx, height: sidePx, fit: "inside" })
        .png()
        .toBuffer({ resolveWithObject: true });
      const href = `data:image/png;base64,${data.toString("base64")}`;
      thumbnails.push({ href, width: info.width, height: info.height });
    } catch {
      refuse({
        code: 400,
        message:
          "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
      });
    }
  }
  return thumbnails;
}

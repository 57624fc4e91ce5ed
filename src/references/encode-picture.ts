// One picture, decoded and encoded anew: upright, without its metadata, in the size that is sent. What leaves the machine are
// pixels that were seen, never bytes that were given; a file that is no picture cannot pass.

import { createHash } from "node:crypto";
import { isToolError } from "../core/tool-error.ts";
import { decodeHeic } from "./heic.ts";
import { type PictureKind, pictureKindOf } from "./picture-kind.ts";
import { megabytes, refuse } from "./refuse.ts";
import { isLossyWebp } from "./webp-form.ts";

export interface EncodeLimits {
  /** Longer sides are scaled down to this; `null`: sent in full size. */
  readonly longestSide: number | null;
  /** A picture that takes more bytes without loss is sent as JPEG. */
  readonly losslessUpToBytes: number;
}

export interface EncodedPicture {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly mimeType: "image/png" | "image/jpeg";
  readonly width: number;
  readonly height: number;
  /** What was done that the caller may want to know; each goes on after the reference's name. */
  readonly notices: readonly string[];
}

/** 100 megapixels decoded line by line take little memory… */
const MOST_PIXELS = 100_000_000;
/** …but kinds and forms that must be held whole take up to eight bytes for each. */
const MOST_PIXELS_AT_ONCE = 40_000_000;

/** Without optimised Huffman tables, for which all coefficients would be held in memory: the file is a few per cent larger. */
const JPEG = { quality: 95, chromaSubsampling: "4:4:4", optimizeCoding: false } as const;

const howToConvert: Readonly<Record<string, string>> = {
  tiff: "a TIFF picture; save it as PNG",
  bmp: "a BMP picture; save it as PNG",
  svg: "an SVG drawing; export it as PNG",
  pdf: "a PDF document; export its page as PNG",
  psd: "a Photoshop file; export it as PNG",
  jxl: "a JPEG XL picture; save it as JPEG or PNG",
  jp2: "a JPEG 2000 picture; save it as JPEG or PNG",
  ico: "an icon; save it as PNG",
};

/**
 * @throws ToolError `reference-not-usable` or `reference-too-large`.
 */
export async function encodePicture(input: Buffer, limits: EncodeLimits): Promise<EncodedPicture> {
  const kind = decodableKind(input);
  const { default: sharp } = await import("sharp");
  try {
    const header = await sharp(input, { limitInputPixels: MOST_PIXELS }).metadata();
    checkHeader(header, kind);
    const { longestSide } = limits;
    const source = kind === "heic" ? await decodeHeic(input) : input;
    const { hasAlpha } = kind === "heic" ? await sharp(source).metadata() : header;
    const picture = sharp(source, {
      limitInputPixels: MOST_PIXELS,
      failOn: "warning",
      autoOrient: true,
      pages: 1,
    });
    if (longestSide !== null) {
      picture.resize({ width: longestSide, height: longestSide, fit: "inside", withoutEnlargement: true });
    }
    const isLossy = !hasAlpha && wasLossy(kind, input);
    const encoded = await (isLossy ? picture.jpeg(JPEG) : picture.png({ compressionLevel: 6 })).toBuffer({
      resolveWithObject: true,
    });
    const { width, height } = encoded.info;
    const notices = noticesOn(kind, header.pages ?? 1);
    const heavy = encoded.data.byteLength;
    if (isLossy || hasAlpha || heavy <= limits.losslessUpToBytes) {
      return described(encoded.data, isLossy ? "image/jpeg" : "image/png", width, height, notices);
    }
    const lighter = await sharp(encoded.data).jpeg(JPEG).toBuffer();
    const notice = `is sent as JPEG: without loss it has ${megabytes(heavy)}.`;
    return described(lighter, "image/jpeg", width, height, [...notices, notice]);
  } catch (error) {
    throw isToolError(error) ? error : undecodable(error, kind);
  }
}

/** Whether the picture has lost something already, so that JPEG loses it nothing that counts. */
function wasLossy(kind: PictureKind, input: Buffer): boolean {
  return kind === "jpeg" || kind === "avif" || kind === "heic" || (kind === "webp" && isLossyWebp(input));
}

/** The kind, when it is one that is decoded. */
function decodableKind(input: Buffer): PictureKind {
  const kind = pictureKindOf(input);
  switch (kind) {
    case "png":
    case "jpeg":
    case "webp":
    case "gif":
    case "avif":
    case "heic":
      return kind;
    case null:
      return refuse("reference-not-usable", "is no picture of a known kind, whatever its name says.");
    default:
      return refuse("reference-not-usable", `is ${howToConvert[kind]}.`);
  }
}

interface Header {
  readonly format?: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly isProgressive?: boolean | undefined;
}

/** The decoder must have seen what we have seen, and what it will need must fit into memory. */
function checkHeader({ format, width, height, isProgressive }: Header, kind: PictureKind): void {
  const isHeif = kind === "avif" || kind === "heic";
  if (format !== (isHeif ? "heif" : kind)) {
    refuse("reference-not-usable", "is not what its first bytes say it is.");
  }
  const isHeldWhole = isProgressive === true || isHeif || kind === "webp" || kind === "gif";
  const most = isHeldWhole ? MOST_PIXELS_AT_ONCE : MOST_PIXELS;
  if (width * height > most) refuse("reference-too-large", tooManyPixels(width, height, most));
}

function tooManyPixels(width: number, height: number, most: number): string {
  return `has ${width} x ${height} pixels; at most ${most / 1_000_000} million are decoded.`;
}

function noticesOn(kind: PictureKind, pages: number): string[] {
  if (kind === "gif")
    return [`is a GIF${pages > 1 ? ` of ${pages} pictures` : ""}: its first picture is sent, as PNG.`];
  return pages > 1 ? [`holds ${pages} pictures: only the first is sent.`] : [];
}

function described(
  bytes: Uint8Array,
  mimeType: EncodedPicture["mimeType"],
  width: number,
  height: number,
  notices: readonly string[],
): EncodedPicture {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { bytes, sha256, mimeType, width, height, notices };
}

/** The decoder's own words, one line of them. */
function undecodable(error: unknown, kind: PictureKind): Error {
  const words = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]?.slice(0, 160) ?? "";
  try {
    if (/pixel limit/i.test(words)) {
      return refuse(
        "reference-too-large",
        `has more than ${MOST_PIXELS / 1_000_000} million pixels, the most that are decoded.`,
      );
    }
    return refuse(
      "reference-not-usable",
      `is damaged: it begins as ${kind.toUpperCase()} but cannot be decoded (${words}).`,
    );
  } catch (refusal) {
    return refusal instanceof Error ? refusal : new Error(String(refusal));
  }
}

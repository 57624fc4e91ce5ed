// What kind of picture some bytes are, from the bytes themselves: no name, no label of a server's is believed.
// Only what is recognised here reaches the decoder, so that no format is opened that was not meant.

/** Kinds that are decoded. */
export type PictureKind = "png" | "jpeg" | "webp" | "gif" | "avif" | "heic";

/** Kinds that are recognised to say something useful, and refused. */
type RefusedKind = "tiff" | "bmp" | "svg" | "pdf" | "psd" | "jxl" | "jp2" | "ico";

const START = 1024;

export function pictureKindOf(bytes: Uint8Array): PictureKind | RefusedKind | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, START));
  const begins = (hex: string, at = 0): boolean =>
    start.subarray(at, at + hex.length / 2).equals(Buffer.from(hex, "hex"));
  const ascii = (from: number, to: number): string => start.toString("latin1", from, to);

  if (begins("89504e470d0a1a0a")) return "png";
  if (begins("ffd8ff")) return "jpeg";
  if (ascii(0, 4) === "RIFF" && ascii(8, 12) === "WEBP") return "webp";
  if (/^GIF8[79]a/.test(ascii(0, 6))) return "gif";
  if (ascii(4, 8) === "ftyp") return isoMediaKind(start);
  if (begins("49492a00") || begins("4d4d002a") || begins("49492b00") || begins("4d4d002b")) return "tiff";
  if (ascii(0, 2) === "BM" && start.length >= 26) return "bmp";
  if (ascii(0, 5) === "%PDF-") return "pdf";
  if (ascii(0, 4) === "8BPS") return "psd";
  if (begins("ff0a") || begins("0000000c4a584c20")) return "jxl";
  if (begins("0000000c6a502020")) return "jp2";
  if (begins("00000100") && start.length > 22) return "ico";
  const text = start
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  return /^(?:<\?xml[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(text) ? "svg" : null;
}

/** HEIF's family tells by its brands, the main one first, which codec is inside. Source: ISO/IEC 23008-12 and AV1 in HEIF. */
function isoMediaKind(start: Buffer): PictureKind | RefusedKind | null {
  const length = Math.min(start.length, start.length >= 4 ? start.readUInt32BE(0) : 0);
  const brands: string[] = [start.toString("latin1", 8, 12)];
  for (let at = 16; at + 4 <= length; at += 4) brands.push(start.toString("latin1", at, at + 4));
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return "avif";
  if (brands.some((brand) => /^(?:he(?:ic|ix|vc|vx|im|is|if)|mif1|msf1)$/.test(brand))) return "heic";
  return null;
}

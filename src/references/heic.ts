// HEIC pictures, which telephones make: their codec (HEVC) is missing in sharp's build and comes as WebAssembly, which reaches
// nothing but the bytes it is given. Out comes an ordinary PNG for the way that all other pictures go.

import { crc32, deflateSync } from "node:zlib";
import { refuse } from "./refuse.ts";

interface Pixels {
  /** RGBA without gaps. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The main picture, upright, with its colour profile. How many pixels it may have was checked by its header.
 *
 * @throws ToolError `reference-not-usable`.
 */
export async function decodeHeic(input: Buffer): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  const { data, width, height } = await pixelsOf(input);
  const { icc } = await sharp(input).metadata();
  const pixels = sharp(data, { raw: { width, height, channels: 4 } });
  const picture = isOpaque(data) ? pixels.removeAlpha() : pixels;
  // It is read again at once: time matters, size does not.
  const png = await picture.png({ compressionLevel: 1 }).toBuffer();
  return icc === undefined ? png : withProfile(png, icc);
}

/** In an instance of its own: what a malicious picture could do to its memory ends with it. */
async function pixelsOf(input: Buffer): Promise<Pixels> {
  const { default: createLibheif } = await import("libheif-js/libheif-wasm/libheif-bundle.js");
  const silent = { print: () => {}, printErr: () => {} };
  const libheif = createLibheif(silent);
  const context = libheif.heif_context_alloc();
  try {
    if (libheif.heif_context_read_from_memory(context, input).code !== libheif.heif_error_code.heif_error_Ok) {
      return undecodable();
    }
    const handle = libheif.heif_js_context_get_primary_image_handle(context);
    if ("code" in handle) return undecodable();
    const { heif_colorspace: space, heif_chroma: chroma, heif_channel: channel } = libheif;
    const decoded = await libheif.heif_js_decode_image2(
      handle,
      space.heif_colorspace_RGB,
      chroma.heif_chroma_interleaved_RGBA,
    );
    libheif.heif_image_handle_release(handle);
    if ("code" in decoded) return undecodable();
    const found = decoded.channels.find(({ id }) => id === channel.heif_channel_interleaved);
    if (!found) return undecodable();
    const { width, height, stride } = found;
    const data = new Uint8Array(width * height * 4);
    for (let line = 0; line < height; line += 1) {
      data.set(found.data.subarray(line * stride, line * stride + width * 4), line * width * 4);
    }
    libheif.heif_image_release(decoded.image);
    return { data, width, height };
  } finally {
    libheif.heif_context_free(context);
  }
}

function undecodable(): never {
  return refuse("reference-not-usable", "is damaged: it begins as HEIC but cannot be decoded.");
}

function isOpaque(rgba: Uint8Array): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}

/** The PNG with its colours explained: an iCCP chunk after the header, which always ends at byte 33. */
function withProfile(png: Buffer, icc: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("iCCPprofile\0\0", "latin1"), deflateSync(icc)]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(body.length - 4);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([png.subarray(0, 33), framed, png.subarray(33)]);
}

// Prompt → picture bytes: scene, raster, encoding, mark, and a small memory of what was drawn before.
// Loads resvg and sharp when the first picture is drawn, never before: a rehearsal must start as fast as anything else.

import { type FontShelf, openFontShelf } from "./font-shelf.ts";
import { createInkMeasure } from "./ink-measure.ts";
import { markPicture } from "./picture-mark.ts";
import { drawScene, type SceneSpec } from "./scene.ts";

/** One picture to draw. */
export interface PictureSpec extends SceneSpec {
  readonly mimeType: "image/png" | "image/jpeg";
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
}

/** Draws pictures; the same spec gives the same bytes. */
export interface Painter {
  paint(spec: PictureSpec): Promise<Buffer>;
}

/** Bytes of pictures kept for repeated orders. */
const memoryLimitBytes = 48 * 1_048_576;

/** A painter with its own memory. */
export function createPainter(): Painter {
  const memory = new Map<string, Promise<Buffer>>();
  const sizes = new Map<string, number>();
  let shelf: FontShelf | null = null;
  const draw = async (spec: PictureSpec): Promise<Buffer> => {
    const { Resvg } = await import("@resvg/resvg-js");
    shelf ??= openFontShelf(createInkMeasure(Resvg));
    return rasterise(drawScene(spec, shelf), spec, shelf);
  };
  const forgetOldest = (): void => {
    let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const [key, size] of sizes) {
      if (total <= memoryLimitBytes) return;
      memory.delete(key);
      sizes.delete(key);
      total -= size;
    }
  };
  return {
    paint: async (spec) => {
      const key = JSON.stringify(spec);
      const known = memory.get(key);
      if (known !== undefined) return known;
      const drawing = draw(spec);
      memory.set(key, drawing);
      try {
        const bytes = await drawing;
        sizes.set(key, bytes.length + key.length);
        forgetOldest();
        return bytes;
      } catch (error) {
        memory.delete(key);
        throw error;
      }
    },
  };
}

async function rasterise(svg: string, spec: PictureSpec, shelf: FontShelf): Promise<Buffer> {
  const [{ renderAsync }, { default: sharp }] = await Promise.all([import("@resvg/resvg-js"), import("sharp")]);
  const image = await renderAsync(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: shelf.fonts.map((font) => font.file),
      defaultFontFamily: shelf.fonts[0]?.family ?? "",
    },
    logLevel: "off",
  });
  // The raster is opaque everywhere (the sky covers it), so the alpha channel can go.
  const pixels = sharp(image.pixels, { raw: { width: spec.width, height: spec.height, channels: 4 } }).removeAlpha();
  const encoded =
    spec.mimeType === "image/png"
      ? await pixels.png({ compressionLevel: 4, adaptiveFiltering: false }).toBuffer()
      : await pixels.jpeg({ quality: spec.quality, mozjpeg: false }).toBuffer();
  return markPicture(encoded, spec.mimeType);
}

// What kind of picture arrives, told from its first bytes, and whether its structure is whole. The label of the sender is not asked.

import type { PictureFormat } from "../../core/plan.ts";
import { createJpegCheck } from "./jpeg.ts";
import { createPngCheck } from "./png.ts";
import type { StructureCheck, StructureFinding } from "./structure.ts";
import { createWebpCheck } from "./webp.ts";

export interface PictureFinding extends StructureFinding {
  /** `null`: no kind of picture that is published. */
  readonly format: PictureFormat | null;
  /** What it is instead, for people: `GIF`, `HTML`; `null` for a known format or something unknown. */
  readonly foreignKind: string | null;
}

const SNIFFED_BYTES = 16;

const formats: readonly {
  readonly format: PictureFormat;
  readonly fits: (head: Buffer) => boolean;
  readonly create: () => StructureCheck;
}[] = [
  { format: "png", fits: (head) => head.readUInt32BE(0) === 0x89504e47, create: createPngCheck },
  { format: "jpeg", fits: (head) => head.readUInt16BE(0) === 0xffd8, create: createJpegCheck },
  {
    format: "webp",
    fits: (head) => head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WEBP",
    create: createWebpCheck,
  },
];

const foreignKinds: readonly (readonly [string, RegExp])[] = [
  ["GIF", /^GIF8/],
  ["BMP", /^BM/],
  ["TIFF", /^(?:II\*\0|MM\0\*)/],
  ["AVIF or HEIF", /^....ftyp/s],
  ["PDF", /^%PDF/],
  ["a zip archive", /^PK/],
  ["SVG or XML", /^\s*<(?:\?xml|svg)/i],
  ["HTML", /^\s*<(?:!doctype|html)/i],
  ["JSON", /^\s*[{[]/],
];

export interface PictureCheck {
  write(bytes: Buffer): void;
  end(): PictureFinding;
}

export function createPictureCheck(): PictureCheck {
  let head = Buffer.alloc(0);
  let check: StructureCheck | null = null;
  let format: PictureFormat | null = null;
  let sniffed = false;

  const sniff = (): void => {
    sniffed = true;
    if (head.length < 4) return;
    const padded = Buffer.concat([head, Buffer.alloc(SNIFFED_BYTES)]);
    const found = formats.find(({ fits }) => fits(padded));
    if (!found) return;
    format = found.format;
    check = found.create();
    check.write(head);
  };

  return {
    write(bytes) {
      if (sniffed) {
        check?.write(bytes);
        return;
      }
      const missing = SNIFFED_BYTES - head.length;
      head = Buffer.concat([head, bytes.subarray(0, missing)]);
      if (head.length < SNIFFED_BYTES) return;
      sniff();
      check?.write(bytes.subarray(missing));
    },
    end() {
      if (!sniffed) sniff();
      if (check) return { ...check.end(), format, foreignKind: null };
      const text = head.toString("latin1");
      const foreignKind = foreignKinds.find(([, shape]) => shape.test(text))?.[0] ?? null;
      const damage = foreignKind === null ? "it is no picture that is known" : `it is ${foreignKind}, not a picture`;
      return { format: null, foreignKind, width: 0, height: 0, damage, trailingBytes: 0, hasProvenance: false };
    },
  };
}

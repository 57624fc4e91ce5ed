// Which characters a TrueType or OpenType file has, and how wide they are: read straight from its cmap and hmtx tables, so
// that text can be split by font and wrapped before it is drawn. Leaves shaping to the renderer.

import { closeSync, openSync, readSync } from "node:fs";

/** One font as far as layout needs it. */
export interface FontMetrics {
  readonly file: string;
  /** Family name as the renderer knows it. */
  readonly family: string;
  /** Advance width of a code point in thousandths of an em, or null when the font lacks it. */
  advanceOf(codePoint: number): number | null;
}

interface Table {
  readonly offset: number;
  readonly length: number;
}

/** Reads a font file's tables; throws when it is not an OpenType file. */
export function readFontMetrics(file: string): FontMetrics {
  const descriptor = openSync(file, "r");
  try {
    const read = (offset: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length);
      readSync(descriptor, bytes, 0, length, offset);
      return bytes;
    };
    const tables = readDirectory(read);
    const table = (tag: string): Buffer => {
      const found = tables.get(tag);
      if (found === undefined) throw new Error(`no ${tag} table in ${file}`);
      return read(found.offset, found.length);
    };
    const unitsPerEm = table("head").readUInt16BE(18);
    const metricCount = table("hhea").readUInt16BE(34);
    const widths = table("hmtx");
    const glyphs = readGlyphs(table("cmap"));
    return {
      file,
      family: readFamily(table("name")),
      advanceOf: (codePoint) => {
        const glyph = glyphs(codePoint);
        if (glyph === 0) return null;
        const width = widths.readUInt16BE(Math.min(glyph, metricCount - 1) * 4);
        return Math.round((width * 1000) / unitsPerEm);
      },
    };
  } finally {
    closeSync(descriptor);
  }
}

function readDirectory(read: (offset: number, length: number) => Buffer): Map<string, Table> {
  const count = read(4, 2).readUInt16BE(0);
  const rows = read(12, count * 16);
  const tables = new Map<string, Table>();
  for (let at = 0; at < rows.length; at += 16) {
    tables.set(rows.toString("latin1", at, at + 4), {
      offset: rows.readUInt32BE(at + 8),
      length: rows.readUInt32BE(at + 12),
    });
  }
  return tables;
}

/** The English family name (name id 1, Windows platform, UTF-16BE). */
function readFamily(names: Buffer): string {
  const storage = names.readUInt16BE(4);
  for (let row = 0; row < names.readUInt16BE(2); row += 1) {
    const at = 6 + row * 12;
    if (names.readUInt16BE(at) !== 3 || names.readUInt16BE(at + 6) !== 1) continue;
    const start = storage + names.readUInt16BE(at + 10);
    const text = Buffer.from(names.subarray(start, start + names.readUInt16BE(at + 8)));
    return text.swap16().toString("utf16le");
  }
  throw new Error("a font without a family name");
}

/** A lookup from code point to glyph number (0: none) over the best Unicode subtable. */
function readGlyphs(cmap: Buffer): (codePoint: number) => number {
  let short: number | null = null;
  let long: number | null = null;
  for (let row = 0; row < cmap.readUInt16BE(2); row += 1) {
    const offset = cmap.readUInt32BE(4 + row * 8 + 4);
    const format = cmap.readUInt16BE(offset);
    if (format === 4) short = offset;
    if (format === 12) long = offset;
  }
  if (long !== null) return fromGroups(cmap, long);
  if (short !== null) return fromSegments(cmap, short);
  return () => 0;
}

/** cmap format 12: sorted groups of start, end, first glyph. */
function fromGroups(cmap: Buffer, offset: number): (codePoint: number) => number {
  const count = cmap.readUInt32BE(offset + 12);
  return (codePoint) => {
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = offset + 16 + middle * 12;
      if (codePoint < cmap.readUInt32BE(at)) high = middle - 1;
      else if (codePoint > cmap.readUInt32BE(at + 4)) low = middle + 1;
      else return cmap.readUInt32BE(at + 8) + codePoint - cmap.readUInt32BE(at);
    }
    return 0;
  };
}

/** cmap format 4: sorted segments with a delta or an offset into the glyph list. */
function fromSegments(cmap: Buffer, offset: number): (codePoint: number) => number {
  const doubled = cmap.readUInt16BE(offset + 6);
  const ends = offset + 14;
  const starts = ends + doubled + 2;
  const deltas = starts + doubled;
  const ranges = deltas + doubled;
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    let low = 0;
    let high = doubled / 2 - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cmap.readUInt16BE(ends + middle * 2) < codePoint) low = middle + 1;
      else high = middle;
    }
    const start = cmap.readUInt16BE(starts + low * 2);
    if (codePoint < start) return 0;
    const delta = cmap.readUInt16BE(deltas + low * 2);
    const range = cmap.readUInt16BE(ranges + low * 2);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = cmap.readUInt16BE(ranges + low * 2 + range + (codePoint - start) * 2);
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  };
}

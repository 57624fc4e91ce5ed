// The bundled fonts: where they lie, in which order they are asked, and which of them draws which grapheme.
// Leaves widths to font-metrics.ts and lines to text-layout.ts.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FontMetrics, readFontMetrics } from "./font-metrics.ts";
import type { Ink, InkMeasure } from "./ink-measure.ts";
import { hangsFromHeadline, isDrawnByCluster } from "./scripts.ts";

/** The fonts of this machine's copy of the package. */
export interface FontShelf {
  readonly fonts: readonly FontMetrics[];
  /** The font that draws a grapheme; neutral characters stay with `previous` when it has them. */
  fontFor(grapheme: string, previous: FontMetrics | null): FontMetrics;
  /** What is drawn for a grapheme: without what the font lacks, and a box for what no font has. */
  drawnAs(grapheme: string, font: FontMetrics): string;
  /** Width of a drawn grapheme in thousandths of an em, and where its ink begins. */
  widthOf(drawn: string, font: FontMetrics): Ink;
  /** Ink of a whole stretch of text, as shaped by the renderer. */
  measure(text: string, font: FontMetrics): Ink;
}

const last = ["NotoEmoji-Regular.ttf", "DroidSansFallback-Han.ttf", "Unifont-Remainder.otf"];
const first = "NotoSans-Regular.ttf";

/** Characters that may belong to any script: spaces, digits, punctuation, marks. */
const neutral = /^[\s\p{N}\p{P}\p{M}\p{Cf}]+$/u;

/** Code points that shape others and have no picture of their own: joiners, variation selectors. */
function isInvisible(codePoint: number): boolean {
  return codePoint === 0x200c || codePoint === 0x200d || (codePoint >= 0xfe00 && codePoint <= 0xfe0f);
}

/** Between clusters that are drawn one by one, in thousandths of an em. */
const clusterGap = 70;

/** Opens the fonts (a few milliseconds; only tables are read). */
export function openFontShelf(measureInk: InkMeasure): FontShelf {
  const folder = findFontFolder();
  const files = readdirSync(folder).filter((name) => /\.(?:ttf|otf)$/.test(name));
  const middle = files.filter((name) => name !== first && !last.includes(name)).toSorted();
  const fonts = [first, ...middle, ...last].map((name) => readFontMetrics(join(folder, name)));
  const [fallback] = fonts;
  if (fallback === undefined) throw new Error("the package has no fonts");
  return {
    fonts,
    fontFor: (grapheme, previous) => {
      if (previous !== null && previous.family !== "Noto Emoji" && neutral.test(grapheme) && covers(previous, grapheme))
        return previous;
      const whole = fonts.find((font) => covers(font, grapheme));
      // A cluster that no font has whole goes to the font of its first character.
      return whole ?? fonts.find((font) => covers(font, String.fromCodePoint(codeOf(grapheme)))) ?? fallback;
    },
    drawnAs: (grapheme, font) =>
      charactersOf(grapheme)
        .filter(
          (character) =>
            !isInvisible(codeOf(character)) || (font.advanceOf(codeOf(character)) !== null && !isVariation(character)),
        )
        .map((character) => (font.advanceOf(codeOf(character)) === null ? missing : character))
        .join(""),
    widthOf: (drawn, font) => {
      if (isDrawnByCluster(font.family) && !/^\s*$/.test(drawn)) {
        const ink = measureInk(drawn, font.family, font.file);
        return { left: ink.left, width: ink.width + (hangsFromHeadline(font.family) ? -12 : clusterGap) };
      }
      const characters = font.family === "Noto Emoji" ? charactersOf(drawn).slice(0, 1) : charactersOf(drawn);
      return {
        left: 0,
        width: characters.reduce((sum, character) => sum + (font.advanceOf(codeOf(character)) ?? 0), 0),
      };
    },
    measure: (text, font) => measureInk(text, font.family, font.file),
  };
}

/** Drawn for a character that no font has. Noto Sans has it. */
const missing = "\ufffd";

function covers(font: FontMetrics, grapheme: string): boolean {
  return charactersOf(grapheme).every(
    (character) => isInvisible(codeOf(character)) || font.advanceOf(codeOf(character)) !== null,
  );
}

/** The code points of a text, each as a text. */
function charactersOf(text: string): string[] {
  return Array.from(text);
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function isVariation(character: string): boolean {
  return /[\ufe00-\ufe0f]/.test(character);
}

/** `assets/fonts`, looked for upwards: the code runs from `src/emulator/pictures` and from a bundle in `dist`. */
function findFontFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 5; level += 1) {
    const candidate = join(folder, "assets", "fonts");
    if (isFontFolder(candidate)) return candidate;
    folder = dirname(folder);
  }
  throw new Error("the package's assets/fonts folder is missing");
}

function isFontFolder(folder: string): boolean {
  try {
    return readdirSync(folder).includes(first);
  } catch {
    return false;
  }
}

// A prompt of any script, any length → lines that fit a box, at the largest readable size, cut with an ellipsis if need be.
// Leaves drawing the lines to scene.ts. Works on graphemes and words of the language (Thai has no spaces).

import type { FontMetrics } from "./font-metrics.ts";
import type { FontShelf } from "./font-shelf.ts";
import { isDrawnByCluster, joinsNext, runsLeftToRight, runsRightToLeft, splitAm } from "./scripts.ts";

/** A stretch of text in one font, in the order it is drawn from left to right. */
interface TextRun {
  readonly text: string;
  readonly family: string;
  /** Thousandths of an em from the run's start to where its drawing position must be, and to the next run. */
  readonly offset: number;
  readonly width: number;
}

/** Lines that fit, and the size that they fit at. */
export interface TextLayout {
  readonly fontSizePx: number;
  readonly lineHeightPx: number;
  readonly lines: readonly (readonly TextRun[])[];
  /** Width of the longest line in pixels. */
  readonly widthPx: number;
}

/** The box to fill. */
export interface TextBox {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly largestPx: number;
  readonly smallestPx: number;
}

interface Piece {
  readonly text: string;
  readonly font: FontMetrics;
  /** Thousandths of an em. */
  readonly left: number;
  readonly width: number;
}

interface Word {
  readonly pieces: readonly Piece[];
  readonly width: number;
  readonly isSpace: boolean;
  readonly breaksLine: boolean;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const words = new Intl.Segmenter("en", { granularity: "word" });

/** More than any picture can hold; what is beyond would be cut anyway. */
const readCharacters = 6000;

/** Lays a text out in a box. */
export function layOutText(text: string, box: TextBox, shelf: FontShelf): TextLayout {
  const clean = cleanText(text);
  const found = splitWords(clean, shelf);
  let fontSizePx = box.largestPx;
  for (;;) {
    const isSmallest = fontSizePx <= box.smallestPx;
    const lineHeightPx = fontSizePx * 1.4;
    const maxLines = Math.max(1, Math.floor(box.heightPx / lineHeightPx));
    const limit = (box.widthPx / fontSizePx) * 1000;
    const lines = wrap(found, limit, maxLines + 1);
    if (lines.length <= maxLines || isSmallest) {
      const kept = lines.length > maxLines ? withEllipsis(lines.slice(0, maxLines), limit, shelf) : lines;
      const drawn = kept.map((line) => orderRuns(runsOf(line, shelf)));
      const widest = Math.max(1, ...drawn.map((line) => widthOf(line)));
      return { fontSizePx, lineHeightPx, lines: drawn, widthPx: (widest * fontSizePx) / 1000 };
    }
    fontSizePx = Math.max(box.smallestPx, fontSizePx * 0.86);
  }
}

/** Removes what must not reach the drawing: control characters, lone surrogates, directional overrides, noncharacters. */
export function cleanText(text: string): string {
  const short = text.slice(0, readCharacters).replace(/\p{Surrogate}/gu, "\ufffd");
  const clean = short
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/\t/g, " ")
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
    .replace(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]/g,
      (character) => (character === "\ufffd" ? character : ""),
    )
    .trim();
  return clean === "" ? "(empty prompt)" : clean;
}

function splitWords(text: string, shelf: FontShelf): Word[] {
  let font: FontMetrics | null = null;
  const result: Word[] = [];
  for (const { segment } of words.segment(text)) {
    const pieces: Piece[] = [];
    for (const grapheme of clustersOf(segment)) {
      font = shelf.fontFor(grapheme, font);
      const drawn = shelf.drawnAs(grapheme, font);
      pieces.push({ text: drawn, font, ...shelf.widthOf(drawn, font) });
    }
    result.push({ pieces, width: widthOf(pieces), isSpace: /^\s+$/.test(segment), breaksLine: segment.includes("\n") });
  }
  return result;
}

/** The graphemes of a word, with those joined that a virama ties together, and lone marks with what they stand on. */
function clustersOf(word: string): string[] {
  const clusters: string[] = [];
  for (const { segment } of graphemes.segment(splitAm(word))) {
    const before = clusters.at(-1);
    if (before !== undefined && (joinsNext(before) || /^\p{M}/u.test(segment)))
      clusters[clusters.length - 1] = before + segment;
    else clusters.push(segment);
  }
  return clusters;
}

/** Fills lines up to `limit`; stops after `maxLines`. */
function wrap(found: readonly Word[], limit: number, maxLines: number): Piece[][] {
  const lines: Piece[][] = [];
  let line: Piece[] = [];
  let width = 0;
  const finish = (): void => {
    lines.push(trimEnd(line));
    line = [];
    width = 0;
  };
  for (const word of found) {
    if (lines.length >= maxLines) return lines;
    if (word.breaksLine) {
      finish();
      continue;
    }
    if (word.isSpace && line.length === 0) continue;
    if (width + word.width > limit && line.length > 0 && !word.isSpace) finish();
    for (const piece of word.pieces) {
      if (width + piece.width > limit && line.length > 0 && !word.isSpace) finish();
      line.push(piece);
      width += piece.width;
    }
  }
  if (line.length > 0) finish();
  return lines.filter((candidate, index) => candidate.length > 0 || index > 0);
}

function trimEnd(line: readonly Piece[]): Piece[] {
  const end = line.findLastIndex((piece) => !/^\s*$/.test(piece.text));
  return line.slice(0, end + 1);
}

function withEllipsis(lines: readonly Piece[][], limit: number, shelf: FontShelf): Piece[][] {
  const font = shelf.fontFor("…", null);
  const ellipsis: Piece = { text: "…", font, ...shelf.widthOf("…", font) };
  const last = [...(lines.at(-1) ?? [])];
  while (last.length > 0 && widthOf(last) + ellipsis.width > limit) last.pop();
  return [...lines.slice(0, -1), [...trimEnd(last), ellipsis]];
}

function widthOf(pieces: readonly { readonly width: number }[]): number {
  return pieces.reduce((sum, piece) => sum + piece.width, 0);
}

/** Pieces of one font joined to runs; clusters that must be placed alone stay alone. */
function runsOf(line: readonly Piece[], shelf: FontShelf): TextRun[] {
  const groups: Piece[][] = [];
  for (const piece of line) {
    const before = groups.at(-1);
    if (before?.[0]?.font === piece.font && !isDrawnByCluster(piece.font.family)) before.push(piece);
    else groups.push([piece]);
  }
  return groups.flatMap((group) => {
    const font = group[0]?.font;
    if (font === undefined) return [];
    const text = group.map((piece) => piece.text).join("");
    const run = { text, family: font.family };
    // Joined letters are narrower than the sum of lone ones: ask the renderer. Spaces at the ends have no ink: add them.
    if (!runsRightToLeft(text)) return [{ ...run, offset: -(group[0]?.left ?? 0), width: widthOf(group) }];
    const spaces = group.filter((piece) => piece.text === " ");
    const ends = text.length - text.trim().length;
    const ink = shelf.measure(text.trim(), font);
    return [
      {
        text: text.trim(),
        family: font.family,
        offset: -ink.left,
        width: ink.width + Math.min(ends, spaces.length) * (spaces[0]?.width ?? 0),
      },
    ];
  });
}

/**
 * Runs from left to right as they are seen: the bidirectional rule at the level of runs (the renderer keeps it inside one).
 * The first strong letter gives the line its direction.
 */
function orderRuns(runs: readonly TextRun[]): TextRun[] {
  const strong = runs.find((run) => runsRightToLeft(run.text) || runsLeftToRight(run.text));
  if (!runs.some((run) => runsRightToLeft(run.text))) return [...runs];
  const lineIsRightToLeft = strong !== undefined && runsRightToLeft(strong.text);
  const ordered = lineIsRightToLeft ? runs.toReversed() : [...runs];
  const goesAgainst = (run: TextRun): boolean =>
    lineIsRightToLeft ? !runsRightToLeft(run.text) : runsRightToLeft(run.text);
  // Stretches that go against the line's direction are turned round once more.
  const result: TextRun[] = [];
  let stretch: TextRun[] = [];
  for (const run of ordered) {
    if (goesAgainst(run)) {
      stretch.unshift(run);
      continue;
    }
    result.push(...stretch, run);
    stretch = [];
  }
  return [...result, ...stretch];
}

// Fitting text into terminal cells. Widths by fast-string-width, which is right for Thai and emoji (facts: dependencies §9).

import stringWidth from "fast-string-width";

/** Cells that the text takes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

let segmenter: Intl.Segmenter | null = null;

/** Made when first needed: it takes as long as all the rest of a command's start. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** The text itself when it fits, else its beginning and an ellipsis, never more than `columns` cells, never inside a character. */
export function cutToWidth(text: string, columns: number, ellipsis = "…"): string {
  if (widthOf(text) <= columns) return text;
  const room = columns - widthOf(ellipsis);
  if (room < 0) return "";
  let kept = "";
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    const width = widthOf(segment);
    if (used + width > room) break;
    kept += segment;
    used += width;
  }
  return kept + ellipsis;
}

/** The text followed by blanks up to `columns` cells. */
export function padToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

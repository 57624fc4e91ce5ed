// What must be known of a script to place its text: which ones the renderer may only be given cluster by cluster, which run
// from right to left, which characters join the next. Leaves fonts to font-shelf.ts.

/**
 * Families whose clusters are placed one by one: resvg 0.34 (in @resvg/resvg-js 2.6.2) advances over a cluster of several
 * glyphs by its widest glyph alone, so that Indic syllables would overlap (seen here 2026-11).
 */
const clusterFamilies = [
  "Devanagari",
  "Bengali",
  "Gujarati",
  "Gurmukhi",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Khmer",
  "Myanmar",
];

/** True when text of this family has to be drawn cluster by cluster. */
export function isDrawnByCluster(family: string): boolean {
  return clusterFamilies.some((name) => family === `Noto Sans ${name}`);
}

/** True for families whose letters hang from one line: their clusters touch. */
export function hangsFromHeadline(family: string): boolean {
  return ["Devanagari", "Bengali", "Gurmukhi"].some((name) => family === `Noto Sans ${name}`);
}

/** True when a text has letters that run from right to left. */
export function runsRightToLeft(text: string): boolean {
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text);
}

/** True when a text has letters that run from left to right. */
export function runsLeftToRight(text: string): boolean {
  return /\p{L}/u.test(text) && !runsRightToLeft(text);
}

/** True when a grapheme ends in a sign that stacks or joins the next letter (virama, coeng), whatever this ICU's rules say. */
export function joinsNext(grapheme: string): boolean {
  return /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2]\u200d?$/.test(grapheme);
}

/** Thai and Lao AM in its two parts; left whole, the renderer would lose the width of its second part. */
export function splitAm(text: string): string {
  return text
    .replace(/([\u0e48-\u0e4b]?)\u0e33/g, "\u0e4d$1\u0e32")
    .replace(/([\u0ec8-\u0ecb]?)\u0eb3/g, "\u0ecd$1\u0eb2");
}

// "Did you mean": the known words closest to a mistyped one.

import { distance } from "fastest-levenshtein";

/** Up to `most` known words within a third of the length (at least two edits) of `given`, closest first. */
export function nearest(given: string, known: readonly string[], most = 3): string[] {
  const wanted = given.toLowerCase();
  return known
    .map((word) => ({ word, edits: distance(wanted, word.toLowerCase()) }))
    .filter(({ word, edits }) => edits <= Math.max(2, Math.floor(Math.max(word.length, given.length) / 3)))
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ word }) => word);
}

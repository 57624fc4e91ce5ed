// Where in a JSON text a reader stands: how deep, in what kind of bracket, under which key, and whether that is on the way
// to a picture. It is told of brackets, commas, colons and keys; finding them is the scanner's business.

import { type Place, placeInside, places } from "./picture-path.ts";

export interface JsonPosition {
  readonly depth: number;
  /** Not so deep that brackets are only counted. */
  readonly known: boolean;
  /** The next string is a key. */
  readonly expectsKey: boolean;
  readonly place: Place;
  /** Of the value that is coming; `null` in an array, at the root, and where no key is of interest. */
  key: string | null;
  open(bracket: "{" | "["): void;
  close(): void;
  comma(): void;
  colon(): void;
  /** The brackets that close the outermost `depth` levels, innermost first; `null` when that is too deep to know. */
  closers(depth: number): string | null;
  reset(): void;
}

// A picture is nine levels deep; below this, brackets are only counted, so that endless nesting costs no memory.
const KNOWN_DEPTH = 32;

export function createJsonPosition(enveloped: boolean): JsonPosition {
  const brackets: ("{" | "[")[] = [];
  const placesAbove: Place[] = [];
  let depth = 0;
  let place: Place = places.root;
  let expectsKey = false;
  let key: string | null = null;

  return {
    get depth() {
      return depth;
    },
    get known() {
      return depth <= KNOWN_DEPTH;
    },
    get expectsKey() {
      return expectsKey;
    },
    get place() {
      return place;
    },
    get key() {
      return key;
    },
    set key(name) {
      key = name;
    },
    open(bracket) {
      if (depth < KNOWN_DEPTH) {
        brackets[depth] = bracket;
        placesAbove[depth] = place;
        place = placeInside(place, key, bracket, enveloped);
      }
      depth += 1;
      expectsKey = bracket === "{" && depth <= KNOWN_DEPTH;
      key = null;
    },
    close() {
      if (depth > 0) depth -= 1;
      if (depth < KNOWN_DEPTH) place = placesAbove[depth] ?? places.root;
      expectsKey = false;
      key = null;
    },
    comma() {
      expectsKey = depth > 0 && depth <= KNOWN_DEPTH && brackets[depth - 1] === "{";
      key = null;
    },
    colon() {
      expectsKey = false;
    },
    closers(levels) {
      if (levels > KNOWN_DEPTH) return null;
      return brackets
        .slice(0, levels)
        .toReversed()
        .map((bracket) => (bracket === "{" ? "}" : "]"))
        .join("");
    },
    reset() {
      depth = 0;
      place = places.root;
      expectsKey = false;
      key = null;
    },
  };
}

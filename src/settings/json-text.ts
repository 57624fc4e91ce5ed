// JSON with line numbers: what JSON.parse does not say, which line a mistake or a key is on. For files that people edit.

export interface JsonDocument {
  readonly ok: true;
  readonly value: unknown;
  /** Line (from 1) of each key of the outermost object. */
  readonly lines: ReadonlyMap<string, number>;
  /** Keys of the outermost object that are there twice. */
  readonly repeated: readonly string[];
  /** Where the value with this path stands, at any depth; `undefined` when there is none. */
  placeOf(path: JsonPath): JsonPlace | undefined;
}

/** `["budgets", 0, "usd"]` */
export type JsonPath = readonly (string | number)[];

export interface JsonPlace {
  /** From 1. */
  readonly line: number;
  /** The value as it is written, so that no digit of a number is lost; `undefined` for objects and lists. */
  readonly literal: string | undefined;
  /** The same object has the key more than once, and only the last one counts. */
  readonly isRepeated: boolean;
}

export interface JsonMistake {
  readonly ok: false;
  readonly line: number;
  readonly message: string;
}

class Mistake extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

// A settings file has no reason to be deeper, and the reader must not run out of stack.
const DEEPEST = 64;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Reads strict JSON; the value is what `JSON.parse` gives. */
export function parseJsonText(source: string): JsonDocument | JsonMistake {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  const lines = new Map<string, number>();
  const repeated: string[] = [];
  const places = new Map<
    string,
    { readonly offset: number; readonly literal?: string; readonly isRepeated: boolean }
  >();
  let at = 0;

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const skipSpace = () => void match(SPACE);
  const fail = (expected: string): never => {
    const found = at >= text.length ? "the end of the file" : JSON.stringify(text[at]);
    throw new Mistake(`Expected ${expected} but found ${found}.`, at);
  };
  const take = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };

  function readObject(depth: number, path: JsonPath): void {
    if (take("}")) return;
    const seen = new Set<string>();
    do {
      skipSpace();
      const start = at;
      const key = match(STRING) ?? fail("a key in double quotes");
      const name = String(JSON.parse(key));
      if (depth === 1) {
        if (lines.has(name)) repeated.push(name);
        lines.set(name, lineOf(start));
      }
      if (!take(":")) fail('":"');
      readValue(depth, [...path, name], seen.has(name));
      seen.add(name);
    } while (take(","));
    if (!take("}")) fail('"," or "}"');
  }

  function readArray(depth: number, path: JsonPath): void {
    if (take("]")) return;
    let index = 0;
    do {
      readValue(depth, [...path, index], false);
      index += 1;
    } while (take(","));
    if (!take("]")) fail('"," or "]"');
  }

  function readValue(depth: number, path: JsonPath, isRepeated: boolean): void {
    if (depth > DEEPEST) throw new Mistake("Too deeply nested.", at);
    skipSpace();
    const offset = at;
    const place = { offset, isRepeated };
    const id = JSON.stringify(path);
    places.set(id, place);
    if (take("{")) readObject(depth + 1, path);
    else if (take("[")) readArray(depth + 1, path);
    else places.set(id, { ...place, literal: match(STRING) ?? match(SCALAR) ?? fail("a value") });
  }

  try {
    readValue(0, [], false);
    skipSpace();
    if (at < text.length) fail("the end of the file");
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, line: lineOf(error.offset), message: error.message };
    throw error;
  }
  const placeOf = (path: JsonPath): JsonPlace | undefined => {
    const place = places.get(JSON.stringify(path));
    return place && { line: lineOf(place.offset), literal: place.literal, isRepeated: place.isRepeated };
  };
  return { ok: true, value: JSON.parse(text), lines, repeated, placeOf };
}

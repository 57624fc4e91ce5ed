// Reads JSON byte by byte while it arrives and takes the base64 of pictures out, so that nothing large is ever held.
// What is left is small JSON with a picture's number where its text stood. What the JSON means is the collector's business.

import type { OpenPicture } from "../../../core/answer.ts";
import { createPictureIntake, type ScannedPicture } from "./picture-intake.ts";
import { createByteFinder } from "./byte-finder.ts";
import { createJsonPosition } from "./json-position.ts";
import { createKeptBytes } from "./kept-bytes.ts";
import { createKeyReader } from "./key-reader.ts";
import { isPictureText } from "./picture-path.ts";

/** One JSON text without its pictures. */
export interface ScannedDocument {
  readonly text: string;
  /** The outermost value was closed. */
  readonly closed: boolean;
  /** For a text that broke off: what was complete of it, with the open brackets closed. */
  readonly repaired: string | null;
}

export interface ScannerLimits {
  /** Of everything that is not a picture, over the whole answer. */
  readonly residualBytes: number;
  /** Of all pictures together, decoded. */
  readonly pictureBytes: number;
  /** Number of pictures. */
  readonly pictures: number;
}

export interface ScannerOptions {
  readonly enveloped: boolean;
  readonly openPicture: OpenPicture;
  readonly limits: ScannerLimits;
  /** Called when an outermost object or array is closed, and by `endDocument`. */
  readonly onDocument: (document: ScannedDocument) => void;
}

export interface PictureScanner {
  /** Call before the first `scan` of every chunk. */
  beginChunk(chunk: Buffer): void;
  /** Reads a range of the chunk; ranges of one chunk go forward. */
  scan(start: number, end: number): void;
  /** Call after the last `scan` of every chunk. */
  endChunk(): void;
  /** The text ends here, complete or not. */
  endDocument(): void;
  readonly pictures: readonly ScannedPicture[];
  readonly pictureBytes: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

type Mode = "structure" | "key" | "text" | "picture";

export function createPictureScanner({ enveloped, openPicture, limits, onDocument }: ScannerOptions): PictureScanner {
  const quotes = createByteFinder(QUOTE);
  const backslashes = createByteFinder(BACKSLASH);
  const position = createJsonPosition(enveloped);
  const kept = createKeptBytes(limits.residualBytes);
  const keys = createKeyReader();
  const intake = createPictureIntake(openPicture, limits);
  let chunk: Buffer = Buffer.alloc(0);
  let mode: Mode = "structure";
  /** Inside an ordinary string: the chunk ended on a backslash. */
  let escaped = false;
  /** Everything of the chunk before this is kept or was a picture's. */
  let handled = 0;
  /** The kept text up to here, with this many levels closed, is complete JSON: where a cut text can be mended. */
  let safeLength = 0;
  let safeDepth = 0;

  /** The value or bracket that ends before `at` is complete. */
  function markSafe(at: number): void {
    if (!position.known) return;
    safeLength = kept.length + (at - handled);
    safeDepth = position.depth;
  }

  function keepUpTo(at: number): void {
    kept.keep(chunk, handled, at);
    handled = at;
  }

  function emitDocument(closed: boolean): void {
    const text = kept.text(kept.length);
    const closers = closed ? null : position.closers(safeDepth);
    const repaired = closers === null ? null : kept.text(safeLength) + closers;
    kept.clear();
    position.reset();
    mode = "structure";
    escaped = false;
    safeLength = 0;
    safeDepth = 0;
    if (text.trim() !== "") onDocument({ text, closed, repaired });
  }

  function closeBracket(at: number): void {
    const outermost = position.depth === 1;
    position.close();
    markSafe(at);
    if (!outermost) return;
    keepUpTo(at);
    emitDocument(true);
  }

  /** Reads brackets and commas until a string begins or the range ends; returns the position after what was read. */
  function scanStructure(start: number, end: number): number {
    for (let at = start; at < end; at += 1) {
      switch (chunk[at]) {
        case QUOTE:
          beginString(at);
          return at + 1;
        case OPEN_OBJECT:
          position.open("{");
          markSafe(at + 1);
          break;
        case OPEN_LIST:
          position.open("[");
          markSafe(at + 1);
          break;
        case CLOSE_OBJECT:
        case CLOSE_LIST:
          closeBracket(at + 1);
          break;
        case COMMA:
          markSafe(at);
          position.comma();
          break;
        case COLON:
          position.colon();
          break;
        default:
      }
    }
    return end;
  }

  function beginString(at: number): void {
    if (position.expectsKey) {
      mode = "key";
      keys.begin();
    } else if (isPictureText(position.place, position.key)) {
      mode = "picture";
      keepUpTo(at);
      intake.begin();
    } else mode = "text";
  }

  /** The closing quote of an ordinary string, or `end` when it is not in this range. */
  function findStringEnd(start: number, end: number): number {
    let at = start;
    if (escaped) {
      escaped = false;
      at += 1;
    }
    while (at < end) {
      const quote = Math.min(quotes.next(at), end);
      const backslash = backslashes.next(at);
      if (backslash >= quote) return quote;
      escaped = backslash + 1 === end;
      at = backslash + 2;
    }
    return end;
  }

  function scanString(start: number, end: number): number {
    const stop = findStringEnd(start, end);
    if (mode === "key") keys.add(chunk, start, stop);
    if (stop === end) return end;
    if (mode === "key") position.key = keys.end();
    else markSafe(stop + 1);
    mode = "structure";
    return stop + 1;
  }

  function scanPicture(start: number, end: number): number {
    let at = start;
    while (at < end) {
      at = intake.escape(chunk, at, end);
      const stop = Math.min(quotes.next(at), backslashes.next(at), end);
      intake.push(chunk, at, stop);
      if (stop === end) break;
      at = stop + 1;
      if (chunk[stop] === QUOTE) {
        // The number of the picture stands where its text stood. No string of the provider's can be there: all are taken out.
        kept.keepText(`"${intake.end()}"`);
        handled = at;
        markSafe(at);
        mode = "structure";
        return at;
      }
      intake.beginEscape();
    }
    return end;
  }

  return {
    beginChunk(next) {
      chunk = next;
      quotes.begin(next);
      backslashes.begin(next);
    },
    scan(start, end) {
      handled = start;
      let at = start;
      while (at < end) {
        if (mode === "structure") at = scanStructure(at, end);
        else if (mode === "picture") at = scanPicture(at, end);
        else at = scanString(at, end);
      }
      if (mode !== "picture") keepUpTo(end);
    },
    endChunk() {
      intake.flush();
    },
    endDocument() {
      intake.breakOff();
      emitDocument(false);
    },
    get pictures() {
      return intake.pictures;
    },
    get pictureBytes() {
      return intake.bytes;
    },
  };
}

// Server-sent events, read byte by byte while they arrive: the bytes of `data` lines are handed on at once, however long the line.
// Source of the rules: the WHATWG HTML standard, "server-sent events"; line ends may be LF, CR or CRLF. What the data says is
// the scanner's business.

import { createByteFinder } from "./byte-finder.ts";

export interface EventStreamListener {
  /** A range of the current chunk that belongs to the event's data. Lines of one event follow each other without a line end. */
  readonly onData: (start: number, end: number) => void;
  /** The event is complete. */
  readonly onEvent: () => void;
}

export interface EventStream {
  beginChunk(chunk: Buffer): void;
  /** Reads the current chunk from `start` to its end. */
  read(start: number): void;
  /** The name from the `event:` line of the event that is being read; empty when it has none. */
  readonly eventName: string;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
// Field and event names of interest are short; what is longer is cut and so none of ours.
const NAME_BYTES = 32;

type LinePart = "name" | "data" | "event" | "ignored";

export function createEventStream({ onData, onEvent }: EventStreamListener): EventStream {
  const lineFeeds = createByteFinder(LINE_FEED);
  const carriageReturns = createByteFinder(CARRIAGE_RETURN);
  let chunk: Buffer = Buffer.alloc(0);
  let part: LinePart = "name";
  let name = "";
  let eventName = "";
  let valueBegun = false;
  let lineIsEmpty = true;
  let eventHasData = false;
  let afterCarriageReturn = false;

  function readName(start: number, end: number): number {
    for (let at = start; at < end; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte !== COLON) {
        if (name.length < NAME_BYTES) name += String.fromCharCode(byte);
        continue;
      }
      part = name === "data" || name === "event" ? name : "ignored";
      if (part === "data") eventHasData = true;
      if (part === "event") eventName = "";
      valueBegun = false;
      return at + 1;
    }
    return end;
  }

  function readValue(start: number, end: number): void {
    let at = start;
    if (at === end) return;
    if (!valueBegun && chunk[at] === SPACE) at += 1;
    valueBegun = true;
    if (part === "data") onData(at, end);
    else if (part === "event" && eventName.length < NAME_BYTES) eventName += chunk.toString("latin1", at, end);
  }

  function endLine(): void {
    if (lineIsEmpty) {
      if (eventHasData) onEvent();
      eventHasData = false;
      eventName = "";
    }
    part = "name";
    name = "";
    lineIsEmpty = true;
  }

  return {
    beginChunk(next) {
      chunk = next;
      lineFeeds.begin(next);
      carriageReturns.begin(next);
    },
    read(start) {
      let at = start;
      while (at < chunk.length) {
        if (afterCarriageReturn) {
          afterCarriageReturn = false;
          if (chunk[at] === LINE_FEED) {
            at += 1;
            continue;
          }
        }
        const lineEnd = Math.min(lineFeeds.next(at), carriageReturns.next(at));
        if (lineEnd > at) {
          lineIsEmpty = false;
          const valueStart = part === "name" ? readName(at, lineEnd) : at;
          if (part !== "name") readValue(valueStart, lineEnd);
        }
        if (lineEnd === chunk.length) return;
        endLine();
        afterCarriageReturn = chunk[lineEnd] === CARRIAGE_RETURN;
        at = lineEnd + 1;
      }
    },
    get eventName() {
      return eventName;
    },
  };
}

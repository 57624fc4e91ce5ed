// One picture after the other: base64 text with JSON escapes in, decoded bytes out to the picture's sink, with a count and limits.
// Where a picture's text begins and ends is the scanner's business.

import type { OpenPicture, PictureSink } from "../../../core/answer.ts";
import { ToolError } from "../../../core/tool-error.ts";
import { type Base64Stream, type Base64Workspace, createBase64Stream, createBase64Workspace } from "./base64-stream.ts";

/** What came of one picture's text. */
export interface ScannedPicture {
  readonly bytes: number;
  readonly damaged: boolean;
  /** False: the text has not ended, or broke off. */
  readonly whole: boolean;
}

export interface PictureLimits {
  /** Of all pictures together, decoded. */
  readonly pictureBytes: number;
  /** Number of pictures. */
  readonly pictures: number;
}

export interface PictureIntake {
  begin(): void;
  push(chunk: Buffer, start: number, end: number): void;
  /** A backslash was met. */
  beginEscape(): void;
  /** Reads on in an escape that has begun, if any; returns the position after it. */
  escape(chunk: Buffer, start: number, end: number): number;
  /** Hands on what is decoded of the picture that is open, if any. */
  flush(): void;
  /** The text is complete; returns the picture's number. */
  end(): number;
  /** The text will not be completed. */
  breakOff(): void;
  readonly pictures: readonly ScannedPicture[];
  readonly bytes: number;
}

const QUOTE = 0x22;
const LETTER_U = 0x75;
const NOT_BASE64 = 0;
// What a one-letter escape stands for, as far as base64 can hold it.
const escapedCharacters: ReadonlyMap<number, number> = new Map([
  [0x2f, 0x2f],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

interface OpenedPicture {
  readonly sink: PictureSink;
  readonly stream: Base64Stream;
  whole: boolean;
}

/** Throws `answer-too-large` when a limit is passed. */
export function createPictureIntake(openPicture: OpenPicture, limits: PictureLimits): PictureIntake {
  const opened: OpenedPicture[] = [];
  let workspace: Base64Workspace | null = null;
  let current: OpenedPicture | null = null;
  let bytes = 0;
  /** Characters still to come of the escape; 0: none has begun. */
  let escapeLeft = 0;
  let escapeCode = 0;

  function begin(): void {
    if (opened.length >= limits.pictures) {
      throw new ToolError("answer-too-large", { message: `The answer holds more than ${limits.pictures} pictures.` });
    }
    workspace ??= createBase64Workspace();
    const sink = openPicture(opened.length);
    const stream = createBase64Stream((piece) => {
      bytes += piece.length;
      if (bytes > limits.pictureBytes) {
        throw new ToolError("answer-too-large", {
          message: `The pictures in the answer have more than ${limits.pictureBytes} bytes and were cut off.`,
        });
      }
      sink.write(piece);
    }, workspace);
    current = { sink, stream, whole: false };
    opened.push(current);
  }

  function escape(chunk: Buffer, start: number, end: number): number {
    let at = start;
    while (escapeLeft > 0 && at < end) {
      const byte = chunk[at] ?? 0;
      // A quote inside \uXXXX ends the string; it is not a digit.
      if (escapeLeft < 5 && byte === QUOTE) {
        finishEscape(NOT_BASE64);
        break;
      }
      at += 1;
      if (escapeLeft === 5) {
        if (byte === LETTER_U) escapeLeft = 4;
        else finishEscape(escapedCharacters.get(byte) ?? NOT_BASE64);
        continue;
      }
      const digit = Number.parseInt(String.fromCharCode(byte), 16);
      escapeCode = escapeCode * 16 + digit;
      escapeLeft -= 1;
      if (escapeLeft === 0) finishEscape(Number.isNaN(escapeCode) ? NOT_BASE64 : escapeCode);
    }
    return at;
  }

  function finishEscape(code: number): void {
    escapeLeft = 0;
    escapeCode = 0;
    current?.stream.pushCharacter(code);
  }

  return {
    begin,
    push(chunk, start, end) {
      if (end > start) current?.stream.push(chunk, start, end);
    },
    beginEscape() {
      escapeLeft = 5;
    },
    escape,
    flush() {
      current?.stream.flush();
    },
    end() {
      if (current) {
        current.stream.finish();
        current.whole = true;
        current.sink.end();
        current = null;
      }
      return opened.length - 1;
    },
    breakOff() {
      current?.stream.flush();
      current = null;
      escapeLeft = 0;
      escapeCode = 0;
    },
    get pictures() {
      return opened.map(({ stream, whole }) => ({ bytes: stream.bytes, damaged: stream.damaged, whole }));
    },
    get bytes() {
      return bytes;
    },
  };
}

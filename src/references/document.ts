// A text document as part of the request: checked to be text, and set off so clearly that the model cannot take it for the prompt.

import { createHash } from "node:crypto";
import { refuse } from "./refuse.ts";

export interface ReadDocument {
  /** The part of the request. */
  readonly text: string;
  readonly name: string;
  readonly sha256: string;
  /** Of the document itself, in UTF-8. */
  readonly bytes: number;
}

/** Control characters that no text has: tabulator, line breaks and form feed are none of them. */
// oxlint-disable-next-line no-control-regex -- that is what is looked for
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;

/**
 * @throws ToolError `reference-not-usable` for bytes that are not UTF-8 text.
 */
export function readDocument(bytes: Uint8Array, name: string): ReadDocument {
  const text = decodeText(bytes);
  if (BINARY.test(text)) return refuse("reference-not-usable", "is no text: it holds control characters.");
  if (text.trim() === "") return refuse("reference-unreadable", "holds no text.");
  const sha256 = createHash("sha256").update(text).digest("hex");
  // A text cannot hold its own hash, so it cannot end itself early.
  const mark = sha256.slice(0, 12);
  const shown = name.replace(/[\p{Cc}\p{Cf}"]/gu, "").slice(0, 200);
  return {
    text: `----- begin of the document "${shown}" [${mark}] -----\n${text}\n----- end of the document [${mark}] -----`,
    name: shown,
    sha256,
    bytes: Buffer.byteLength(text),
  };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("reference-not-usable", "is no text in UTF-8.");
  }
}

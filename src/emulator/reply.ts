// What the emulator is about to send, as a plain value, and the one way to stop early with a refusal.
// Leaves the writing to delivery.ts and the shapes of Google's errors to google-error.ts.

import type { Json } from "./json.ts";

/** What one answered request bought, as a bill would see it. */
export interface Purchase {
  readonly model: string;
  /** Pictures produced, drafts and thought pictures included. */
  readonly imageCount: number;
  /** "512", "1K", "2K", "4K"; null when no picture was made. */
  readonly imageSize: string | null;
  /** Seconds of clips made; absent for pictures. */
  readonly videoSeconds?: number;
  /** List price of the tokens used, in micro-dollars. */
  readonly microUsd: number;
}

/** One answer before it is written to the socket. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Written one after the other; a stream's chunks are separate pieces. */
  readonly pieces: readonly Buffer[];
  /** Absent when the request bought nothing. */
  readonly purchase?: Purchase;
  /** How long the model would have worked on it, in milliseconds; spent before the first byte. */
  readonly latencyMs?: number;
}

/** Thrown by any check that ends a request; carries the answer to send. Never leaves the emulator. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with status ${reply.status}`);
    this.name = "Refusal";
    this.reply = reply;
  }
}

/** A JSON answer, pretty-printed with two spaces and a final newline as Google's front end does it. */
export function jsonReply(status: number, body: Json, headers: Readonly<Record<string, string>> = {}): Reply {
  const text = `${JSON.stringify(body, null, 2)}\n`;
  return {
    status,
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
    pieces: [Buffer.from(text)],
  };
}

/** A dense JSON answer, as Go programs such as CLIProxyAPI and the token endpoints send it. */
export function denseJsonReply(status: number, body: Json, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    pieces: [Buffer.from(JSON.stringify(body))],
  };
}

/** An HTML answer. */
export function htmlReply(status: number, html: string): Reply {
  return { status, headers: { "content-type": "text/html; charset=UTF-8" }, pieces: [Buffer.from(html)] };
}

/** An answer without a body. */
export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, pieces: [] };
}

/** What Google's front end says to a path or method that it does not know. */
export function unknownUrlReply(path: string): Reply {
  const shown = path.slice(0, 200).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return htmlReply(
    404,
    `<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> <ins>That's an error.</ins>\n` +
      `<p>The requested URL <code>${shown}</code> was not found on this server. <ins>That's all we know.</ins>\n</html>\n`,
  );
}

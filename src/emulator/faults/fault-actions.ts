// Every fault that can be planned, as data: its name, its fields, and what it does in one sentence (docs/emulator.md shows
// this table). Leaves matching to fault-plan.ts and doing to fault-replies.ts, answer-shape.ts and delivery.ts.

import type { Json, JsonObject } from "../json.ts";

/** One thing that goes wrong. Several may be combined in a list, as far as they touch different stages. */
export type FaultAction =
  // in place of an answer
  | { type: "upload-reset"; afterBytes?: number }
  | { type: "drop" }
  | {
      type: "status";
      status: number;
      message?: string;
      retryDelay?: string;
      retryAfter?: string;
      details?: Json;
      body?: Json;
    }
  | { type: "error"; name: string; retryDelay?: string }
  | { type: "html"; page?: "captive-portal" | "bad-gateway" | "proxy-auth" }
  | { type: "redirect"; to: string; status?: number }
  | { type: "garbage"; bytes?: number }
  | { type: "echo-key"; status?: number }
  | { type: "terminal-escapes"; status?: number }
  | { type: "long-message"; bytes?: number; status?: number }
  | { type: "gzip-bomb"; megabytes?: number }
  | { type: "endless" }
  // in what the answer holds
  | { type: "refusal"; finishReason?: string; blockReason?: string; message?: string }
  | { type: "drafts"; count?: number }
  | { type: "thought-pictures"; count?: number }
  | { type: "text-only"; text?: string }
  | { type: "usage"; usage: "missing" | JsonObject }
  | { type: "lost-picture" }
  | { type: "mime-label"; mimeType: string }
  | { type: "model-version"; value: string }
  | { type: "wrong-size"; width: number; height: number }
  | { type: "truncated-picture"; keep?: number; dropBytes?: number }
  | { type: "not-a-picture"; content?: "svg" | "html" | "zip" }
  | { type: "picture-bomb"; side?: number }
  | { type: "damaged-base64"; how?: Base64Damage }
  | { type: "file-state"; processingMs?: number; fails?: "yes" | "no" }
  // in a long-running operation; given with the call that starts it
  | {
      type: "operation";
      end?: "failed" | "filtered" | "expired" | "never" | "incomplete";
      takesMs?: number;
      code?: number;
      message?: string;
      clip?: "truncated" | "not-a-video";
      padBytes?: number;
      link?: string;
    }
  // in how the answer is written down
  | { type: "pretty-escapes" }
  | { type: "proto" }
  | { type: "nested"; depth?: number }
  | { type: "wrap-array" }
  | { type: "odd-json"; how: "bom" | "invalid-utf8" | "duplicate-keys" | "cut-short" | "trailing-garbage" }
  | { type: "stream-error"; status?: number }
  | { type: "no-final-chunk" }
  | { type: "two-final-chunks" }
  | { type: "separators"; value: string }
  // on the wire
  | { type: "delay"; ms: number }
  | { type: "cut"; afterBytes?: number; afterFraction?: number }
  | { type: "stall"; where?: "before-headers" | "after-headers" | "mid-body"; afterBytes?: number; forMs?: number }
  | { type: "slow"; bytesPerSecond: number }
  | { type: "chunks"; bytes?: number }
  | { type: "content-length"; delta: number }
  | { type: "content-encoding"; value: string }
  | { type: "extra-bytes"; bytes?: number };

/** Ways to spoil base64. "url-safe" and "newlines" are readable with goodwill; the others are not. */
export type Base64Damage = "garbage" | "url-safe" | "newlines" | "padding" | "empty" | "one-byte";

/** The kinds of field that an action can have. */
export type FaultFieldKind = "number" | "text" | "json" | readonly string[];

/** One row of the fault table. */
export interface FaultDescription {
  /** When it acts; `instead` faults keep the request from reaching the model. */
  readonly stage: "upload" | "instead" | "content" | "text" | "wire";
  readonly does: string;
  /** Fields by name; required ones end with "!". */
  readonly fields: Readonly<Record<string, FaultFieldKind>>;
}

/** All faults by their `type`. */
export const faultTable: Readonly<Record<FaultAction["type"], FaultDescription>> = {
  "upload-reset": {
    stage: "upload",
    does: "resets the connection while the request is still being sent",
    fields: { afterBytes: "number" },
  },
  drop: { stage: "wire", does: "takes the whole request, then closes the connection without a byte", fields: {} },
  status: {
    stage: "instead",
    does: "answers with this HTTP status and Google's JSON for it",
    fields: {
      "status!": "number",
      message: "text",
      retryDelay: "text",
      retryAfter: "text",
      details: "json",
      body: "json",
    },
  },
  error: {
    stage: "instead",
    does: "answers with a named error (see the list of names)",
    fields: { "name!": "text", retryDelay: "text" },
  },
  html: {
    stage: "instead",
    does: "answers with an HTML page",
    fields: { page: ["captive-portal", "bad-gateway", "proxy-auth"] },
  },
  redirect: { stage: "instead", does: "redirects to another URL (302)", fields: { "to!": "text", status: "number" } },
  garbage: { stage: "text", does: "answers 200 with bytes that are no JSON", fields: { bytes: "number" } },
  "echo-key": {
    stage: "instead",
    does: "answers 400 and repeats the caller's credential in the message",
    fields: { status: "number" },
  },
  "terminal-escapes": {
    stage: "instead",
    does: "answers 400 with control sequences in the message",
    fields: { status: "number" },
  },
  "long-message": {
    stage: "instead",
    does: "answers 400 with a message of a million characters",
    fields: { bytes: "number", status: "number" },
  },
  "gzip-bomb": {
    stage: "text",
    does: "answers 200 with gzip that grows a thousandfold",
    fields: { megabytes: "number" },
  },
  endless: { stage: "text", does: "answers 200 with a picture that never ends", fields: {} },
  refusal: {
    stage: "content",
    does: "answers 200 without a picture, with a finishReason or a blockReason",
    fields: { finishReason: "text", blockReason: "text", message: "text" },
  },
  drafts: { stage: "content", does: "puts further pictures before the last one", fields: { count: "number" } },
  "thought-pictures": {
    stage: "content",
    does: "puts pictures marked as thoughts before the real one",
    fields: { count: "number" },
  },
  "text-only": { stage: "content", does: "answers with text in place of a picture", fields: { text: "text" } },
  usage: {
    stage: "content",
    does: "leaves usageMetadata out (`missing`), or replaces fields of it",
    fields: { "usage!": "json" },
  },
  "lost-picture": {
    stage: "content",
    does: "bills a picture and leaves it out, as CLIProxyAPI's non-streaming route does",
    fields: {},
  },
  "mime-label": {
    stage: "content",
    does: "labels the picture with another MIME type",
    fields: { "mimeType!": "text" },
  },
  "model-version": {
    stage: "content",
    does: "names another model as the one that answered",
    fields: { "value!": "text" },
  },
  "wrong-size": {
    stage: "content",
    does: "sends a picture of another pixel size",
    fields: { "width!": "number", "height!": "number" },
  },
  "truncated-picture": {
    stage: "content",
    does: "cuts the picture's bytes short",
    fields: { keep: "number", dropBytes: "number" },
  },
  "not-a-picture": {
    stage: "content",
    does: "sends other bytes under the picture's label",
    fields: { content: ["svg", "html", "zip"] },
  },
  "picture-bomb": {
    stage: "content",
    does: "sends a small PNG that unfolds to billions of pixels",
    fields: { side: "number" },
  },
  "damaged-base64": {
    stage: "content",
    does: "spoils the base64",
    fields: { how: ["garbage", "url-safe", "newlines", "padding", "empty", "one-byte"] },
  },
  "file-state": {
    stage: "content",
    does: "keeps an uploaded file in PROCESSING for a while, and lets it end as FAILED (for `uploadFile`)",
    fields: { processingMs: "number", fails: ["yes", "no"] },
  },
  operation: {
    stage: "content",
    does: "gives a long-running operation or an interaction another end (`incomplete`: of interactions alone), time, clip or download link",
    fields: {
      end: ["failed", "filtered", "expired", "never", "incomplete"],
      takesMs: "number",
      code: "number",
      message: "text",
      clip: ["truncated", "not-a-video"],
      padBytes: "number",
      link: "text",
    },
  },
  "pretty-escapes": { stage: "text", does: "writes the JSON indented, with \\/ and \\u003d escapes", fields: {} },
  proto: { stage: "text", does: "adds `__proto__` and `constructor` keys to the answer", fields: {} },
  nested: { stage: "text", does: "adds a deeply nested list to the answer", fields: { depth: "number" } },
  "wrap-array": { stage: "text", does: "wraps the answer or the error in a list", fields: {} },
  "odd-json": {
    stage: "text",
    does: "writes the JSON with one oddity",
    fields: { "how!": ["bom", "invalid-utf8", "duplicate-keys", "cut-short", "trailing-garbage"] },
  },
  "stream-error": {
    stage: "text",
    does: "ends a stream with an error chunk before the picture",
    fields: { status: "number" },
  },
  "no-final-chunk": { stage: "text", does: "ends a stream without finishReason and usage", fields: {} },
  "two-final-chunks": { stage: "text", does: "sends the last chunk of a stream twice", fields: {} },
  separators: { stage: "text", does: "separates a stream's events by this text", fields: { "value!": "text" } },
  delay: { stage: "wire", does: "waits before the answer", fields: { "ms!": "number" } },
  cut: {
    stage: "wire",
    does: "closes the connection after a part of the body",
    fields: { afterBytes: "number", afterFraction: "number" },
  },
  stall: {
    stage: "wire",
    does: "stops sending, for good or for a while",
    fields: { where: ["before-headers", "after-headers", "mid-body"], afterBytes: "number", forMs: "number" },
  },
  slow: { stage: "wire", does: "sends the body at this pace", fields: { "bytesPerSecond!": "number" } },
  chunks: { stage: "wire", does: "sends the body in tiny pieces", fields: { bytes: "number" } },
  "content-length": { stage: "wire", does: "announces a wrong Content-Length", fields: { "delta!": "number" } },
  "content-encoding": { stage: "wire", does: "announces an encoding that is not used", fields: { "value!": "text" } },
  "extra-bytes": { stage: "wire", does: "sends bytes after the end of the answer", fields: { bytes: "number" } },
};

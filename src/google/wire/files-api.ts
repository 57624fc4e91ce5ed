// Google's Files API on the wire: the calls of one resumable upload, and what their answers say. Pure; who sends them, and in
// which order, is generate's. Source: google-apis facts §6, 2026-11-22; @google/genai 2.32.0.

import type { HttpCall, HttpHead } from "../../core/http-call.ts";
import { asObject, asText, parseObject } from "../../core/json-field.ts";

/** The SDK's own: large enough to be quick, small enough for the memory. A multiple of 256 KiB, as Google wants it. */
export const UPLOAD_PIECE_BYTES = 8_388_608;

/** A file as Google keeps it: 48 hours, or until it is deleted. */
export interface StoredFile {
  /** `files/abc`. */
  readonly name: string;
  /** Goes into a request as `fileData.fileUri`. */
  readonly uri: string;
  readonly state: "ready" | "processing" | "failed";
  /** `null` where the answer does not tell. */
  readonly sizeBytes: number | null;
}

export interface UploadAnnouncement {
  readonly url: string;
  /** With the credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** `files/` and up to 40 small letters, digits and dashes. Ours, so that a file whose answer was lost can be deleted too. */
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}

/** The call that announces a file; its answer names the address for the bytes. What it is called on this machine is not told. */
export function startUpload({ url, headers, name, mimeType, sizeBytes }: UploadAnnouncement): HttpCall {
  const file = { name, mimeType, sizeBytes: String(sizeBytes) };
  return {
    method: "POST",
    url,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      "x-goog-upload-protocol": "resumable",
      "x-goog-upload-command": "start",
      "x-goog-upload-header-content-length": String(sizeBytes),
      "x-goog-upload-header-content-type": mimeType,
      ...headers,
    },
    body: new TextEncoder().encode(JSON.stringify({ file })),
  };
}

export interface UploadPiece {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** At most `UPLOAD_PIECE_BYTES`; fewer only at the end. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly isLast: boolean;
}

/** The call for the piece that begins at `offset`. */
export function uploadPiece({ url, headers, bytes, offset, isLast }: UploadPiece): HttpCall {
  return {
    method: "POST",
    url,
    headers: {
      accept: "application/json",
      "content-type": "application/octet-stream",
      "x-goog-upload-command": isLast ? "upload, finalize" : "upload",
      "x-goog-upload-offset": String(offset),
      ...headers,
    },
    body: bytes,
  };
}

/**
 * The address for the bytes, or `null` when the answer names none on `baseUrl`'s own origin: the credential and the picture go
 * there, so it must be who was asked.
 */
export function readUploadUrl({ headers }: Pick<HttpHead, "headers">, baseUrl: string): string | null {
  const given = headers["x-goog-upload-url"] ?? "";
  if (!URL.canParse(given)) return null;
  const url = new URL(given);
  if (url.username !== "" || url.password !== "" || url.origin !== new URL(baseUrl).origin) return null;
  return url.href;
}

/** Whether Google takes the upload for finished (`final`), waits for more (`active`) or has given it up. */
export function readUploadStatus({ headers }: Pick<HttpHead, "headers">): "active" | "final" | "cancelled" {
  const status = headers["x-goog-upload-status"]?.trim().toLowerCase();
  return status === "active" || status === "final" ? status : "cancelled";
}

/** The file of an answer, `{file: {…}}` or the file itself; `null` when there is none that could be sent or deleted. */
export function readStoredFile(body: string): StoredFile | null {
  const document = parseObject(body);
  const file = asObject(document?.["file"]) ?? document;
  const name = asText(file?.["name"]);
  const uri = asText(file?.["uri"]);
  if (!file || name === null || uri === null || !/^files\/[\w-]{1,200}$/.test(name)) return null;
  if (!URL.canParse(uri) || uri.length > 2_000) return null;
  const size = asText(file["sizeBytes"]) ?? "";
  return { name, uri, state: stateOf(file["state"]), sizeBytes: /^\d{1,15}$/.test(size) ? Number(size) : null };
}

/** A file without a state is ready: states came later, for videos. */
function stateOf(state: unknown): StoredFile["state"] {
  if (state === undefined || state === "ACTIVE") return "ready";
  return state === "FAILED" ? "failed" : "processing";
}

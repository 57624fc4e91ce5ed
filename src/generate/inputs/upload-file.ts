// One file into Google's Files API and out of it again: announced, sent in pieces, waited for, deleted. Free calls; whether
// to try again after a failure is the picture's own retry, which knows how long it may wait.

import type { Clock } from "../../core/clock.ts";
import { errorTable } from "../../core/error-table.ts";
import type { SendSmall, SmallAnswer } from "../../core/http-call.ts";
import type { Route } from "../../core/route.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { FileStore } from "../../google/endpoints/endpoint.ts";
import {
  readStoredFile,
  readUploadStatus,
  readUploadUrl,
  startUpload,
  type StoredFile,
  UPLOAD_PIECE_BYTES,
  uploadPiece,
} from "../../google/wire/files-api.ts";
import { readFailure } from "../../google/wire/failures/read-failure.ts";
import { errorOfFailure } from "../draw/errors.ts";

/** Between two questions whether a file is ready: pictures are at once, clips are worked on first. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5_000;

export interface FileCalls {
  readonly files: FileStore;
  readonly route: Route;
  readonly send: SendSmall;
  /** Of one call. */
  readonly timeoutMs: number;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly clean: (text: string) => string;
}

export interface FileToUpload {
  readonly what: "picture" | "clip";
  /** `files/…`, never used before. */
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** The bytes from `offset` on, as many as that. Rejects with a ToolError when they are no longer those that were checked. */
  readonly read: (offset: number, length: number) => Uint8Array | Promise<Uint8Array>;
  /** Until the provider has made it ready. */
  readonly patienceMs: number;
}

/**
 * Uploads one file and waits until it can be used. `onBytes` is told how far it has come. What fails may be there all the
 * same: whoever chose its name deletes it.
 *
 * @throws ToolError `reference-upload-failed`, those of the transport, of the credential and of passing faults. Nothing is billed.
 */
export async function uploadFile(
  calls: FileCalls,
  file: FileToUpload,
  onBytes: (bytes: number) => void,
): Promise<StoredFile> {
  const { files, route, send, timeoutMs } = calls;
  const { what, name, mimeType, sizeBytes } = file;
  const announced = await send(
    startUpload({ url: files.uploadUrl(route), headers: await calls.headers(), name, mimeType, sizeBytes }),
    { timeoutMs },
  );
  if (announced.status !== 200) throw refused(calls, file, announced);
  const url = readUploadUrl(announced, route.baseUrl);
  if (url === null) {
    throw new ToolError("reference-upload-failed", {
      message: `The answer to the upload names no address on ${new URL(route.baseUrl).host} for the ${what}, so neither it nor the key was sent there.`,
      nextStep: "Check the base URL: a gateway must put its own host into x-goog-upload-url.",
    });
  }
  for (let offset = 0; ; offset += UPLOAD_PIECE_BYTES) {
    const end = Math.min(offset + UPLOAD_PIECE_BYTES, sizeBytes);
    const isLast = end === sizeBytes;
    const bytes = await file.read(offset, end - offset);
    const answer = await send(uploadPiece({ url, headers: await calls.headers(), bytes, offset, isLast }), {
      timeoutMs,
    });
    if (answer.status !== 200) throw refused(calls, file, answer);
    if (readUploadStatus(answer) !== (isLast ? "final" : "active")) throw failed("Google gave the upload up halfway.");
    onBytes(end);
    if (!isLast) continue;
    const stored = readStoredFile(answer.body);
    if (stored === null) throw failed("The answer to the upload names no file.");
    if (stored.sizeBytes !== null && stored.sizeBytes !== sizeBytes) {
      throw failed(`Google has ${stored.sizeBytes} bytes of a ${what} of ${sizeBytes}.`);
    }
    return await whenReady(calls, file, stored);
  }
}

async function whenReady(calls: FileCalls, file: FileToUpload, uploaded: StoredFile): Promise<StoredFile> {
  const { files, route, send, timeoutMs, clock, signal } = calls;
  const { what, patienceMs } = file;
  let stored = uploaded;
  let waitMs = FIRST_WAIT_MS;
  for (let waitedMs = 0; stored.state === "processing"; waitedMs += waitMs) {
    if (waitedMs >= patienceMs) {
      throw failed(`Google has not finished with the uploaded ${what} within ${Math.round(patienceMs / 1_000)} s.`);
    }
    waitMs = Math.min(waitedMs + FIRST_WAIT_MS, LONGEST_WAIT_MS);
    await clock.sleep(waitMs, signal);
    const url = files.fileUrl(route, uploaded.name);
    const answer = await send({ method: "GET", url, headers: await calls.headers(), body: null }, { timeoutMs });
    if (answer.status !== 200) throw refused(calls, file, answer);
    const seen = readStoredFile(answer.body);
    if (seen === null || seen.name !== uploaded.name) throw failed(`Google no longer knows the uploaded ${what}.`);
    stored = seen;
  }
  if (stored.state === "failed") throw failed(`Google could not read the uploaded ${what}.`);
  return stored;
}

/** Whether the file is gone. Never throws. */
export async function deleteFile(calls: FileCalls, name: string): Promise<boolean> {
  const { files, route, send, timeoutMs } = calls;
  try {
    const headers = await calls.headers();
    const answer = await send(
      { method: "DELETE", url: files.fileUrl(route, name), headers, body: null },
      { timeoutMs },
    );
    // Google says 403 of a file that is not there: an upload that never became one has nothing to delete.
    return [200, 403, 404].includes(answer.status);
  } catch {
    return false;
  }
}

function failed(message: string): ToolError {
  return new ToolError("reference-upload-failed", { message });
}

/** In the provider's words. What is wrong with the credential or passes keeps its code; about money there is no doubt. */
function refused({ route, clean }: FileCalls, { what }: FileToUpload, answer: SmallAnswer): ToolError {
  const failure = readFailure({ ...answer, endpoint: route.endpoint, auth: route.auth, model: route.model });
  const { exit } = errorTable[failure.code];
  if (exit === 3 || exit === 6) return errorOfFailure({ ...failure, billed: "no" }, clean);
  const { message: _ours, nextStep: _its, ...seen } = failure;
  return errorOfFailure(
    {
      ...seen,
      code: "reference-upload-failed",
      message: `The upload of the ${what} was not accepted (HTTP ${answer.status}).`,
      billed: "no",
    },
    clean,
  );
}

// One picture into Google's Files API and out of it again: announced, sent in pieces, waited for, deleted. Free calls; whether
// to try again after a failure is the picture's own retry, which knows how long it may wait.

import type { Clock } from "../../core/clock.ts";
import { errorTable } from "../../core/error-table.ts";
import type { SendSmall, SmallAnswer } from "../../core/http-call.ts";
import type { Plan } from "../../core/plan.ts";
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
import { readFailure } from "../../google/wire/read-failure.ts";
import { errorOfFailure } from "../draw/errors.ts";

/** Between two questions whether a file is ready. Pictures are at once, so this is for the day on which they are not. */
const ASK_AGAIN_MS = 1_000;
const MOST_QUESTIONS = 60;

export interface FileCalls {
  readonly files: FileStore;
  readonly route: Plan["route"];
  readonly send: SendSmall;
  /** Of one call. */
  readonly timeoutMs: number;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly clean: (text: string) => string;
}

export interface UploadedPicture {
  /** `files/…`, never used before. */
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/**
 * Uploads one picture and waits until it can be used. `onBytes` is told how far it has come. What fails may be there all the
 * same: whoever chose its name deletes it.
 *
 * @throws ToolError `reference-upload-failed`, those of the transport, of the credential and of passing faults. Nothing is billed.
 */
export async function uploadFile(
  calls: FileCalls,
  { name, mimeType, bytes }: UploadedPicture,
  onBytes: (bytes: number) => void,
): Promise<StoredFile> {
  const { files, route, send, timeoutMs } = calls;
  const sizeBytes = bytes.byteLength;
  const announced = await send(
    startUpload({ url: files.uploadUrl(route), headers: await calls.headers(), name, mimeType, sizeBytes }),
    { timeoutMs },
  );
  if (announced.status !== 200) throw refused(calls, announced);
  const url = readUploadUrl(announced, route.baseUrl);
  if (url === null) {
    throw new ToolError("reference-upload-failed", {
      message: `The answer to the upload names no address on ${new URL(route.baseUrl).host} for the pictures, so neither they nor the key were sent there.`,
      nextStep:
        "Check the base URL: a gateway must put its own host into x-goog-upload-url. Or send fewer and smaller pictures.",
    });
  }
  for (let offset = 0; ; offset += UPLOAD_PIECE_BYTES) {
    const answer = await send(uploadPiece({ url, headers: await calls.headers(), bytes, offset }), { timeoutMs });
    if (answer.status !== 200) throw refused(calls, answer);
    const isLast = offset + UPLOAD_PIECE_BYTES >= sizeBytes;
    if (readUploadStatus(answer) !== (isLast ? "final" : "active")) throw failed("Google gave the upload up halfway.");
    onBytes(Math.min(offset + UPLOAD_PIECE_BYTES, sizeBytes));
    if (!isLast) continue;
    const stored = readStoredFile(answer.body);
    if (stored === null) throw failed("The answer to the upload names no file.");
    if (stored.sizeBytes !== null && stored.sizeBytes !== sizeBytes) {
      throw failed(`Google has ${stored.sizeBytes} bytes of a picture of ${sizeBytes}.`);
    }
    return await whenReady(calls, stored);
  }
}

async function whenReady(calls: FileCalls, uploaded: StoredFile): Promise<StoredFile> {
  const { files, route, send, timeoutMs, clock, signal } = calls;
  let file = uploaded;
  for (let questions = 0; file.state === "processing"; questions += 1) {
    if (questions === MOST_QUESTIONS) throw failed("Google has not finished with an uploaded picture within a minute.");
    await clock.sleep(ASK_AGAIN_MS, signal);
    const url = files.fileUrl(route, uploaded.name);
    const answer = await send({ method: "GET", url, headers: await calls.headers(), body: null }, { timeoutMs });
    if (answer.status !== 200) throw refused(calls, answer);
    const seen = readStoredFile(answer.body);
    if (seen === null || seen.name !== uploaded.name) throw failed("Google no longer knows an uploaded picture.");
    file = seen;
  }
  if (file.state === "failed") throw failed("Google could not read an uploaded picture.");
  return file;
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
function refused({ route, clean }: FileCalls, answer: SmallAnswer): ToolError {
  const failure = readFailure({ ...answer, endpoint: route.endpoint, auth: route.auth, model: route.model });
  const { exit } = errorTable[failure.code];
  if (exit === 3 || exit === 6) return errorOfFailure({ ...failure, billed: "no" }, clean);
  const { message: _ours, nextStep: _its, ...seen } = failure;
  return errorOfFailure(
    {
      ...seen,
      code: "reference-upload-failed",
      message: `The upload of the reference pictures was not accepted (HTTP ${answer.status}).`,
      billed: "no",
    },
    clean,
  );
}

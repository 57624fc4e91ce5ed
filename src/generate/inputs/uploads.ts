// Uploads: the reference pictures of one operation, brought to the provider once for all its calls and taken away afterwards.
// How one picture travels is upload-file's; that they are uploaded at all is the plan's decision.

import { ToolError } from "../../core/tool-error.ts";
import type { UploadNotes } from "./left-uploads.ts";
import { picturesOf, type Shown, withLinks } from "./shown.ts";
import { deleteFile, type FileCalls, uploadFile } from "./upload-file.ts";

export interface Uploads {
  /**
   * The same with links in place of pictures, when all of them are there. Calls that ask at the same time wait for the same
   * uploads; after a failure the next one goes on with what is missing. `onBytes` is told how far it has come.
   *
   * @throws ToolError, see upload-file; nothing is billed.
   */
  ready(onBytes: (bytes: number, totalBytes: number) => void): Promise<Shown>;
  /** Deletes what was uploaded. Never throws; returns what the caller should know, or `null`. */
  discard(): Promise<string | null>;
}

/** For a request that holds its pictures itself. */
export function withoutUploads(shown: Shown): Uploads {
  return { ready: async () => shown, discard: async () => null };
}

/** Pictures are ready at once, so this is for the day on which they are not. */
const PATIENCE_MS = 60_000;

export interface UploadsInput {
  /** Its id, a ULID, makes the names of the files. */
  readonly operation: string;
  /** For uploading, ended by a stop. */
  readonly calls: FileCalls;
  /** For deleting, which a stop does not end. */
  readonly cleaning: FileCalls;
  /** For whoever comes after a kill. */
  readonly notes: UploadNotes;
}

export function createUploads(shown: Shown, { operation, calls, cleaning, notes }: UploadsInput): Uploads {
  const pictures = picturesOf(shown).flatMap((picture) => ("bytes" in picture ? [picture] : []));
  const totalBytes = pictures.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const links = new Map<Uint8Array, string>();
  const names = new Set<string>();
  const listeners = new Set<(bytes: number, totalBytes: number) => void>();
  let running: Promise<Shown> | null = null;

  const uploadMissing = async (): Promise<Shown> => {
    let before = 0;
    const tell = (bytes: number): void => {
      for (const listener of listeners) listener(before + bytes, totalBytes);
    };
    tell(0);
    // One after the other: the line is what it takes, and what a failure leaves undone is little.
    for (const picture of pictures) {
      if (!links.has(picture.bytes)) {
        const name = `files/${operation.toLowerCase()}-${names.size}`;
        names.add(name);
        notes.add(name);
        const { bytes, mimeType } = picture;
        const file = {
          what: "picture",
          name,
          mimeType,
          sizeBytes: bytes.byteLength,
          read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
          patienceMs: PATIENCE_MS,
        } as const;
        const { uri, ...stored } = await uploadFile(calls, file, tell);
        names.add(stored.name);
        links.set(picture.bytes, uri);
      }
      before += picture.bytes.byteLength;
    }
    return withLinks(shown, (picture) => {
      const uri = "bytes" in picture ? links.get(picture.bytes) : undefined;
      if (uri === undefined) throw new Error("A picture of the request was not uploaded.");
      return uri;
    });
  };

  return {
    async ready(onBytes) {
      listeners.add(onBytes);
      const mine = (running ??= uploadMissing());
      try {
        return await mine;
      } catch (error) {
        if (running === mine) running = null;
        throw calls.signal?.aborted === true ? stopped(error) : error;
      } finally {
        listeners.delete(onBytes);
      }
    },
    async discard() {
      const gone = await Promise.all([...names].map((name) => deleteFile(cleaning, name)));
      const left = gone.filter((isGone) => !isGone).length;
      if (left === 0) notes.remove();
      return left === 0
        ? null
        : `${left} uploaded reference ${left === 1 ? "picture" : "pictures"} could not be deleted; Google deletes uploaded files by itself after 48 hours.`;
    },
  };
}

/** A signal's reason may be anything, a signal's name for one. */
function stopped(error: unknown): ToolError {
  const code = error instanceof ToolError && error.code === "terminated" ? "terminated" : "interrupted";
  return new ToolError(code, {
    message: "Stopped while the reference pictures were being uploaded, before the request was sent.",
    billed: "no",
    nextStep: "Nothing was paid; run the same command again when you like.",
  });
}

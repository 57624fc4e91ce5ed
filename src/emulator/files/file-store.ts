// The files of one emulator: what is being uploaded, what is kept, whose it is, and when it is gone. Time comes in from outside.
// Leaves the protocol to services/files-api.ts. Source: facts on Google's APIs, section 6 (2026-11).

import { createHash } from "node:crypto";
import type { JsonObject } from "../json.ts";

/** 2 GB a file and 20 GB a project, kept for 48 hours. */
export const fileLimits = { mostBytes: 2_147_483_648, mostBytesInAll: 21_474_836_480, keptMs: 172_800_000 } as const;

/** Videos are worked on first; pictures and the rest can be used at once. */
const processingMsOf = (mimeType: string): number => (mimeType.startsWith("video/") ? 5_000 : 0);

/** A file that has arrived whole. */
export interface KeptFile {
  /** Without `files/`. */
  readonly id: string;
  readonly owner: string;
  readonly displayName: string | null;
  readonly mimeType: string;
  readonly bytes: Buffer;
  readonly createdMs: number;
  readonly readyAtMs: number;
  readonly fails: boolean;
}

/** A file on its way. */
export interface Upload {
  readonly id: string;
  readonly owner: string;
  readonly fileId: string;
  readonly displayName: string | null;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly pieces: Buffer[];
  received: number;
}

/** How a file becomes ready where it is not as its kind would be; from the planned fault `file-state`. */
export interface FileFate {
  readonly processingMs: number;
  readonly fails: boolean;
}

/** What there is to say of a new upload. */
export type Announcement = Pick<Upload, "owner" | "fileId" | "displayName" | "mimeType" | "sizeBytes">;

export interface FileStore {
  announce(announcement: Announcement): Upload;
  upload(id: string): Upload | undefined;
  forget(upload: Upload): void;
  finalize(upload: Upload, fate: FileFate | null, nowMs: number): KeptFile;
  /** Undefined also for what has expired and for other people's. */
  find(id: string, owner: string, nowMs: number): KeptFile | undefined;
  /** The newest first. */
  list(owner: string, nowMs: number): readonly KeptFile[];
  isTaken(id: string): boolean;
  remove(id: string): void;
  /** Bytes that the owner has, uploads that were announced included. */
  bytesOf(owner: string, nowMs: number): number;
}

/** An empty store. `serial` gives 1, 2, 3 … */
export function createFileStore(serial: () => number): FileStore {
  const kept = new Map<string, KeptFile>();
  const uploads = new Map<string, Upload>();
  const expire = (nowMs: number): void => {
    for (const [id, file] of kept) if (nowMs >= file.createdMs + fileLimits.keptMs) kept.delete(id);
  };
  const list = (owner: string, nowMs: number): readonly KeptFile[] => {
    expire(nowMs);
    return [...kept.values()].filter((file) => file.owner === owner).toReversed();
  };
  return {
    announce: (announcement) => {
      const id = `emulated-upload-${serial()}`;
      const upload: Upload = { ...announcement, id, pieces: [], received: 0 };
      uploads.set(id, upload);
      return upload;
    },
    upload: (id) => uploads.get(id),
    forget: ({ id }) => void uploads.delete(id),
    finalize: (upload, fate, nowMs) => {
      uploads.delete(upload.id);
      const { fileId: id, owner, displayName, mimeType } = upload;
      const readyAtMs = nowMs + (fate?.processingMs ?? processingMsOf(mimeType));
      const bytes = Buffer.concat(upload.pieces);
      const fails = fate?.fails ?? false;
      const file: KeptFile = { id, owner, displayName, mimeType, bytes, createdMs: nowMs, readyAtMs, fails };
      kept.set(id, file);
      return file;
    },
    find: (id, owner, nowMs) => list(owner, nowMs).find((file) => file.id === id),
    list,
    isTaken: (id) => kept.has(id) || [...uploads.values()].some(({ fileId }) => fileId === id),
    remove: (id) => void kept.delete(id),
    bytesOf: (owner, nowMs) =>
      list(owner, nowMs).reduce((sum, { bytes }) => sum + bytes.length, 0) +
      [...uploads.values()].reduce((sum, upload) => sum + (upload.owner === owner ? upload.sizeBytes : 0), 0),
  };
}

/** PROCESSING until it is ready, then ACTIVE or FAILED. */
export function stateOf({ readyAtMs, fails }: KeptFile, nowMs: number): "PROCESSING" | "ACTIVE" | "FAILED" {
  if (nowMs < readyAtMs) return "PROCESSING";
  return fails ? "FAILED" : "ACTIVE";
}

/** The file as Google's JSON tells it. */
export function describeFile(file: KeptFile, nowMs: number): JsonObject {
  const created = new Date(file.createdMs).toISOString();
  const state = stateOf(file, nowMs);
  return {
    name: `files/${file.id}`,
    ...(file.displayName === null ? {} : { displayName: file.displayName }),
    mimeType: file.mimeType,
    sizeBytes: String(file.bytes.length),
    createTime: created,
    updateTime: created,
    expirationTime: new Date(file.createdMs + fileLimits.keptMs).toISOString(),
    // The digest's letters, once more in base64.
    sha256Hash: Buffer.from(createHash("sha256").update(file.bytes).digest("hex")).toString("base64"),
    uri: `https://generativelanguage.googleapis.com/v1beta/files/${file.id}`,
    state,
    source: "UPLOADED",
    ...(state === "FAILED" ? { error: { code: 13, message: "File processing failed." } } : {}),
  };
}

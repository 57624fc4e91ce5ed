// Inputs made ready for the request: the clip to be extended goes inside it, or to the provider's storage before it, as the
// endpoint wants it. Free; what was uploaded is deleted when the operation is over.

import { createHash } from "node:crypto";
import type { ClipInput, ClipInputs } from "../../google/wire/predict-long-running.ts";
import { discardLeftUploads, openStore } from "../inputs/open-uploads.ts";
import { deleteFile, type FileToUpload, uploadFile } from "../inputs/upload-file.ts";
import type { ClipRun } from "./clip-run.ts";
import { changedMeanwhile, type ClipFile, readClipFile } from "./load-extended.ts";

/** Google works on a clip before it can be used; a minute of it takes some seconds. */
const PATIENCE_MS = 300_000;

/** @throws ToolError see upload-file, `clip-unreadable`. Nothing is billed. */
export async function readyInputs(run: ClipRun): Promise<ClipInputs> {
  const { extends: extended, ...others } = run.inputs;
  if (extended?.kind !== "file") return { ...others, extends: extended };
  if (!run.plan.request.uploads) {
    const bytes = await readClipFile(extended);
    return { ...others, extends: { kind: "bytes", mimeType: extended.mimeType, bytes } };
  }
  return { ...others, extends: await upload(run, extended) };
}

/** After the operation; also what killed processes have left. Returns what the caller should know, or `null`. Never throws. */
export async function discardUploads(run: ClipRun): Promise<string | null> {
  const [leftBehind] = await Promise.all([
    discardOwn(run),
    discardLeftUploads(run.store, (operation) => run.book.isOver(operation)),
  ]);
  return leftBehind;
}

async function discardOwn(run: ClipRun): Promise<string | null> {
  const store = run.plan.request.uploads ? openStore(run.store) : null;
  if (store === null) return null;
  if (await deleteFile(store.cleaning, nameOf(run))) {
    store.notes.remove();
    return null;
  }
  return "The uploaded clip could not be deleted; Google deletes uploaded files by itself after 48 hours.";
}

/** Made of the operation's id, so that whoever finishes the operation can delete it. */
function nameOf({ plan }: ClipRun): string {
  return `files/${plan.operation.toLowerCase()}-0`;
}

async function upload(run: ClipRun, clip: ClipFile): Promise<ClipInput> {
  const { mimeType, sizeBytes } = clip;
  const store = openStore(run.store);
  if (store === null) throw new Error("An upload without a place for it was let through.");
  const tell = (bytes: number): void => run.tell({ type: "uploading", image: 0, bytes, totalBytes: sizeBytes });
  tell(0);
  store.notes.add(nameOf(run));
  const opened = await clip.open();
  const hash = createHash("sha256");
  // One for all pieces: a piece is sent before the next one is read.
  let piece = Buffer.alloc(0);
  const read: FileToUpload["read"] = async (offset, length) => {
    if (piece.byteLength < length) piece = Buffer.alloc(length);
    const bytes = await opened.read(offset, length, piece);
    hash.update(bytes);
    // The last piece makes a file of it: what has changed meanwhile must not become one.
    if (bytes.byteLength < length || opened.sizeBytes !== sizeBytes) throw changedMeanwhile();
    if (offset + length === sizeBytes && hash.digest("hex") !== clip.sha256) throw changedMeanwhile();
    return bytes;
  };
  try {
    const file = { what: "clip", name: nameOf(run), mimeType, sizeBytes, read, patienceMs: PATIENCE_MS } as const;
    const { uri } = await uploadFile(store.calls, file, tell);
    return { kind: "link", mimeType, uri };
  } catch (error) {
    // A second attempt takes the same name.
    await deleteFile(store.cleaning, nameOf(run));
    throw error;
  } finally {
    await opened.close();
  }
}

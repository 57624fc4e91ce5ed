// The clip that is gone on with: looked at where it lies, described for the plan, and read once more when it is sent. Never in
// memory before: it may be as large as the provider keeps it.

import { createHash } from "node:crypto";
import type { ExtendedReport } from "../../core/clip.ts";
import type { ErrorCode } from "../../core/error-table.ts";
import { isToolError, type Problem, ToolError } from "../../core/tool-error.ts";
import type { ClipInput } from "../../google/wire/predict-long-running.ts";
import { findDamage } from "../../outputs/clip/check-clip.ts";
import { readClipHeader } from "../../outputs/clip/read-clip-header.ts";
import type { OpenedFile } from "../../references/read-file.ts";
import type { SourceSettings } from "../../references/read-source.ts";

/** A clip on this machine that was looked at, and can be opened again for sending. */
export interface ClipFile {
  readonly kind: "file";
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Of what was looked at; what is sent must have it too. */
  readonly sha256: string;
  readonly open: () => Promise<OpenedFile>;
}

export interface LoadedExtended {
  readonly report: ExtendedReport | null;
  readonly input: ClipInput | ClipFile | null;
  readonly problems: readonly Problem[];
}

const MIME_TYPE = "video/mp4";
/** What Google's Files API keeps: google-apis facts §6. */
const MOST_BYTES = 2_000_000_000;
const LOOK_BYTES = 1_048_576;
const HEAD_BYTES = 512;
/** What is wrong with a file is said in words about pictures where it is read. */
const codesOfClips: Readonly<Partial<Record<ErrorCode, ErrorCode>>> = {
  "reference-unreadable": "clip-unreadable",
  "reference-too-large": "clip-not-extendable",
};

export async function loadExtended(given: string | undefined, sources: SourceSettings): Promise<LoadedExtended> {
  if (given === undefined) return { report: null, input: null, problems: [] };
  if (/^\s*(?:gs|https):\/\//i.test(given)) return addressed(given, sources);
  const wrong = (message: string, code: Problem["code"] = "clip-unreadable"): LoadedExtended => ({
    report: null,
    input: null,
    problems: [{ code, field: "--extend-video", message: `${given} ${message}`, given }],
  });
  const { openReferenceFile } = await import("../../references/read-file.ts");
  const { policy, workingDirectory } = sources;
  const open = async () =>
    await openReferenceFile(given, { files: policy.files, workingDirectory, maxBytes: MOST_BYTES });
  try {
    const looked = await lookAt(await open());
    if (typeof looked === "string") return wrong(looked);
    const { header, sha256, sizeBytes } = looked;
    const input = { kind: "file", mimeType: MIME_TYPE, sizeBytes, sha256, open } as const;
    return { report: { sha256, bytes: sizeBytes, header }, input, problems: [] };
  } catch (error) {
    if (!isToolError(error) || error.code === "interrupted") throw error;
    return wrong(error.message, codesOfClips[error.code] ?? error.code);
  }
}

function addressed(given: string, { policy }: SourceSettings): LoadedExtended {
  const uri = given.trim();
  if (policy.urls === "none") {
    const message = `${given} is an address, and addresses are not allowed here.`;
    const problem = { code: "reference-forbidden", field: "--extend-video", message, given } as const;
    return { report: null, input: null, problems: [problem] };
  }
  const report = { sha256: null, bytes: null, header: null, uri };
  return { report, input: { kind: "link", mimeType: MIME_TYPE, uri }, problems: [] };
}

/** What it is, or why it is no clip. */
async function lookAt(file: OpenedFile) {
  try {
    const damage = await findDamage(file);
    const header = damage === null ? await readClipHeader(file) : null;
    if (header === null) {
      const other = otherKind((await file.read(0, HEAD_BYTES)).toString("latin1"));
      if (other !== null) return `is ${other}, and only MP4 files are taken.`;
      return damage === null ? "is no MP4 whose index can be read." : `is no whole MP4: ${damage}.`;
    }
    const hash = createHash("sha256");
    const piece = Buffer.alloc(LOOK_BYTES);
    for (let offset = 0; offset < file.sizeBytes; offset += LOOK_BYTES) {
      hash.update(await file.read(offset, LOOK_BYTES, piece));
    }
    return { header, sha256: hash.digest("hex"), sizeBytes: file.sizeBytes };
  } finally {
    await file.close();
  }
}

/** What people take for an MP4; `null` for what is one, or nobody knows what. */
function otherKind(head: string): string | null {
  if (head.slice(4, 8) === "ftyp") return null;
  if (head.startsWith("\x1a\x45\xdf\xa3")) return "a WebM or Matroska file";
  if (/^RIFF....AVI /s.test(head)) return "an AVI file";
  if (/^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP)/s.test(head)) return "a picture";
  return /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(head) ? "a text file" : null;
}

/** The whole clip, which must still be what was looked at. */
export async function readClipFile(clip: ClipFile): Promise<Uint8Array> {
  const file = await clip.open();
  try {
    const bytes = await file.read(0, file.sizeBytes);
    if (createHash("sha256").update(bytes).digest("hex") !== clip.sha256) throw changedMeanwhile();
    return bytes;
  } finally {
    await file.close();
  }
}

export function changedMeanwhile(): ToolError {
  return new ToolError("clip-unreadable", {
    message: "The clip to be extended was changed after it had been looked at, so it was not sent.",
    nextStep: "Run the same command again once nothing writes to the file any more.",
  });
}

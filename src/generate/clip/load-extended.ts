// The clip that is gone on with: looked at where it lies, described for the plan, and read once more when it is sent. Never in
// memory before: it may be as large as the provider keeps it.

import { createHash } from "node:crypto";
import type { ExtendedReport } from "../../core/clip.ts";
import { isToolError, type Problem, ToolError } from "../../core/tool-error.ts";
import type { ClipInput } from "../../google/wire/predict-long-running.ts";
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
const PIECE_BYTES = 1_048_576;
/** Clips that Veo takes are H.264 or H.265; others are refused before paying. */
const CODECS: ReadonlySet<string> = new Set(["avc", "hevc"]);

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
    const { header, sha256, sizeBytes } = await lookAt(await open());
    if (header === null) return wrong("is no MP4 whose index can be read.");
    if (header.codec === null || !CODECS.has(header.codec)) {
      const codec = header.codec ?? "an unknown codec";
      return wrong(`has pictures in ${codec}; H.264 and H.265 are taken.`, "clip-not-extendable");
    }
    const input = { kind: "file", mimeType: MIME_TYPE, sizeBytes, sha256, open } as const;
    return { report: { sha256, bytes: sizeBytes, header }, input, problems: [] };
  } catch (error) {
    if (!isToolError(error) || error.code === "interrupted") throw error;
    return wrong(error.message, error.code);
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

async function lookAt(file: OpenedFile) {
  try {
    const header = await readClipHeader(file);
    const hash = createHash("sha256");
    // Of what is no clip nobody asks for the hash.
    const hashedBytes = header === null ? 0 : file.sizeBytes;
    const room = Buffer.alloc(Math.min(PIECE_BYTES, hashedBytes));
    for (let offset = 0; offset < hashedBytes; offset += PIECE_BYTES) {
      hash.update(await file.read(offset, PIECE_BYTES, room));
    }
    return { header, sha256: hash.digest("hex"), sizeBytes: file.sizeBytes };
  } finally {
    await file.close();
  }
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

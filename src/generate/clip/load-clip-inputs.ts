// Frames, references and the clip to be extended, read once: described for the plan and ready to be sent.

import { createHash } from "node:crypto";
import type { ClipRequest, ExtendedReport } from "../../core/clip.ts";
import type { InputPart } from "../../core/input-part.ts";
import type { Clock } from "../../core/clock.ts";
import type { Reference, ReferenceReport } from "../../core/request.ts";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import type { ClipInput, ClipInputs } from "../../google/wire/predict-long-running.ts";
import { readClipHeader } from "../../outputs/clip/read-clip-header.ts";
import type { LoadedReferences } from "../../references/load-references.ts";
import type { SourceSettings } from "../../references/read-source.ts";
import type { ImageGenOptions } from "../options.ts";

export interface LoadedClipInputs {
  readonly firstFrame: ReferenceReport | null;
  readonly lastFrame: ReferenceReport | null;
  readonly references: readonly ReferenceReport[];
  readonly extends: ExtendedReport | null;
  readonly inputs: ClipInputs;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const DEFAULT_DOWNLOAD_TIMEOUT_MS = 60_000;
/** Frames are not made smaller than the largest clip. */
const LONGEST_SIDE = 3_840;
/** Losslessly as long as fourteen of them would fit. */
const LOSSLESS_BYTES = 6_000_000;
/** As base64 within a request of 100 MB. */
const MOST_CLIP_BYTES = 70_000_000;
/** Clips that Veo takes are H.264 or H.265; others are refused before paying. */
const CODECS: ReadonlySet<string> = new Set(["avc", "hevc"]);

/** Throws `interrupted` when the signal is aborted. */
export async function loadClipInputs(
  { options, clock }: { readonly options: ImageGenOptions; readonly clock: Clock },
  request: ClipRequest,
  downloads: "fetch" | "left-out",
  signal?: AbortSignal,
): Promise<LoadedClipInputs> {
  const sources: SourceSettings = {
    policy: options.references ?? { files: [options.workingDirectory], urls: "https" },
    workingDirectory: options.workingDirectory,
    downloads: downloads === "fetch" && options.rehearsal !== undefined ? "stand-in" : downloads,
    downloadTimeoutMs: options.downloadTimeoutMs ?? DEFAULT_DOWNLOAD_TIMEOUT_MS,
    clock,
    ...(options.proxies ? { proxies: options.proxies } : {}),
    ...(signal ? { signal } : {}),
  };
  const pictures = async (field: string, given: readonly Reference[]): Promise<LoadedReferences> =>
    given.length === 0 ? nothing : renamed(await loadPictures(given, sources), field);
  const [first, last, references, extended] = await Promise.all([
    pictures("--image", request.firstFrame === undefined ? [] : [request.firstFrame]),
    pictures("--last-frame", request.lastFrame === undefined ? [] : [request.lastFrame]),
    pictures("--reference", request.references ?? []),
    loadExtended(request.extendVideo, sources),
  ]);
  const loaded = [first, last, references];
  return {
    firstFrame: first.references[0] ?? null,
    lastFrame: last.references[0] ?? null,
    references: references.references,
    extends: extended.report,
    inputs: {
      firstFrame: inputsOf(first)[0] ?? null,
      lastFrame: inputsOf(last)[0] ?? null,
      references: inputsOf(references),
      extends: extended.input,
    },
    problems: [...loaded.flatMap(({ problems }) => problems), ...extended.problems],
    warnings: loaded.flatMap(({ warnings }) => warnings),
  };
}

const nothing: LoadedReferences = { references: [], documents: [], parts: [], problems: [], warnings: [] };

async function loadPictures(references: readonly Reference[], sources: SourceSettings): Promise<LoadedReferences> {
  const { loadReferences } = await import("../../references/load-references.ts");
  const limits = { longestSide: LONGEST_SIDE, losslessUpToBytes: LOSSLESS_BYTES };
  return await loadReferences({ references, documents: [], limits, sources });
}

/** The option that the picture was given with. */
function renamed(loaded: LoadedReferences, field: string): LoadedReferences {
  const rename = (text: string): string => text.replace(/^--image\b/, field);
  return {
    ...loaded,
    problems: loaded.problems.map((problem) => ({ ...problem, field, message: rename(problem.message) })),
    warnings: loaded.warnings.map(rename),
  };
}

function inputsOf({ parts }: LoadedReferences): ClipInput[] {
  return parts.flatMap((part: InputPart): ClipInput[] => {
    if (part.kind === "picture") return [{ kind: "bytes", mimeType: part.mimeType, bytes: part.bytes }];
    return part.kind === "link" ? [part] : [];
  });
}

interface LoadedExtended {
  readonly report: ExtendedReport | null;
  readonly input: ClipInput | null;
  readonly problems: readonly Problem[];
}

const MIME_TYPE = "video/mp4";

async function loadExtended(given: string | undefined, sources: SourceSettings): Promise<LoadedExtended> {
  if (given === undefined) return { report: null, input: null, problems: [] };
  if (/^\s*(?:gs|https):\/\//i.test(given)) {
    const uri = given.trim();
    if (sources.policy.urls === "none") {
      const message = `${given} is an address, and addresses are not allowed here.`;
      const problem = { code: "reference-forbidden", field: "--extend-video", message, given } as const;
      return { report: null, input: null, problems: [problem] };
    }
    const report = { sha256: null, bytes: null, header: null, uri };
    return { report, input: { kind: "link", mimeType: MIME_TYPE, uri }, problems: [] };
  }
  const wrong = (message: string, code: Problem["code"] = "clip-unreadable"): LoadedExtended => ({
    report: null,
    input: null,
    problems: [{ code, field: "--extend-video", message: `${given} ${message}`, given }],
  });
  try {
    const { readReferenceFile } = await import("../../references/read-file.ts");
    const { files } = sources.policy;
    const { workingDirectory } = sources;
    const bytes = await readReferenceFile(given, { files, workingDirectory, maxBytes: MOST_CLIP_BYTES });
    const header = await readClipHeader(bytes);
    if (header === null) return wrong("is no MP4 whose index can be read.");
    if (header.codec === null || !CODECS.has(header.codec)) {
      return wrong(
        `has pictures in ${header.codec ?? "an unknown codec"}; H.264 and H.265 are taken.`,
        "clip-not-extendable",
      );
    }
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const report = { sha256, bytes: bytes.byteLength, header };
    return { report, input: { kind: "bytes", mimeType: MIME_TYPE, bytes }, problems: [] };
  } catch (error) {
    if (!isToolError(error) || error.code === "interrupted") throw error;
    return wrong(error.message, error.code);
  }
}

/** Bytes as words, for showing a request to a person: nobody reads base64. */
export function inputsInWords({ firstFrame, lastFrame, references, extends: extended }: ClipInputs): ClipInputs {
  return {
    firstFrame: inWords(firstFrame),
    lastFrame: inWords(lastFrame),
    references: references.flatMap((reference) => inWords(reference) ?? []),
    extends: inWords(extended),
  };
}

function inWords(input: ClipInput | null): ClipInput | null {
  if (input?.kind !== "bytes") return input;
  return { kind: "shown", mimeType: input.mimeType, words: `(${input.bytes.byteLength} bytes)` };
}

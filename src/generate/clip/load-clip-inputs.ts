// Frames, references and the clip to be extended, read once: described for the plan and ready to be sent.

import type { ClipRequest, ExtendedReport } from "../../core/clip.ts";
import type { InputPart } from "../../core/input-part.ts";
import type { Clock } from "../../core/clock.ts";
import type { Reference, ReferenceReport } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { ClipInput, ClipInputs } from "../../google/wire/predict-long-running.ts";
import type { LoadedReferences } from "../../references/load-references.ts";
import type { SourceSettings } from "../../references/read-source.ts";
import type { ImageGenOptions } from "../options.ts";
import { type ClipFile, loadExtended } from "./load-extended.ts";

/** As they were given: a clip of this machine is not read before it is sent. */
export interface GivenInputs extends Omit<ClipInputs, "extends"> {
  readonly extends: ClipInput | ClipFile | null;
}

export interface LoadedClipInputs {
  readonly firstFrame: ReferenceReport | null;
  readonly lastFrame: ReferenceReport | null;
  readonly references: readonly ReferenceReport[];
  readonly extends: ExtendedReport | null;
  readonly inputs: GivenInputs;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const DEFAULT_DOWNLOAD_TIMEOUT_MS = 60_000;
/** Frames are not made smaller than the largest clip. */
const LONGEST_SIDE = 3_840;
/** Losslessly as long as fourteen of them would fit. */
const LOSSLESS_BYTES = 6_000_000;

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

/** Bytes as words, for showing a request to a person: nobody reads base64. */
export function inputsInWords({ firstFrame, lastFrame, references, extends: extended }: GivenInputs): ClipInputs {
  return {
    firstFrame: inWords(firstFrame),
    lastFrame: inWords(lastFrame),
    references: references.flatMap((reference) => inWords(reference) ?? []),
    extends: inWords(extended),
  };
}

function inWords(input: ClipInput | ClipFile | null): ClipInput | null {
  if (input?.kind === "file") return { kind: "shown", mimeType: input.mimeType, words: `(${input.sizeBytes} bytes)` };
  if (input?.kind !== "bytes") return input;
  return { kind: "shown", mimeType: input.mimeType, words: `(${input.bytes.byteLength} bytes)` };
}

// Reference pictures and documents of a request, read once: before the plan, which describes them, and before the call, which
// sends them. Without any, nothing is loaded.

import type { Clock } from "../../core/clock.ts";
import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { REFERENCE_LONGEST_SIDE, REFERENCE_MOST_BYTES } from "../../google/models/reference-pixels.ts";
import { noInputs, type PlannedInputs } from "../plan/check-inputs.ts";
import type { ImageGenOptions } from "../options.ts";

export interface LoadedInputs extends PlannedInputs {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const DEFAULT_DOWNLOAD_TIMEOUT_MS = 60_000;

/**
 * @param downloads `left-out` for a plan alone: addresses are checked and nothing is fetched.
 * @throws ToolError `interrupted` when the signal is aborted.
 */
export async function loadInputs(
  { options, clock }: { readonly options: ImageGenOptions; readonly clock: Clock },
  request: GenerateRequest,
  downloads: "fetch" | "left-out",
  signal?: AbortSignal,
): Promise<LoadedInputs> {
  const { references = [], documents = [] } = request;
  if (references.length + documents.length === 0) return { ...noInputs, problems: [], warnings: [] };
  const { loadReferences } = await import("../../references/load-references.ts");
  if (options.ownsProcess === true) await (await import("../../references/decoders.ts")).closeOtherDecoders();
  const loaded = await loadReferences({
    references,
    documents,
    limits: {
      longestSide: request.resizeReferences === false ? null : REFERENCE_LONGEST_SIDE,
      losslessUpToBytes: REFERENCE_MOST_BYTES,
    },
    sources: {
      policy: options.references ?? { files: [options.workingDirectory], urls: "https" },
      workingDirectory: options.workingDirectory,
      downloads: downloads === "fetch" && options.rehearsal !== undefined ? "stand-in" : downloads,
      downloadTimeoutMs: options.downloadTimeoutMs ?? DEFAULT_DOWNLOAD_TIMEOUT_MS,
      clock,
      ...(options.proxies ? { proxies: options.proxies } : {}),
      ...(signal ? { signal } : {}),
    },
  });
  return { ...loaded, referencesAsked: references.length };
}

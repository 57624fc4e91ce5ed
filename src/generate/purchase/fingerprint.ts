// Fingerprint: what makes two requests the same purchase: everything that the caller asked for and where it goes,
// before the network has said anything. Pure.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { GenerateRequest } from "../../core/request.ts";
import { defaultEndpointFor } from "../../google/endpoints/registry.ts";
import type { PlannedInputs } from "../plan/check-inputs.ts";
import type { ImageGenOptions } from "../options.ts";

/**
 * A SHA-256 in hexadecimal. Limits and keys are not part of it: they say how to buy and not what. Reference pictures and
 * documents count by what is in them, wherever they came from.
 */
export function fingerprintOf(
  request: GenerateRequest,
  inputs: Pick<PlannedInputs, "references" | "documents">,
  options: ImageGenOptions,
): string {
  const { maxCostUsd: _, budgetUsd: _1, idempotencyKey: _2, buyAgain: _3, output = "", ...others } = request;
  const { references: _4, documents: _5, resizeReferences: _6, allowRetired: _7, ...simple } = others;
  const wanted = { ...simple, ...inputHashes(inputs) };
  const { auth, endpoint = defaultEndpointFor(auth).name, projectId, location, baseUrls, rehearsal } = options;
  const way = [auth, endpoint, projectId, location, rehearsal ? "rehearsal" : baseUrls?.[endpoint]];
  const target = resolve(options.workingDirectory, output) + (output.endsWith("/") ? "/" : "");
  const sorted = Object.entries(wanted)
    .filter(([, value]) => value !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([sorted, way.map((value) => value ?? null), target]))
    .digest("hex");
}

/** Nothing where there is nothing, so that requests without references keep their fingerprints. */
function inputHashes({ references, documents }: Pick<PlannedInputs, "references" | "documents">) {
  return {
    ...(references.length === 0 ? {} : { references: references.map(({ sha256, uri }) => sha256 ?? uri) }),
    ...(documents.length === 0 ? {} : { documents: documents.map(({ name, sha256 }) => [name, sha256]) }),
  };
}

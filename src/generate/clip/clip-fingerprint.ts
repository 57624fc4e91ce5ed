// What makes two requests for a clip the same purchase. Pure.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { ClipRequest } from "../../core/clip.ts";
import { defaultEndpointFor } from "../../google/endpoints/registry.ts";
import type { ImageGenOptions } from "../options.ts";
import type { LoadedClipInputs } from "./load-clip-inputs.ts";

/** A SHA-256 in hexadecimal. Limits and keys are not part of it, and pictures count by what is in them. */
export function clipFingerprint(
  request: ClipRequest,
  inputs: Omit<LoadedClipInputs, "inputs">,
  options: ImageGenOptions,
): string {
  const { maxCostUsd: _, budgetUsd: _1, idempotencyKey: _2, buyAgain: _3, output = "", ...others } = request;
  const { firstFrame: _4, lastFrame: _5, references: _6, extendVideo: _7, allowRetired: _8, ...simple } = others;
  const { auth, endpoint = defaultEndpointFor(auth).name, projectId, location, baseUrls, rehearsal } = options;
  const way = [auth, endpoint, projectId, location, rehearsal ? "rehearsal" : baseUrls?.[endpoint]];
  const target = resolve(options.workingDirectory, output) + (output.endsWith("/") ? "/" : "");
  const given = [inputs.firstFrame, inputs.lastFrame, ...inputs.references, inputs.extends].map(
    (input) => input && (input.sha256 ?? input.uri ?? null),
  );
  const sorted = Object.entries(simple)
    .filter(([, value]) => value !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify(["clip", sorted, given, way.map((value) => value ?? null), target]))
    .digest("hex");
}

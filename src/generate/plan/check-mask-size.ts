// Whether a mask that the caller gives lies over the picture that it is for: pixel for pixel.
// Source: @google/genai 2.32.0, MaskReferenceImage: "the mask must be in the same dimensions as the raw image".

import type { PlannedPredict } from "../../core/predict-options.ts";
import type { ReferenceReport } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";

/** Pictures whose pixels nobody knows before they are sent (URLs in a plan, Cloud Storage) are not compared. */
export function checkMaskSize(
  references: readonly ReferenceReport[],
  { roles }: Pick<PlannedPredict, "roles">,
  problems: Problem[],
): void {
  const sizeOf = (role: "raw" | "mask"): string | null => {
    const picture = references[roles.indexOf(role)];
    return typeof picture?.width === "number" ? `${picture.width} x ${picture.height}` : null;
  };
  const [raw, mask] = [sizeOf("raw"), sizeOf("mask")];
  if (raw === null || mask === null || raw === mask) return;
  problems.push({
    code: "value-not-allowed",
    field: "--image",
    message: `The mask has ${mask} pixels and the picture ${raw}: a mask has the size of its picture.`,
    given: mask,
    allowed: [raw],
  });
}

// Asked against got: does the picture have the ratio and size of the request?

import type { Pixels } from "../core/plan.ts";

/** Real pictures are off by a few pixels. Source: google-apis facts §2.2, 2026-11-22. */
const TOLERANCE = 0.02;

/** `null` when it matches, or nothing was promised; otherwise a sentence with both. */
export function findMismatch(got: Pixels, expected: Pixels | null): string | null {
  if (expected === null) return null;
  const ratioOff = Math.abs((got.width / got.height) * (expected.height / expected.width) - 1) > TOLERANCE;
  const sizeOff =
    Math.abs(got.width / expected.width - 1) > TOLERANCE || Math.abs(got.height / expected.height - 1) > TOLERANCE;
  if (!ratioOff && !sizeOff) return null;
  const what = ratioOff ? "another aspect ratio" : "another size";
  return `The picture has ${what} than asked for: ${got.width}×${got.height} instead of ${expected.width}×${expected.height}.`;
}

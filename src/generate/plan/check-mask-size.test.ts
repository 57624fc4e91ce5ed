import { expect, test } from "vitest";
import type { ReferenceReport } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { checkMaskSize } from "./check-mask-size.ts";

const picture = (width: number | null, height: number | null): ReferenceReport => ({
  sha256: null,
  mimeType: "image/png",
  width,
  height,
});

function problemsOf(...references: ReferenceReport[]): Problem[] {
  const problems: Problem[] = [];
  checkMaskSize(references, { roles: ["style", "raw", "mask"] }, problems);
  return problems;
}

const other = picture(7, 7);

test("a mask of another size than its picture is refused with both sizes", () => {
  expect(problemsOf(other, picture(160, 90), picture(90, 160))).toMatchObject([
    { field: "--image", given: "90 x 160", allowed: ["160 x 90"] },
  ]);
});

test("a mask of the same size passes, and one whose size is not known", () => {
  expect(problemsOf(other, picture(160, 90), picture(160, 90))).toEqual([]);
  expect(problemsOf(other, picture(160, 90), picture(null, null))).toEqual([]);
  expect(problemsOf(other)).toEqual([]);
});

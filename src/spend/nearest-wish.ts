// When no model can do all that is wished: the one wish that could be changed, and to what.

import type { Problem } from "../core/tool-error.ts";
import { type Model, sizes } from "../google/models/model.ts";
import { qualities, type Wish } from "./wish.ts";

/** One wish changed: the problem it stands for, and the wish with the change. */
interface Change {
  readonly code: Problem["code"];
  readonly field: string;
  readonly given: string;
  readonly suggestion: string;
  readonly wish: Wish;
}

/**
 * The problem of a wish that no model fulfils. The change that costs least comes first: a lower quality, then another size,
 * another ratio, fewer references.
 *
 * @param whoCan the label of a model that can do a wish.
 */
export function nearestWish(wish: Wish, models: readonly Model[], whoCan: (wish: Wish) => string | undefined): Problem {
  const refused = `No model that is served draws ${describeWish(wish)}`;
  for (const { code, field, given, suggestion, wish: changed } of changesOf(wish, models)) {
    const label = whoCan(changed);
    if (label === undefined) continue;
    return { code, field, message: `${refused}; ${label} does with ${field} ${suggestion}.`, given, suggestion };
  }
  return { code: "option-not-offered", field: "--quality", message: `${refused}.`, given: wish.quality };
}

function changesOf(wish: Wish, models: readonly Model[]): Change[] {
  const { size, ratio, references, quality } = wish;
  const lower = qualities.slice(0, qualities.indexOf(quality)).toReversed();
  const ratios = [...new Set(models.flatMap((model) => model.ratios))];
  const fewer = [...new Set(models.map(({ referenceLimit }) => referenceLimit))].filter((limit) => limit < references);
  return [
    ...lower.map((suggestion) => ({
      code: "option-not-offered" as const,
      field: "--quality",
      given: quality,
      suggestion,
      wish: { ...wish, quality: suggestion },
    })),
    ...sizes
      .filter((other) => other !== size)
      .toSorted((a, b) => sizeSteps(a, size) - sizeSteps(b, size))
      .map((suggestion) => ({
        code: "size-not-offered" as const,
        field: "--size",
        given: size,
        suggestion,
        wish: { ...wish, size: suggestion },
      })),
    ...(ratio === null ? [] : ratios)
      .filter((other) => other !== ratio)
      .toSorted((a, b) => ratioDistance(a, ratio ?? a) - ratioDistance(b, ratio ?? b))
      .map((suggestion) => ({
        code: "ratio-not-offered" as const,
        field: "--ar",
        given: ratio ?? "",
        suggestion,
        wish: { ...wish, ratio: suggestion },
      })),
    ...fewer
      .toSorted((a, b) => b - a)
      .map((limit) => ({
        code: "value-not-allowed" as const,
        field: "--references",
        given: String(references),
        suggestion: String(limit),
        wish: { ...wish, references: limit },
      })),
  ];
}

const sizeSteps = (a: Wish["size"], b: Wish["size"]): number => Math.abs(sizes.indexOf(a) - sizes.indexOf(b));

function ratioDistance(a: string, b: string): number {
  return Math.abs(Math.log(shapeOf(a) / shapeOf(b)));
}

function shapeOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(":").map(Number);
  return width / height;
}

function describeWish({ size, ratio, references, quality }: Wish): string {
  const picture = ratio === null ? size : `${size} ${ratio}`;
  const from = references === 0 ? "" : ` from ${references} reference${references === 1 ? "" : "s"}`;
  return `${picture}${from} in quality ${quality}`;
}

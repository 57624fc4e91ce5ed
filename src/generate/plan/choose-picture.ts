// The picture's shape: ratio and size as the model offers them, exact pixels mapped to both, and the pixels to expect.

import { nearest } from "../../core/nearest.ts";
import type { Pixels } from "../../core/plan.ts";
import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { type Model, type Size, sizes } from "../../google/models/model.ts";
import { matchPixels, nearestShape, pixelsFor } from "../../google/models/pixels.ts";

export interface ChosenPicture {
  /** `null`: not sent. */
  readonly aspectRatio: string | null;
  readonly size: Size | null;
  readonly expected: Pixels | null;
}

/** What a request without a ratio and without reference pictures gets. Source: google-apis facts §1.2, 2026-11-22. */
const RATIO_WITHOUT_WISH = "1:1";
const PIXELS = /^(\d{2,5})[x×](\d{2,5})$/i;

/** Mistakes go to `problems`; the result is only meant when there were none. */
export function choosePicture(request: GenerateRequest, model: Model, problems: Problem[]): ChosenPicture {
  const wish = (request.size ?? "1K").trim();
  const exact = PIXELS.exec(wish);
  if (exact) return chooseExact(request, model, Number(exact[1]), Number(exact[2]), problems);
  const ratio = checkRatio(request.aspectRatio, model, problems);
  const size = checkSize(wish, model, problems);
  const hasReferences = (request.references ?? []).length > 0;
  // With reference pictures the answer takes a shape like theirs: which, the model decides (google-apis facts §1.2).
  const shape = ratio ?? (hasReferences ? null : RATIO_WITHOUT_WISH);
  return {
    aspectRatio: ratio,
    size,
    expected: size === null || shape === null ? null : (pixelsFor(model, shape, size) ?? null),
  };
}

function chooseExact(
  request: GenerateRequest,
  model: Model,
  width: number,
  height: number,
  problems: Problem[],
): ChosenPicture {
  const shape = matchPixels(model, width, height);
  const near = nearestShape(model, width, height);
  if (!shape) {
    problems.push({
      code: "size-not-offered",
      field: "--size",
      message: `${model.id} draws no picture of ${width}x${height} pixels.`,
      given: `${width}x${height}`,
      ...(near ? { suggestion: `${near.width}x${near.height}` } : {}),
    });
    return { aspectRatio: null, size: null, expected: null };
  }
  const asked = request.aspectRatio === undefined ? undefined : normaliseRatio(request.aspectRatio);
  if (asked !== undefined && asked !== shape.ratio) {
    problems.push({
      code: "ratio-not-offered",
      field: "--ar",
      message: `${width}x${height} has the ratio ${shape.ratio}, but --ar says ${request.aspectRatio}.`,
      given: request.aspectRatio ?? "",
      allowed: [shape.ratio],
      suggestion: shape.ratio,
    });
  }
  return { aspectRatio: shape.ratio, size: shape.size, expected: { width, height } };
}

function normaliseRatio(text: string): string {
  return text.trim().replace(/\s*[:x×/∶：]\s*/i, ":");
}

function checkRatio(wish: string | undefined, model: Model, problems: Problem[]): string | null {
  if (wish === undefined) return null;
  const ratio = normaliseRatio(wish);
  if (model.ratios.includes(ratio)) return ratio;
  const suggestion = nearestRatio(ratio, model.ratios);
  problems.push({
    code: "ratio-not-offered",
    field: "--ar",
    message: `${model.id} does not draw the aspect ratio ${wish}.`,
    given: wish,
    allowed: model.ratios,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
  return null;
}

/** By shape where the text is a ratio at all, else by spelling. */
function nearestRatio(ratio: string, offered: readonly string[]): string | undefined {
  const asked = shapeOf(ratio);
  if (asked === null) return nearest(ratio, offered, 1)[0];
  const distance = (other: string): number => Math.abs(Math.log((shapeOf(other) ?? 1) / asked));
  return offered.toSorted((a, b) => distance(a) - distance(b))[0];
}

function shapeOf(ratio: string): number | null {
  const match = /^(\d{1,5}(?:\.\d+)?):(\d{1,5}(?:\.\d+)?)$/.exec(ratio);
  if (!match) return null;
  const value = Number(match[1]) / Number(match[2]);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function checkSize(wish: string, model: Model, problems: Problem[]): Size | null {
  const upper = wish.toUpperCase();
  const known = sizes.find((size) => size === upper);
  if (known && model.sizes.includes(known)) return known;
  const spelling = nearest(upper, model.sizes, 1)[0];
  const suggestion = known ? nearestSize(known, model.sizes) : spelling;
  problems.push({
    code: "size-not-offered",
    field: "--size",
    message: known ? `${model.id} does not draw ${known}.` : `${wish} is no size.`,
    given: wish,
    allowed: [...model.sizes, "WxH in pixels"],
    ...(suggestion === undefined ? {} : { suggestion }),
  });
  return null;
}

function nearestSize(asked: Size, offered: readonly Size[]): Size | undefined {
  const distance = (size: Size): number => Math.abs(sizes.indexOf(size) - sizes.indexOf(asked));
  return offered.toSorted((a, b) => distance(a) - distance(b))[0];
}

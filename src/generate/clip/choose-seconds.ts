// How long the clip will be: what was asked for, if the model makes that of this size and with these pictures. Pure.

import type { ClipRequest } from "../../core/clip.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { ClipRules, Model } from "../../google/models/model.ts";

export interface SecondsQuestion {
  readonly resolution: string;
  /** How many pictures of what is to appear. */
  readonly references: number;
  /** It has a first and a last frame. */
  readonly isBetween: boolean;
}

/** Mistakes go to `problems`. */
export function chooseSeconds(
  { durationSeconds }: ClipRequest,
  { id, clip }: Model & { readonly clip: ClipRules },
  { resolution, references, isBetween }: SecondsQuestion,
  problems: Problem[],
): number {
  const longest = clip.seconds.at(-1) ?? clip.usualSeconds;
  const seconds = durationSeconds ?? clip.usualSeconds;
  const isLarge = clip.onlyLongestWhenLarge && (["1080p", "4k"].includes(resolution) || references > 0);
  const most = isBetween ? Math.min(longest, clip.mostSecondsBetweenFrames) : longest;
  const allowed = isLarge ? [longest] : clip.seconds.filter((each) => each <= most);
  if (allowed.includes(seconds)) return seconds;
  const [nearest] = allowed.toSorted((a, b) => Math.abs(a - seconds) - Math.abs(b - seconds));
  const between = most < longest ? "Between two frames " : "";
  problems.push({
    code: "value-not-allowed",
    field: "--duration",
    message: isLarge
      ? `With ${references > 0 ? "reference pictures" : resolution} ${id} makes clips of ${longest} seconds alone.`
      : `${between}${id} makes clips of ${inWords(allowed)} seconds.`,
    given: String(seconds),
    allowed: allowed.map(String),
    ...(nearest === undefined ? {} : { suggestion: String(nearest) }),
  });
  return seconds;
}

/** A long row of whole numbers is read as its ends. */
function inWords(seconds: readonly number[]): string {
  return seconds.length > 4 ? `${seconds[0]} to ${seconds.at(-1)}` : seconds.join(", ");
}

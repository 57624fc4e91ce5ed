// How long a picture or a clip usually takes, for the person who waits.

import { type Model, sizeOf } from "./model.ts";

/** From and to, in seconds, on Google's own endpoints; `null` where nobody has measured or guessed it: videos. */
export function usualSeconds(model: Model, size: string | null): { readonly from: number; readonly to: number } | null {
  const key = sizeOf(size);
  return (key && model.usualSeconds[key]) ?? null;
}

/** From and to, in seconds, for a clip of any model (google-apis facts §8.1). */
export const usualClipSeconds = { from: 11, to: 360 } as const;

// How long a picture usually takes, for the person who waits.

import { type Model, sizeOf } from "./model.ts";

/** From and to, in seconds, on Google's own endpoints; `null` where nobody has measured or guessed it: videos, Imagen. */
export function usualSeconds(model: Model, size: string | null): { readonly from: number; readonly to: number } | null {
  const key = sizeOf(size);
  return (key && model.usualSeconds[key]) ?? null;
}

// How long a picture usually takes, for the person who waits.

import { type Model, sizeOf } from "./model.ts";

/** From and to, in seconds, on Google's own endpoints; `null` for a model that this version cannot run. */
export function usualSeconds(model: Model, size: string | null): { readonly from: number; readonly to: number } | null {
  const key = sizeOf(size);
  return (key && model.usualSeconds[key]) ?? null;
}

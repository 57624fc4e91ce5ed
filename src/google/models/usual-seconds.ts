// How long a picture usually takes, for the person who waits.

import type { Model, Size } from "./model.ts";

/** From and to, in seconds, on Google's own endpoints; `null` when nobody has measured it. */
export function usualSeconds(model: Model, size: string | null): { readonly from: number; readonly to: number } | null {
  return model.usualSeconds[(size ?? "1K") as Size] ?? null;
}

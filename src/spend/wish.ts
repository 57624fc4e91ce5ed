// Wish: what a recommendation is asked for.

import type { Size } from "../google/models/model.ts";

/** From rough to fine; the catalogue's `quality` counts them from 1. */
export const qualities = ["draft", "good", "best"] as const;
export type Quality = (typeof qualities)[number];

export interface Wish {
  readonly size: Size;
  /** `null`: any. */
  readonly ratio: string | null;
  /** Reference pictures. */
  readonly references: number;
  readonly quality: Quality;
}

// Live tree: lines that depend on the time, redrawn in place until the end. Whose lines they are is not its business.

import type { Context } from "../context.ts";
import { createLiveArea, type LiveLine } from "./live-area.ts";
import type { Style } from "./style.ts";

const REDRAW_EVERY_MS = 250;

export interface LiveTree {
  redraw(): void;
  /** Draws for the last time and stops. */
  finish(lines: readonly LiveLine[]): void;
}

/** Draws at once. `linesAt`: what stands there at a moment of the clock that never goes back. */
export function openLiveTree(
  linesAt: (nowMs: number) => readonly LiveLine[],
  style: Style,
  context: Context,
): LiveTree {
  const area = createLiveArea(context.stderr, style.unicode ? "…" : "...");
  const redraw = (): void => area.draw(linesAt(context.clock.monotonic()));
  const stop = context.every(REDRAW_EVERY_MS, redraw);
  redraw();
  return {
    redraw,
    finish: (lines) => {
      stop();
      area.finish(lines);
    },
  };
}

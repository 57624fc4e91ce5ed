// Clip display: events in, a tree that lives on the terminal or plain lines out, as for pictures.

import type { ClipOutcome, ClipPlan, OnClipEvent } from "../../core/clip.ts";
import type { Context } from "../context.ts";
import { advanceClip, noClipYet } from "./clip-state.ts";
import { finishedClipTree, runningClipTree } from "./clip-tree.ts";
import { openLiveTree } from "./live-tree.ts";
import { plainClipProgress } from "./plain-clip-progress.ts";
import type { ProgressChoice } from "./progress-display.ts";
import { chooseStyle } from "./style.ts";
import type { UsualSeconds } from "./tree.ts";

export interface ClipDisplay {
  readonly onProgress: OnClipEvent;
  /** Draws the end; without an outcome only what was there is taken away. `total`: a sentence, if there is more to add up. */
  finish(outcome: ClipOutcome | null, total: string | null): void;
  /** The end that is drawn has the path, the cost and the warnings. */
  readonly showsPaths: boolean;
  /** Warnings that were shown while it ran. */
  readonly saidWarnings: ReadonlySet<string>;
}

export interface ClipDisplayChoice extends Pick<ProgressChoice, "silent" | "still"> {
  readonly usualSeconds: (plan: ClipPlan) => UsualSeconds | null;
}

export function openClipDisplay(choice: ClipDisplayChoice, context: Context): ClipDisplay {
  const { stderr, environment, clock } = context;
  const style = chooseStyle({ isTerminal: stderr.isTerminal, environment });
  if (choice.silent) {
    return { onProgress: () => undefined, finish: () => undefined, showsPaths: false, saidWarnings: new Set() };
  }
  if (!style.live || choice.still) return plainDisplay(choice, context);
  let state = noClipYet(clock.monotonic());
  let usual: UsualSeconds | null = null;
  const tree = openLiveTree((nowMs) => runningClipTree(state, nowMs, usual, style), style, context);
  return {
    showsPaths: true,
    saidWarnings: new Set(),
    onProgress: (event) => {
      state = advanceClip(state, event, clock.monotonic());
      if (event.type === "planned") usual = choice.usualSeconds(event.plan);
      // Bytes come in hundreds of events; the timer is enough for them.
      if (event.type !== "receiving") tree.redraw();
    },
    finish: (outcome, total) => tree.finish(outcome ? finishedClipTree(state, outcome, total, style) : []),
  };
}

function plainDisplay(choice: ClipDisplayChoice, { stderr, clock }: Context): ClipDisplay {
  const saidWarnings = new Set<string>();
  const lines = plainClipProgress();
  let usual: UsualSeconds | null = null;
  return {
    showsPaths: false,
    saidWarnings,
    onProgress: (event) => {
      if (choice.still && event.type !== "planned") return;
      if (event.type === "planned") {
        usual = choice.usualSeconds(event.plan);
        for (const warning of event.plan.warnings) saidWarnings.add(warning);
      }
      for (const line of lines(event, clock.monotonic(), usual)) stderr.write(`${line.replaceAll("\n", " ")}\n`);
    },
    finish: () => undefined,
  };
}

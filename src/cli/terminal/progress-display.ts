// Progress display: events in, a tree that lives on the terminal or plain lines out. `--quiet`, `--json` and `--no-progress` choose silence.

import type { Outcome } from "../../core/outcome.ts";
import type { OnProgress } from "../../core/progress.ts";
import type { Plan } from "../../core/plan.ts";
import { plainText } from "../../core/redaction.ts";
import type { Context } from "../context.ts";
import { openLiveTree } from "./live-tree.ts";
import { plainLine } from "./plain-progress.ts";
import { advance, nothingYet } from "./progress-state.ts";
import { chooseStyle } from "./style.ts";
import { finishedTree, runningTree, type UsualSeconds } from "./tree.ts";

export interface ProgressDisplay {
  readonly onProgress: OnProgress;
  /** Draws the end; without an outcome (a failure that was thrown) only what was there is taken away. */
  finish(outcome: Outcome | null): void;
  /** The display shows the paths of the pictures itself. */
  readonly showsPaths: boolean;
  /** Warnings that were shown while it ran. */
  readonly saidWarnings: ReadonlySet<string>;
}

export interface ProgressChoice {
  /** Nothing but errors. */
  readonly silent: boolean;
  /** A tree at the end but nothing that moves. */
  readonly still: boolean;
  readonly verbose: boolean;
  readonly usualSeconds: (plan: Plan) => UsualSeconds | null;
}

export function openProgressDisplay(choice: ProgressChoice, context: Context): ProgressDisplay {
  const style = chooseStyle({ isTerminal: context.stderr.isTerminal, environment: context.environment });
  if (choice.silent) {
    return { onProgress: () => undefined, finish: () => undefined, showsPaths: false, saidWarnings: new Set() };
  }
  if (!style.live || choice.still) return plainDisplay(choice, context);

  const startedMs = context.clock.monotonic();
  let state = nothingYet;
  let usual: UsualSeconds | null = null;
  const tree = openLiveTree((nowMs) => runningTree(state, nowMs, startedMs, usual, style), style, context);
  return {
    showsPaths: true,
    saidWarnings: new Set(),
    onProgress: (event) => {
      state = advance(state, event, context.clock.monotonic());
      if (event.type === "planned") usual = choice.usualSeconds(event.plan);
      // Bytes come in hundreds of events; the timer is enough for them.
      if (event.type !== "receiving") tree.redraw();
    },
    finish: (outcome) => {
      tree.finish(outcome ? finishedTree(state, outcome, style) : []);
    },
  };
}

function plainDisplay(choice: ProgressChoice, context: Context): ProgressDisplay {
  const saidWarnings = new Set<string>();
  let count = 1;
  const say = (line: string | null) => {
    if (line !== null) context.stderr.write(`${line.replaceAll("\n", " ")}\n`);
  };
  return {
    showsPaths: false,
    saidWarnings,
    onProgress: (event) => {
      if (choice.still && event.type !== "planned") return;
      // The failure of the only picture is the failure of the command, which is reported at the end.
      if (event.type === "failed" && count === 1) return;
      say(plainLine(event, choice.verbose));
      if (event.type !== "planned") return;
      count = event.plan.request.count;
      for (const warning of event.plan.warnings) {
        saidWarnings.add(warning);
        say(`Warning: ${plainText(warning)}`);
      }
    },
    finish: () => undefined,
  };
}

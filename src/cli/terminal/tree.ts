// The tree: the layout of the original design, as lines. While it runs, and when it has ended. Pure.

import { formatUsd } from "../../core/money.ts";
import type { ErrorReport } from "../../core/tool-error.ts";
import type { ImageReport, Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { counted, formatBytes, formatDuration, priceEach } from "../reports/amounts.ts";
import { costSentence } from "../reports/cost-sentence.ts";
import type { LiveLine } from "./live-area.ts";
import { type Marks, marksOf, oneLine, withBranches } from "./marks.ts";
import type { PictureState, ProgressState } from "./progress-state.ts";
import type { Style } from "./style.ts";

/** Seconds that the model usually takes for this size. */
export interface UsualSeconds {
  readonly from: number;
  readonly to: number;
}

// A tall list would scroll the terminal on each redraw.
const MOST_RUNNING_SHOWN = 6;

const ENDED: ReadonlySet<PictureState["phase"]> = new Set(["published", "stored", "failed"]);

function heading(plan: Plan | null, style: Style): LiveLine[] {
  const marks = marksOf(style);
  const { bold, yellow } = style.colors;
  const count = plan?.request.count ?? 1;
  const what = count === 1 ? "image" : `${count} images`;
  const lines: LiveLine[] = [{ text: `${marks.picture}Generating ${what}...`, paint: bold }];
  if (plan === null) return lines;
  const price = priceEach(plan.cost.perImageMicroUsd);
  const sum = count === 1 ? "" : `, ${formatUsd(plan.cost.estimatedMicroUsd)} for ${count}`;
  const unmetered = plan.rehearsal
    ? " (rehearsal: nothing is paid)"
    : " (list price; this route is not billed per image)";
  lines.push({ text: `${marks.branch}Model: ${oneLine(plan.route.model)}` });
  if (plan.rehearsal) {
    lines.push({
      text: `${marks.branch}REHEARSAL on the built-in emulator: free, offline, no real picture`,
      paint: yellow,
    });
  }
  lines.push({ text: `${marks.branch}${marks.money}Cost: ${price}${sum}${plan.cost.metered ? "" : unmetered}` });
  for (const warning of plan.warnings) {
    lines.push({ text: `${marks.branch}${marks.warning}${oneLine(warning)}`, paint: yellow });
  }
  lines.push({ text: marks.trunk });
  return lines;
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
function statusText(state: PictureState, nowMs: number, usual: UsualSeconds | null): string {
  switch (state.phase) {
    case "uploading":
      return `Uploading reference pictures, ${formatBytes(state.bytes)} of ${formatBytes(state.totalBytes)}, ${formatDuration(nowMs - state.sinceMs)}`;
    case "sending":
    case "answering": {
      const range = usual ? ` (usually ${usual.from} to ${usual.to} s)` : "";
      const again = state.phase === "sending" && state.attempt > 1 ? `, attempt ${state.attempt}` : "";
      return `Drawing, ${formatDuration(nowMs - state.sinceMs)}${range}${again}`;
    }
    case "receiving":
      return `Receiving, ${formatBytes(state.bytes)}, ${formatDuration(nowMs - state.sinceMs)}`;
    case "waiting":
      return `Next attempt in ${formatDuration(state.untilMs - nowMs + 999)}: ${oneLine(state.reason)}`;
    case "published":
      return `Saved, ${formatBytes(state.report.bytes)}`;
    case "stored":
      return "Left in the bucket";
    case "failed":
      return oneLine(state.message);
  }
}

/** The tree while pictures are on their way. */
export function runningTree(
  state: ProgressState,
  nowMs: number,
  startedMs: number,
  usual: UsualSeconds | null,
  style: Style,
): LiveLine[] {
  const marks = marksOf(style);
  const lines = heading(state.plan, style);
  const count = state.plan?.request.count ?? 1;
  const running = [...state.pictures].filter(([, { phase }]) => !ENDED.has(phase));
  if (state.pictures.size === 0) {
    return [...lines, { text: `${marks.last}${marks.waiting}Preparing, ${formatDuration(nowMs - startedMs)}` }];
  }
  const shown = running.slice(0, MOST_RUNNING_SHOWN).map(([number, picture]) => {
    const label = count === 1 ? "" : `${number + 1}: `;
    return { text: `${marks.waiting}${label}${statusText(picture, nowMs, usual)}`, paint: style.colors.cyan };
  });
  const finished = state.pictures.size - running.length;
  if (count > 1) shown.push({ text: `${finished} of ${count} finished`, paint: style.colors.dim });
  return [...lines, ...withBranches(shown, marks)];
}

function pictureLines(report: ImageReport): LiveLine[] {
  return [
    { text: `Output: ${oneLine(report.path)}` },
    { text: `Size: ${formatBytes(report.bytes)}, ${report.width} x ${report.height}` },
  ];
}

function failureSummary(error: ErrorReport, marks: Marks, style: Style): LiveLine {
  return { text: `${marks.failed}${oneLine(error.message)}`, paint: style.colors.red };
}

/** The tree when all is over. The reasons of a failure are the failure report's business. */
export function finishedTree(state: ProgressState, outcome: Outcome, style: Style): LiveLine[] {
  const marks = marksOf(style);
  const { green, yellow } = style.colors;
  const lines = heading(state.plan, style);
  if (outcome.status === "error") {
    const what = state.plan?.request.count === 1 || !state.plan ? "No image." : "No images.";
    return [...lines, { text: `${marks.last}${marks.failed}${what}`, paint: style.colors.red }];
  }
  const { images, stored = [], errors = [] } = outcome;
  const count = images.length + stored.length;
  const made =
    outcome.status === "ok" && count === 1
      ? "Image generated successfully!"
      : `${counted(count, "image")} generated${outcome.status === "ok" ? " successfully!" : `, ${errors.length} failed`}`;
  const said = new Set(state.plan?.warnings);
  return [
    ...lines,
    ...withBranches(
      [
        { text: `${marks.done}${made}`, paint: green },
        { text: `${marks.money}${costSentence(outcome.cost, outcome.rehearsal)}` },
        ...outcome.warnings
          .filter((warning) => !said.has(warning))
          .map((warning) => ({ text: `${marks.warning}${oneLine(warning)}`, paint: yellow })),
        ...errors.map((error) => failureSummary(error, marks, style)),
        ...images.flatMap(pictureLines),
        ...stored.map(({ uri }) => ({ text: `Output: ${oneLine(uri)}` })),
      ],
      marks,
    ),
  ];
}

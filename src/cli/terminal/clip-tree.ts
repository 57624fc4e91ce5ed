// The tree of a clip, as lines: while it is made, and when it has ended. Pure.

import type { ClipOutcome, ClipPlan, ClipReport } from "../../core/clip.ts";
import { clipCost, clipPrice, clipShape, shapeOfClip, usualRange } from "../reports/clip-words.ts";
import { formatBytes, formatDuration } from "../reports/amounts.ts";
import type { ClipPhase, ClipState } from "./clip-state.ts";
import type { LiveLine } from "./live-area.ts";
import { marksOf, oneLine, withBranches } from "./marks.ts";
import type { Style } from "./style.ts";
import type { UsualSeconds } from "./tree.ts";

function heading(plan: ClipPlan | null, style: Style): LiveLine[] {
  const marks = marksOf(style);
  const { bold, yellow } = style.colors;
  const title = plan?.request.extends ? "Extending clip..." : "Making clip...";
  const lines: LiveLine[] = [{ text: `${marks.clip}${title}`, paint: bold }];
  if (plan === null) return lines;
  lines.push({ text: `${marks.branch}Model: ${oneLine(plan.route.model)}` });
  lines.push({ text: `${marks.branch}Clip: ${clipShape(plan)}` });
  if (plan.rehearsal) {
    const text = `${marks.branch}REHEARSAL on the built-in emulator: free, offline, no real clip`;
    lines.push({ text, paint: yellow });
  }
  lines.push({ text: `${marks.branch}${marks.money}Cost: ${clipPrice(plan)}` });
  for (const warning of plan.warnings) {
    lines.push({ text: `${marks.branch}${marks.warning}${oneLine(warning)}`, paint: yellow });
  }
  lines.push({ text: marks.trunk });
  return lines;
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
function statusText(now: ClipPhase, nowMs: number, usual: UsualSeconds | null): string {
  switch (now.phase) {
    case "preparing":
      return `Preparing, ${formatDuration(nowMs - now.sinceMs)}`;
    case "uploading":
      return `Uploading the clip, ${formatBytes(now.bytes)} of ${formatBytes(now.totalBytes)}, ${formatDuration(nowMs - now.sinceMs)}`;
    case "sending":
      return `Sending, ${formatDuration(nowMs - now.sinceMs)}${now.attempt > 1 ? `, attempt ${now.attempt}` : ""}`;
    case "making": {
      const elapsed = formatDuration(nowMs - now.sinceMs);
      if (now.trouble !== undefined) return `Nothing known, ${elapsed}, asking again: ${oneLine(now.trouble)}`;
      if (now.isResumed) return `Asking for the clip, ${elapsed}`;
      if (usual === null) return `Making the clip, ${elapsed}`;
      const isLate = nowMs - now.sinceMs > usual.to * 1_000;
      return `Making the clip, ${elapsed} (${isLate ? "longer than the usual" : "usually"} ${usualRange(usual)})`;
    }
    case "receiving":
      return `Receiving, ${formatBytes(now.bytes)}, ${formatDuration(nowMs - now.sinceMs)}`;
    case "waiting":
      return now.untilMs === null
        ? `Waiting, ${formatDuration(nowMs - now.sinceMs)}: ${oneLine(now.reason)}`
        : `Next attempt in ${formatDuration(now.untilMs - nowMs + 999)}: ${oneLine(now.reason)}`;
    case "published":
      return `Saved${now.report.bytes === null ? "" : `, ${formatBytes(now.report.bytes)}`}`;
    case "failed":
      return oneLine(now.message);
  }
}

/** The tree while the clip is on its way. */
export function runningClipTree(state: ClipState, nowMs: number, usual: UsualSeconds | null, style: Style): LiveLine[] {
  const marks = marksOf(style);
  const { cyan, dim } = style.colors;
  const { plan, now } = state;
  const lines = [{ text: `${marks.waiting}${statusText(now, nowMs, usual)}`, paint: cyan }];
  // An emulator of one's own ends with the command: there is nothing to come back for.
  if (now.phase === "making" && plan?.rehearsal !== true) {
    lines.push({ text: "Ctrl-C stops the waiting and loses nothing: video-gen resume", paint: dim });
  }
  return [...heading(plan, style), ...withBranches(lines, marks)];
}

function clipLines(report: ClipReport, plan: ClipPlan | null): LiveLine[] {
  const { path, uri, bytes } = report;
  const place = path === null ? `Left at: ${oneLine(uri ?? "no known place")}` : `Output: ${oneLine(path)}`;
  const lines = [{ text: place }];
  if (bytes !== null) lines.push({ text: `Size: ${formatBytes(bytes)}` });
  const shape = shapeOfClip(report, plan?.request.resolution ?? null);
  if (shape !== "") lines.push({ text: `Length: ${shape}` });
  return lines;
}

/** The tree when all is over. The reasons of a failure are the failure report's business. `total`: what it cost with what went in. */
export function finishedClipTree(
  state: ClipState,
  outcome: ClipOutcome,
  total: string | null,
  style: Style,
): LiveLine[] {
  const marks = marksOf(style);
  const { green, yellow, red } = style.colors;
  const lines = heading(state.plan, style);
  if (outcome.status === "error") {
    const isPending = outcome.error.billed === "maybe" && Boolean(outcome.handle);
    return isPending
      ? [...lines, { text: `${marks.last}${marks.waiting}Not there yet.`, paint: yellow }]
      : [...lines, { text: `${marks.last}${marks.failed}No clip.`, paint: red }];
  }
  const said = new Set(state.plan?.warnings);
  const [report] = outcome.videos;
  return [
    ...lines,
    ...withBranches(
      [
        { text: `${marks.done}Clip made successfully!`, paint: green },
        { text: `${marks.money}${clipCost(outcome)}` },
        ...(total === null ? [] : [{ text: `${marks.money}${oneLine(total)}` }]),
        ...outcome.warnings
          .filter((warning) => !said.has(warning))
          .map((warning) => ({ text: `${marks.warning}${oneLine(warning)}`, paint: yellow })),
        ...(report === undefined ? [] : clipLines(report, state.plan)),
      ],
      marks,
    ),
  ];
}

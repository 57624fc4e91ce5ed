// Plain progress of a clip: lines for logs and pipes, at most one every fifteen seconds while it is only waited for.

import type { ClipEvent } from "../../core/clip.ts";
import { plainText } from "../../core/redaction.ts";
import { formatBytes, formatDuration } from "../reports/amounts.ts";
import { clipPrice, clipShape, usualRange } from "../reports/clip-words.ts";
import type { UsualSeconds } from "./tree.ts";

/** Told again only when so much time has gone by. */
const TELL_EVERY_MS = 15_000;

/** The lines for an event, often none. `nowMs` on the clock that never goes back. */
export type PlainClipLines = (event: ClipEvent, nowMs: number, usual: UsualSeconds | null) => readonly string[];

export function plainClipProgress(): PlainClipLines {
  let toldMs = 0;
  let beganMs: number | null = null;
  const rarely = (nowMs: number, line: string): string[] => {
    if (nowMs - toldMs < TELL_EVERY_MS) return [];
    toldMs = nowMs;
    return [line];
  };
  // oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
  return (event, nowMs, usual) => {
    switch (event.type) {
      case "planned": {
        const { plan } = event;
        const warnings = plan.warnings.map((warning) => `Warning: ${plainText(warning)}`);
        return [
          `Making a clip with ${plainText(plan.route.model)}: ${clipShape(plan)}; ${clipPrice(plan)}`,
          ...warnings,
        ];
      }
      case "uploading":
        return event.bytes === 0 ? [`Uploading the clip, ${formatBytes(event.totalBytes)}`] : [];
      case "begun": {
        [beganMs, toldMs] = [nowMs, nowMs];
        const range = usual === null ? "" : `; it usually takes ${usualRange(usual)}`;
        return [`The provider has begun the clip${range}. Whoever stops waiting loses nothing: video-gen resume`];
      }
      case "working":
        beganMs ??= nowMs - event.elapsedMs;
        return rarely(nowMs, stillWaiting(nowMs - beganMs, event.trouble));
      case "waiting":
        toldMs = nowMs;
        return [
          `Waiting${event.waitMs > 0 ? ` ${formatDuration(event.waitMs + 999)}` : ""}: ${plainText(event.reason)}`,
        ];
      case "receiving":
        return rarely(nowMs, `Receiving, ${formatBytes(event.bytes)}`);
      case "sending":
      case "published":
      case "failed":
        return [];
    }
  };
}

function stillWaiting(elapsedMs: number, trouble: string | undefined): string {
  const elapsed = formatDuration(elapsedMs);
  return trouble === undefined
    ? `Still at work after ${elapsed}`
    : `Nothing known after ${elapsed}, asked again: ${plainText(trouble)}`;
}

// Clip state: the events of one clip added up to what a display needs. Pure; the time comes with each event.

import type { ClipEvent, ClipPlan, ClipReport } from "../../core/clip.ts";

export type ClipPhase =
  | { readonly phase: "preparing"; readonly sinceMs: number }
  | { readonly phase: "uploading"; readonly sinceMs: number; readonly bytes: number; readonly totalBytes: number }
  | { readonly phase: "sending"; readonly sinceMs: number; readonly attempt: number }
  /** `isResumed`: begun by somebody else before, so that the time is that of the asking. */
  | { readonly phase: "making"; readonly sinceMs: number; readonly isResumed: boolean; readonly trouble?: string }
  | { readonly phase: "receiving"; readonly sinceMs: number; readonly bytes: number }
  | {
      readonly phase: "waiting";
      readonly sinceMs: number;
      /** `null`: nobody knows how long. */
      readonly untilMs: number | null;
      readonly reason: string;
    }
  | { readonly phase: "published"; readonly report: ClipReport }
  | { readonly phase: "failed"; readonly message: string };

export interface ClipState {
  readonly plan: ClipPlan | null;
  readonly now: ClipPhase;
  /** When the provider began it, or was first asked for it; `null`: not yet. */
  readonly making: Extract<ClipPhase, { phase: "making" }> | null;
}

export function noClipYet(nowMs: number): ClipState {
  return { plan: null, now: { phase: "preparing", sinceMs: nowMs }, making: null };
}

/** The state after an event; `nowMs` on the clock that never goes back. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
export function advanceClip(state: ClipState, event: ClipEvent, nowMs: number): ClipState {
  switch (event.type) {
    case "planned":
      return { ...state, plan: event.plan };
    case "uploading": {
      const sinceMs = state.now.phase === "uploading" ? state.now.sinceMs : nowMs;
      return { ...state, now: { phase: "uploading", sinceMs, bytes: event.bytes, totalBytes: event.totalBytes } };
    }
    case "sending":
      return { ...state, now: { phase: "sending", sinceMs: nowMs, attempt: event.attempt } };
    case "begun":
      return making(state, { phase: "making", sinceMs: nowMs, isResumed: false });
    case "working": {
      const { sinceMs, isResumed } = state.making ?? { sinceMs: nowMs - event.elapsedMs, isResumed: true };
      const { trouble } = event;
      return making(state, { phase: "making", sinceMs, isResumed, ...(trouble === undefined ? {} : { trouble }) });
    }
    case "receiving": {
      const sinceMs = state.now.phase === "receiving" ? state.now.sinceMs : nowMs;
      return { ...state, now: { phase: "receiving", sinceMs, bytes: event.bytes } };
    }
    case "waiting": {
      const untilMs = event.waitMs > 0 ? nowMs + event.waitMs : null;
      return { ...state, now: { phase: "waiting", sinceMs: nowMs, untilMs, reason: event.reason } };
    }
    case "published":
      return { ...state, now: { phase: "published", report: event.report } };
    case "failed":
      return { ...state, now: { phase: "failed", message: event.message } };
  }
}

function making(state: ClipState, phase: Extract<ClipPhase, { phase: "making" }>): ClipState {
  return { ...state, now: phase, making: phase };
}

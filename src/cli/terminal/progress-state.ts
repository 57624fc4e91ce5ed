// Progress state: the library's events added up to what a display needs. Pure; the time comes with each event.

import type { ImageReport, StoredImageReport } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { ProgressEvent } from "../../core/progress.ts";

export type PictureState =
  | { readonly phase: "uploading"; readonly sinceMs: number; readonly bytes: number; readonly totalBytes: number }
  | { readonly phase: "sending"; readonly sinceMs: number; readonly attempt: number }
  | { readonly phase: "answering"; readonly sinceMs: number }
  | { readonly phase: "receiving"; readonly sinceMs: number; readonly bytes: number }
  | { readonly phase: "waiting"; readonly untilMs: number; readonly attempt: number; readonly reason: string }
  | { readonly phase: "published"; readonly report: ImageReport }
  | { readonly phase: "stored"; readonly report: StoredImageReport }
  | { readonly phase: "failed"; readonly message: string };

export interface ProgressState {
  readonly plan: Plan | null;
  /** By number of the picture, as far as they have begun. */
  readonly pictures: ReadonlyMap<number, PictureState>;
}

export const nothingYet: ProgressState = { plan: null, pictures: new Map() };

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
function next(
  event: Exclude<ProgressEvent, { type: "planned" }>,
  before: PictureState | undefined,
  nowMs: number,
): PictureState {
  const sinceMs = before && "sinceMs" in before ? before.sinceMs : nowMs;
  switch (event.type) {
    case "uploading":
      return { phase: "uploading", sinceMs, bytes: event.bytes, totalBytes: event.totalBytes };
    case "sending":
      return { phase: "sending", sinceMs: nowMs, attempt: event.attempt };
    case "answering":
      return { phase: "answering", sinceMs };
    case "receiving":
      return { phase: "receiving", sinceMs, bytes: event.bytes };
    case "waiting":
      return { phase: "waiting", untilMs: nowMs + event.waitMs, attempt: event.attempt, reason: event.reason };
    case "published":
      return { phase: "published", report: event.report };
    case "stored":
      return { phase: "stored", report: event.report };
    case "failed":
      return { phase: "failed", message: event.message };
  }
}

/** The state after an event; `nowMs` on the clock that never goes back. */
export function advance(state: ProgressState, event: ProgressEvent, nowMs: number): ProgressState {
  if (event.type === "planned") return { ...state, plan: event.plan };
  const pictures = new Map(state.pictures);
  pictures.set(event.image, next(event, pictures.get(event.image), nowMs));
  return { ...state, pictures };
}

// Does a route still serve a model on a given day?

import type { EndpointName } from "../../core/route.ts";
import type { Model } from "./model.ts";

export type LifeStatus = "available" | "deprecated" | "retired" | "not-served";

export interface LifeState {
  readonly status: LifeStatus;
  /** The day that the status is about, `YYYY-MM-DD`; for an available model the announced last day. `null`: none is known. */
  readonly day: string | null;
  readonly replacement: string | null;
  readonly note: string | null;
}

/** CLIProxyAPI is asked for its models: what its list holds is available, whatever Google did elsewhere. */
export function lifeCycleOn(model: Model, endpoint: EndpointName, nowMs: number): LifeState {
  const replacement = model.replacement ?? null;
  if (endpoint === "cliproxyapi") return { status: "available", day: null, replacement, note: null };
  const life = model.lifeCycle[endpoint] ?? model.lifeCycle.generativelanguage ?? {};
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const note = life.note ?? null;
  if (life.notServed) return { status: "not-served", day: null, replacement, note };
  if (life.retiredOn !== undefined && life.retiredOn <= today) {
    return { status: "retired", day: life.retiredOn, replacement, note };
  }
  if (life.deprecatedOn !== undefined && life.deprecatedOn <= today) {
    return { status: "deprecated", day: life.deprecatedOn, replacement, note };
  }
  return { status: "available", day: life.retiredOn ?? null, replacement, note };
}

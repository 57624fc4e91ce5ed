// Does a route still serve a model on a given day?

import type { EndpointName } from "../../core/route.ts";
import type { LifeCycle, Model } from "./model.ts";

export type LifeStatus = "available" | "deprecated" | "retired" | "not-served";

export interface LifeState {
  readonly status: LifeStatus;
  /** The day that the status is about, `YYYY-MM-DD`; for an available model the announced last day. `null`: none is known. */
  readonly day: string | null;
  /** Generally available since this day. */
  readonly since: string | null;
  /** Promised until this day at least. */
  readonly keptUntil: string | null;
  readonly replacement: string | null;
  readonly note: string | null;
}

/** CLIProxyAPI is asked for its models: what its list holds is available, whatever Google did elsewhere. */
export function lifeCycleOn(model: Model, endpoint: EndpointName, nowMs: number): LifeState {
  const life =
    endpoint === "cliproxyapi" ? {} : (model.lifeCycle[endpoint] ?? model.lifeCycle.generativelanguage ?? {});
  return {
    ...statusOf(life, new Date(nowMs).toISOString().slice(0, 10)),
    since: life.since ?? null,
    keptUntil: life.keptUntil ?? null,
    replacement: model.replacement ?? null,
    note: life.note ?? null,
  };
}

function statusOf(life: LifeCycle, today: string): Pick<LifeState, "status" | "day"> {
  const { notServed, retiredOn, deprecatedOn } = life;
  if (notServed) return { status: "not-served", day: null };
  if (retiredOn !== undefined && retiredOn <= today) return { status: "retired", day: retiredOn };
  if (deprecatedOn !== undefined && deprecatedOn <= today) return { status: "deprecated", day: deprecatedOn };
  return { status: "available", day: retiredOn ?? null };
}

// A model as `models` and agents are told it: its life on the chosen route, what it draws, what it costs.

import type { MicroUsd } from "../../core/money.ts";
import type { EndpointName } from "../../core/route.ts";
import { lifeCycleOn, type LifeStatus } from "./life-cycle.ts";
import type { Model, PredictRules } from "./model.ts";

export interface ModelDescription {
  readonly id: string;
  readonly label: string;
  readonly kind: Model["kind"];
  /** What an Imagen model is for; `null` for all others, which draw and edit. */
  readonly task: PredictRules["task"] | null;
  /** This version can run it. */
  readonly runnable: boolean;
  /** video-gen runs it. */
  readonly runsAsVideo: boolean;
  readonly status: LifeStatus;
  /** The day that the status is about, or the announced last day. */
  readonly day: string | null;
  readonly replacement: string | null;
  readonly note: string | null;
  readonly aliases: readonly string[];
  readonly sizes: readonly string[];
  readonly aspectRatios: readonly string[];
  readonly referenceLimit: number;
  readonly thinking: readonly string[];
  readonly search: boolean;
  readonly tiers: readonly string[];
  /** List price of one picture by size, standard tier. */
  readonly perImageMicroUsd: Readonly<Partial<Record<string, MicroUsd>>>;
  /** Video: list price of one second by resolution. */
  readonly perSecondMicroUsd: Readonly<Record<string, MicroUsd>>;
  readonly pricedAsOf: string;
}

export function describeModel(model: Model, endpoint: EndpointName, nowMs: number): ModelDescription {
  const { id, label, kind, runnable, sizes, referenceLimit, thinking, search, tiers, prices } = model;
  return {
    id,
    label,
    kind,
    task: model.predict?.task ?? null,
    runnable,
    runsAsVideo: model.clip !== undefined,
    ...lifeOn(model, endpoint, nowMs),
    aliases: model.aliases.map(({ name }) => name),
    sizes,
    aspectRatios: model.ratios,
    referenceLimit,
    thinking,
    search,
    tiers,
    perImageMicroUsd: prices.perImage,
    perSecondMicroUsd: prices.perSecond ?? {},
    pricedAsOf: prices.asOf,
  };
}

/** A proxy may offer anything; but what Google has shut down it can only have kept by mistake. */
function lifeOn(model: Model, endpoint: EndpointName, nowMs: number): ReturnType<typeof lifeCycleOn> {
  if (endpoint !== "cliproxyapi") return lifeCycleOn(model, endpoint, nowMs);
  const atGoogle = lifeCycleOn(model, "generativelanguage", nowMs);
  return atGoogle.status === "not-served" ? lifeCycleOn(model, "aiplatform", nowMs) : atGoogle;
}

/** The status in a few words. */
export function statusText({ status, day, runnable, runsAsVideo }: ModelDescription): string {
  const life = {
    available: day === null ? "available" : `available until ${day}`,
    deprecated: day === null ? "deprecated" : `deprecated since ${day}`,
    retired: day === null ? "retired" : `retired ${day}`,
    "not-served": "not on this route",
  }[status];
  if (runsAsVideo) return `${life}; with video-gen`;
  return runnable ? life : `${life}; this version cannot run it`;
}

/** What a list shows unless everything is asked for. */
export function isUsable({ runnable, status }: ModelDescription): boolean {
  return runnable && (status === "available" || status === "deprecated");
}

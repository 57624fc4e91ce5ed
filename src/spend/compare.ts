// A picture beside a clip: what a 5 s and an 8 s video of the same subject would cost.

import type { MicroUsd } from "../core/money.ts";
import type { Tier } from "../core/request.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import { lifeCycleOn } from "../google/models/life-cycle.ts";
import type { Model } from "../google/models/model.ts";
import { listPrice } from "./list-price.ts";

/** Lengths of the original design's table. */
const clipSeconds = [5, 8] as const;

export interface ClipPrice {
  readonly model: string;
  readonly label: string;
  readonly resolution: string;
  readonly seconds: number;
  readonly microUsd: MicroUsd;
  /** Not from a page of the provider's. */
  readonly assumed: boolean;
  /** How many times the pictures' price. */
  readonly timesPicture: number;
}

export interface Comparison {
  readonly picture: {
    readonly model: string;
    readonly size: string | null;
    readonly count: number;
    readonly microUsd: MicroUsd;
  };
  readonly clips: readonly ClipPrice[];
  readonly pricedAsOf: string;
}

export interface ComparisonInput {
  readonly catalogue: Catalogue;
  readonly model: Model;
  readonly size: string | null;
  readonly tier: Tier;
  readonly count: number;
  readonly nowMs: number;
}

/** Cheapest clip first. Video models that no route serves any more are left out. */
export function compareWithVideo({ catalogue, model, size, tier, count, nowMs }: ComparisonInput): Comparison {
  const microUsd = (listPrice(model, size, tier) ?? 0) * count;
  const served = catalogue.models.filter(
    (video) =>
      video.kind === "video" &&
      (["generativelanguage", "aiplatform"] as const).some((endpoint) =>
        ["available", "deprecated"].includes(lifeCycleOn(video, endpoint, nowMs).status),
      ),
  );
  const clips = served.flatMap((video) =>
    Object.entries(video.prices.perSecond ?? {}).flatMap(([resolution, perSecond]) =>
      clipSeconds.map((seconds) => ({
        model: video.id,
        label: video.label,
        resolution,
        seconds,
        microUsd: perSecond * seconds,
        assumed: video.clip?.assumedPrices.includes(resolution) ?? false,
        timesPicture: microUsd === 0 ? 0 : (perSecond * seconds) / microUsd,
      })),
    ),
  );
  return {
    picture: { model: model.id, size, count, microUsd },
    clips: clips.toSorted((a, b) => a.microUsd - b.microUsd || a.seconds - b.seconds),
    pricedAsOf: model.prices.asOf,
  };
}

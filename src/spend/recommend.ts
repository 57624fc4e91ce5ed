// The cheapest model that can do a request, the others that could, and what is given up with the cheap one.

import type { MicroUsd } from "../core/money.ts";
import type { EndpointName } from "../core/route.ts";
import type { Problem } from "../core/tool-error.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import { type LifeStatus, lifeCycleOn } from "../google/models/life-cycle.ts";
import { type Model, type Size, sizeOf, sizes } from "../google/models/model.ts";
import { listPrice } from "./list-price.ts";

export const qualities = ["draft", "good", "best"] as const;
export type Quality = (typeof qualities)[number];

export interface RecommendInput {
  readonly catalogue: Catalogue;
  /** Default `1K`. */
  readonly size?: string;
  readonly aspectRatio?: string;
  /** Reference pictures. Default 0. */
  readonly references?: number;
  /** Default `good`. */
  readonly quality?: Quality;
  /** Default the Gemini API. */
  readonly endpoint?: EndpointName;
  readonly nowMs: number;
}

export interface Candidate {
  readonly model: string;
  readonly label: string;
  readonly size: Size;
  readonly perImageMicroUsd: MicroUsd;
  readonly quality: Quality;
  readonly status: LifeStatus;
}

export interface Recommendation {
  readonly best: Candidate;
  /** What a dearer model would have: whole sentences. */
  readonly givenUp: readonly string[];
  readonly alternatives: readonly Candidate[];
  readonly pricedAsOf: string;
}

/** The recommendation, or why there is none. Deprecated models come last among equals in price. */
export function recommendModel(input: RecommendInput): Recommendation | { readonly problems: readonly Problem[] } {
  const { catalogue, aspectRatio, references = 0, quality = "good", endpoint = "generativelanguage", nowMs } = input;
  const size = (input.size ?? "1K").toUpperCase();
  const problems = checkWishes(catalogue, size, aspectRatio, references);
  if (problems.length > 0) return { problems };
  const wanted = qualities.indexOf(quality) + 1;
  const fitting = catalogue.models
    .filter((model) => model.runnable && canDo(model, size, aspectRatio, references) && model.quality >= wanted)
    .flatMap((model) => describe(model, size, endpoint, nowMs))
    .toSorted((a, b) => a.perImageMicroUsd - b.perImageMicroUsd || rank(a) - rank(b));
  const [best, ...alternatives] = fitting;
  if (!best) {
    return {
      problems: [
        {
          code: "option-not-offered",
          field: "--quality",
          message: `No model that is served draws ${[size, aspectRatio].filter(Boolean).join(" ")} with ${references} references in quality ${quality}.`,
          given: quality,
        },
      ],
    };
  }
  const chosen = catalogue.find(best.model)?.model;
  return {
    best,
    givenUp: chosen ? whatIsGivenUp(chosen, alternatives, catalogue) : [],
    alternatives,
    pricedAsOf: chosen?.prices.asOf ?? catalogue.default.prices.asOf,
  };
}

const rank = ({ status }: Candidate): number => (status === "available" ? 0 : 1);

function describe(model: Model, wish: string, endpoint: EndpointName, nowMs: number): Candidate[] {
  const size = sizeOf(wish);
  const { status } = lifeCycleOn(model, endpoint, nowMs);
  const perImageMicroUsd = listPrice(model, wish, "standard");
  if (size === undefined || perImageMicroUsd === null || status === "retired" || status === "not-served") return [];
  const quality = qualities[model.quality - 1] ?? "good";
  return [{ model: model.id, label: model.label, size, perImageMicroUsd, quality, status }];
}

function canDo(model: Model, size: string, ratio: string | undefined, references: number): boolean {
  return (
    (model.sizes as readonly string[]).includes(size) &&
    (ratio === undefined || model.ratios.includes(ratio)) &&
    references <= model.referenceLimit
  );
}

function checkWishes(catalogue: Catalogue, size: string, ratio: string | undefined, references: number): Problem[] {
  const runnable = catalogue.models.filter((model) => model.runnable);
  const problems: Problem[] = [];
  if (!(sizes as readonly string[]).includes(size)) {
    problems.push({
      code: "size-not-offered",
      field: "--size",
      message: `${size} is no size.`,
      given: size,
      allowed: sizes,
    });
  }
  const ratios = [...new Set(runnable.flatMap((model) => model.ratios))];
  if (ratio !== undefined && !ratios.includes(ratio)) {
    problems.push({
      code: "ratio-not-offered",
      field: "--ar",
      message: `No model draws ${ratio}.`,
      given: ratio,
      allowed: ratios,
    });
  }
  const most = Math.max(...runnable.map((model) => model.referenceLimit));
  if (!Number.isInteger(references) || references < 0 || references > most) {
    problems.push({
      code: "value-not-allowed",
      field: "--references",
      message: `No model takes ${references} reference pictures.`,
      given: String(references),
      allowed: [`0 to ${most}`],
    });
  }
  return problems;
}

function whatIsGivenUp(chosen: Model, others: readonly Candidate[], catalogue: Catalogue): string[] {
  const dearer = others.flatMap(({ model }) => catalogue.find(model)?.model ?? []);
  const sentences: string[] = [];
  const finer = dearer.find((model) => model.quality > chosen.quality);
  if (finer) sentences.push(`${finer.label} draws finer detail and text.`);
  const larger = dearer.find((model) => model.sizes.some((size) => !chosen.sizes.includes(size)));
  if (larger) {
    const more = larger.sizes.filter((size) => !chosen.sizes.includes(size));
    sentences.push(`${larger.label} also draws ${more.join(", ")}.`);
  }
  const wider = dearer.find((model) => model.ratios.length > chosen.ratios.length);
  if (wider)
    sentences.push(`${wider.label} has ${wider.ratios.length} aspect ratios instead of ${chosen.ratios.length}.`);
  const searching = dearer.find((model) => model.search && !chosen.search);
  if (searching) sentences.push(`${searching.label} can look things up with Google Search.`);
  return sentences;
}

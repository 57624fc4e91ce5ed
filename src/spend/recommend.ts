// The cheapest model that can do a request, the others that could, and what is given up with the cheap one.
// When none can: which single wish stands in the way, and the nearest one that does not.

import type { MicroUsd } from "../core/money.ts";
import type { EndpointName } from "../core/route.ts";
import type { Problem } from "../core/tool-error.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import { type LifeStatus, lifeCycleOn } from "../google/models/life-cycle.ts";
import { type Model, type Size, sizeOf, sizes } from "../google/models/model.ts";
import { whatIsGivenUp } from "./given-up.ts";
import { listPrice, priceOfTokens, ratesOf } from "./list-price.ts";
import { nearestWish } from "./nearest-wish.ts";
import { type Quality, qualities, type Wish } from "./wish.ts";

export { type Quality, qualities };

export interface RecommendInput {
  readonly catalogue: Catalogue;
  /** Default `1K`. */
  readonly size?: string;
  readonly aspectRatio?: string;
  /** Reference pictures. Default 0. */
  readonly references?: number;
  /** Default `good`. */
  readonly quality?: Quality;
  /** Default the Gemini API. A proxy has its models from there too. */
  readonly endpoint?: EndpointName;
  readonly nowMs: number;
}

export interface Candidate {
  readonly model: string;
  readonly label: string;
  readonly size: Size;
  /** List price of the picture. */
  readonly perImageMicroUsd: MicroUsd;
  /** What reading the references costs beside it, for each picture. */
  readonly referencesMicroUsd: MicroUsd;
  readonly quality: Quality;
  readonly status: LifeStatus;
}

export interface Recommendation {
  readonly best: Candidate;
  /** What the best one lacks and another has: whole sentences. */
  readonly givenUp: readonly string[];
  readonly alternatives: readonly Candidate[];
  readonly pricedAsOf: string;
}

/** A candidate with the row that it was made from. */
interface Fitting {
  readonly model: Model;
  readonly candidate: Candidate;
}

/**
 * The recommendation, or why there is none. Cheapest first, references included; among equals a model that is not
 * deprecated, then the finer one.
 */
export function recommendModel(input: RecommendInput): Recommendation | { readonly problems: readonly Problem[] } {
  const { catalogue, aspectRatio, references = 0, quality = "good", nowMs } = input;
  const size = (input.size ?? "1K").toUpperCase();
  const endpoint = servedBy(input.endpoint);
  const problems = checkWishes(catalogue, size, aspectRatio, references);
  const wanted = sizeOf(size);
  if (problems.length > 0 || wanted === undefined) return { problems };
  const fit = (one: Wish) => fitting(catalogue.models, one, endpoint, nowMs);
  const wish: Wish = { size: wanted, ratio: aspectRatio ?? null, references, quality };
  const [best, ...others] = fit(wish);
  if (!best) return { problems: [nearestWish(wish, catalogue.models, (one) => fit(one)[0]?.model.label)] };
  return {
    best: best.candidate,
    givenUp: whatIsGivenUp(
      best.model,
      lifeCycleOn(best.model, endpoint, nowMs),
      others.map(({ model }) => model),
    ),
    alternatives: others.map(({ candidate }) => candidate),
    pricedAsOf: best.model.prices.asOf,
  };
}

/** What Google has shut down no proxy has either; which of the rest it has, nobody was asked. */
function servedBy(endpoint: EndpointName = "generativelanguage"): EndpointName {
  return endpoint === "cliproxyapi" ? "generativelanguage" : endpoint;
}

function fitting(models: readonly Model[], wish: Wish, endpoint: EndpointName, nowMs: number): Fitting[] {
  return models
    .filter((model) => model.runnable && canDo(model, wish))
    .flatMap((model) => {
      const candidate = describe(model, wish, lifeCycleOn(model, endpoint, nowMs).status);
      return candidate ? [{ model, candidate }] : [];
    })
    .toSorted(
      ({ candidate: a, model: { quality } }, { candidate: b, model: other }) =>
        total(a) - total(b) || rank(a) - rank(b) || other.quality - quality,
    );
}

const total = (candidate: Candidate): number => candidate.perImageMicroUsd + candidate.referencesMicroUsd;
const rank = ({ status }: Candidate): number => (status === "available" ? 0 : 1);

function canDo(model: Model, { size, ratio, references, quality }: Wish): boolean {
  return (
    model.sizes.includes(size) &&
    (ratio === null || model.ratios.includes(ratio)) &&
    references <= model.referenceLimit &&
    model.quality > qualities.indexOf(quality)
  );
}

function describe(model: Model, { size, references }: Wish, status: LifeStatus): Candidate | null {
  const perImageMicroUsd = listPrice(model, size, "standard");
  if (perImageMicroUsd === null || status === "retired" || status === "not-served") return null;
  const rates = ratesOf(model, "standard");
  return {
    model: model.id,
    label: model.label,
    size,
    perImageMicroUsd,
    referencesMicroUsd: rates ? priceOfTokens([[references * model.referenceTokens, rates.imageIn]]) : 0,
    quality: qualities[model.quality - 1] ?? "good",
    status,
  };
}

/** Wishes that no model at all can fulfil, all at once. */
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

// What a recommended model lacks that the others have, and what else speaks against it: whole sentences.

import type { LifeState } from "../google/models/life-cycle.ts";
import type { Model } from "../google/models/model.ts";

/** `others`: the models that could do the same request, cheapest first. */
export function whatIsGivenUp(chosen: Model, life: LifeState, others: readonly Model[]): string[] {
  const sentences: string[] = [];
  if (life.status === "deprecated") {
    const successor = life.replacement === null ? "" : `; its successor is ${life.replacement}`;
    sentences.push(`${chosen.label} is deprecated since ${life.day} and may be shut down${successor}.`);
  }
  const finer = others.find((model) => model.quality > chosen.quality);
  if (finer) sentences.push(`${finer.label} draws finer detail and text.`);
  const lacking = (model: Model) => model.sizes.filter((size) => !chosen.sizes.includes(size));
  const larger = others.find((model) => lacking(model).length > 0);
  if (larger) sentences.push(`${larger.label} also draws ${lacking(larger).join(", ")}.`);
  const wider = others.find((model) => model.ratios.length > chosen.ratios.length);
  if (wider) {
    sentences.push(`${wider.label} has ${wider.ratios.length} aspect ratios instead of ${chosen.ratios.length}.`);
  }
  const searching = others.find((model) => model.search && !chosen.search);
  if (searching) sentences.push(`${searching.label} can look things up with Google Search.`);
  return sentences;
}

// Which model runs: the caller's or the default, known, runnable, still served on this route; on a proxy one that it has.

import type { EndpointName } from "../../core/route.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import { type LifeState, lifeCycleOn } from "../../google/models/life-cycle.ts";
import type { Model } from "../../google/models/model.ts";

export interface ModelWish {
  /** Id or alias; `undefined`: the default. */
  readonly requested: string | undefined;
  readonly catalogue: Catalogue;
  readonly endpoint: EndpointName;
  readonly location: string | null;
  readonly nowMs: number;
  /**
   * Ids that the route itself lists. `not-asked`: it has a list that comes later, so only the name is looked at.
   * `null`: it has none, or will not be asked.
   */
  readonly offered: readonly string[] | "not-asked" | null;
  /** The route takes predict, which Imagen needs. */
  readonly takesPredict: boolean;
  /** Send to what the provider has shut down. */
  readonly allowRetired: boolean;
}

export interface ChosenModel {
  readonly model: Model;
  /** What goes on the wire. */
  readonly id: string;
  readonly requested: string;
  /** The catalogue does not know it: it was given the default's row, price included. */
  readonly assumed: boolean;
}

/** `null` when there are problems. */
export function chooseModel(wish: ModelWish, problems: Problem[], warnings: string[]): ChosenModel | null {
  if (Array.isArray(wish.offered)) return chooseOffered(wish, wish.offered, problems, warnings);
  const requested = wish.requested ?? wish.catalogue.default.id;
  const found = wish.catalogue.find(requested);
  if (!found) {
    // A proxy may know names that the catalogue does not: its list decides.
    if (wish.offered === "not-asked") return null;
    problems.push(unknownModel(requested, wish));
    return null;
  }
  const { model, note } = found;
  if (wish.offered !== "not-asked") {
    if (!checkLife(model, wish, problems, warnings)) return null;
  } else if (model.kind === "imagen") {
    problems.push(imagenOnProxy(model, wish));
    return null;
  }
  if (note !== null) warnings.push(`${requested} is an old name: ${note} (${model.id}).`);
  if (wish.location !== null && model.kind === "image" && !["global", "us", "eu"].includes(wish.location)) {
    warnings.push(`Google serves its image models at the location global; ${wish.location} may not have ${model.id}.`);
  }
  return { model, id: model.id, requested, assumed: false };
}

/** A proxy gets its models from Google: where it was not asked, Google's own life cycle counts. */
function routeOf(endpoint: EndpointName): EndpointName {
  return endpoint === "cliproxyapi" ? "generativelanguage" : endpoint;
}

/** Life cycle and kind; false when it cannot be run. */
function checkLife(model: Model, wish: ModelWish, problems: Problem[], warnings: string[]): boolean {
  const endpoint = routeOf(wish.endpoint);
  const life = lifeCycleOn(model, endpoint, wish.nowMs);
  const instead = life.replacement === null ? {} : { suggestion: life.replacement };
  if (life.status === "retired" && !wish.allowRetired) {
    problems.push(retiredModel(model, life));
    return false;
  }
  if (!model.runnable) {
    problems.push({
      code: "model-not-runnable",
      field: "--model",
      message: model.clip
        ? `${model.id} makes clips and no pictures: run it with video-gen.`
        : `${model.id} is a ${model.kind} model; this version runs image models only.`,
      given: model.id,
      ...instead,
    });
    return false;
  }
  if (model.kind === "imagen" && !wish.takesPredict) {
    problems.push(needsPredict(model));
    return false;
  }
  if (life.status === "not-served") {
    problems.push({
      code: "model-not-on-route",
      field: "--model",
      message: `${model.id} is not served by ${endpoint}.`,
      given: model.id,
      ...instead,
    });
    return false;
  }
  if (life.status === "retired") warnings.push(`${shutDown(model, life)} Sent all the same, as --allow-retired says.`);
  else if (life.status === "deprecated") {
    const more = life.note === null ? "" : ` (${life.note})`;
    const use = life.replacement === null ? "" : `; use ${life.replacement}`;
    warnings.push(`${model.id} is deprecated since ${life.day}${more}${use}.`);
  } else if (life.day !== null) {
    warnings.push(`${model.id} will be shut down on ${life.day}.`);
  }
  return true;
}

function shutDown(model: Model, life: LifeState): string {
  const use = life.replacement === null ? "" : ` Use ${life.replacement}.`;
  return `${model.id} was shut down on ${life.day}.${use}`;
}

/** That a proxy lists Imagen does not help: it answers predict with nothing (cliproxyapi facts). */
function imagenOnProxy(model: Model, { nowMs, allowRetired }: ModelWish): Problem {
  const life = lifeCycleOn(model, "aiplatform", nowMs);
  return life.status === "retired" && !allowRetired ? retiredModel(model, life) : needsPredict(model);
}

/** Imagen runs over predict alone. */
function needsPredict(model: Model): Problem {
  return {
    code: "model-not-on-route",
    field: "--model",
    message: `${model.id} runs on Vertex AI with a Google login only: --auth adc, service-account or oauth, with --endpoint aiplatform.`,
    given: model.id,
    ...(model.replacement === undefined ? {} : { suggestion: model.replacement }),
  };
}

function retiredModel(model: Model, life: LifeState): Problem {
  return {
    code: "model-retired",
    field: "--model",
    message: shutDown(model, life),
    given: model.id,
    ...(life.replacement === null ? {} : { suggestion: life.replacement }),
  };
}

function unknownModel(requested: string, { catalogue, endpoint, nowMs }: ModelWish): Problem {
  const [suggestion] = catalogue.nearestTo(requested);
  return {
    code: "model-unknown",
    field: "--model",
    message: `No model is called ${requested}.`,
    given: requested,
    allowed: catalogue.models
      .filter(
        (model) =>
          model.runnable && ["available", "deprecated"].includes(lifeCycleOn(model, routeOf(endpoint), nowMs).status),
      )
      .map(({ id }) => id),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** From a proxy's own list: it may have the model under an older name, or a name that only its user knows. */
function chooseOffered(
  wish: ModelWish,
  offered: readonly string[],
  problems: Problem[],
  warnings: string[],
): ChosenModel | null {
  const { catalogue } = wish;
  const wanted = wish.requested ?? catalogue.default.id;
  const known = catalogue.find(wanted)?.model ?? null;
  if (known?.kind === "imagen") {
    problems.push(imagenOnProxy(known, wish));
    return null;
  }
  const names = [wanted, ...(known ? [known.id, ...known.aliases.map(({ name }) => name)] : [])];
  const id = names.find((name) => offered.includes(name));
  if (id !== undefined) return describeOffered(id, wanted, catalogue, warnings);
  if (wish.requested === undefined) {
    const best = bestOf(offered, catalogue);
    const only = catalogue.find(best)?.model;
    if (only?.kind === "imagen") {
      problems.push(needsPredict(only));
      return null;
    }
    warnings.push(`The proxy does not have ${wanted}; its best image model is used instead: ${best}.`);
    return describeOffered(best, wanted, catalogue, warnings);
  }
  const life = known ? lifeCycleOn(known, "generativelanguage", wish.nowMs) : null;
  if (known && life?.status === "retired") problems.push(retiredModel(known, life));
  else {
    const best = bestOf(offered, catalogue);
    problems.push({
      code: known ? "model-not-on-route" : "model-unknown",
      field: "--model",
      message: `The proxy has no image model ${wanted}.`,
      given: wanted,
      allowed: offered,
      suggestion: best,
    });
  }
  return null;
}

function describeOffered(id: string, requested: string, catalogue: Catalogue, warnings: string[]): ChosenModel {
  const found = catalogue.find(id)?.model;
  if (found) {
    const note = id === requested ? null : (catalogue.find(requested)?.note ?? null);
    if (note !== null) warnings.push(`${requested} is an old name: ${note} (${id}).`);
    return { model: found, id, requested, assumed: false };
  }
  warnings.push(`${id} is not in the catalogue; ${catalogue.default.id}'s rules and price are assumed.`);
  return { model: { ...catalogue.default, id }, id, requested, assumed: true };
}

/** Known models before unknown ones, finer before rougher, in the proxy's own order. */
function bestOf(offered: readonly string[], catalogue: Catalogue): string {
  const quality = (id: string): number => {
    const model = catalogue.find(id)?.model;
    // Imagen is the last choice: what a proxy lists of it does not run there.
    return model?.kind === "imagen" ? -1 : model?.kind === "image" ? model.quality : 0;
  };
  return offered.toSorted((a, b) => quality(b) - quality(a))[0] ?? "";
}

// Which video model runs: the caller's or the default, known, a maker of clips, still served on this route.

import type { EndpointName } from "../../core/route.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import { lifeCycleOn } from "../../google/models/life-cycle.ts";
import type { ClipRules, Model } from "../../google/models/model.ts";
import { defaultVideoModel } from "../../google/models/video.ts";

export interface ClipModelWish {
  readonly requested: string | undefined;
  readonly allowRetired: boolean;
  readonly catalogue: Catalogue;
  readonly endpoint: Endpoint;
  readonly nowMs: number;
}

/** `null` when there are problems. */
export function chooseClipModel(
  { requested, allowRetired, catalogue, endpoint, nowMs }: ClipModelWish,
  problems: Problem[],
  warnings: string[],
): (Model & { readonly clip: ClipRules }) | null {
  const given = requested ?? defaultVideoModel(endpoint.name);
  const wrong = (code: Problem["code"], message: string, suggestion?: string): null => {
    const more = suggestion === undefined ? {} : { suggestion };
    problems.push({ code, field: "--model", message, given, ...more });
    return null;
  };
  if (Object.keys(endpoint.longRunning).length === 0) {
    problems.push({
      code: "auth-not-on-endpoint",
      field: "--auth",
      message: `${endpoint.label} makes no clips: take Vertex AI (--auth adc, oauth, service-account or vertex-key) or the Gemini API (--auth api-key).`,
      given: endpoint.name,
      allowed: ["aiplatform", "generativelanguage"],
    });
    return null;
  }
  const model = catalogue.find(given)?.model;
  const usable = catalogue.models.filter(
    ({ clip, ...row }) => clip && lifeCycleOn({ ...row, clip }, endpoint.name, nowMs).status === "available",
  );
  if (model === undefined) {
    const [nearest] = catalogue.nearestTo(given).filter((name) => catalogue.find(name)?.model.clip);
    problems.push({
      code: "model-unknown",
      field: "--model",
      message: `No model is called ${given}.`,
      given,
      allowed: usable.map(({ id }) => id),
      ...(nearest === undefined ? {} : { suggestion: nearest }),
    });
    return null;
  }
  const { clip, id } = model;
  if (clip === undefined) {
    return model.kind === "video"
      ? wrong("model-not-runnable", `${id} is a video model that this version cannot run yet.`, usable[0]?.id)
      : wrong("model-not-runnable", `${id} draws pictures and makes no clips: run it with image-gen.`, usable[0]?.id);
  }
  const life = lifeCycleOn(model, endpoint.name, nowMs);
  if (life.status === "not-served") {
    const { label, auth, name } = otherPlace(endpoint);
    const isThere = lifeCycleOn(model, name, nowMs).status === "available";
    const elsewhere = isThere ? ` ${label} serves it: --auth ${auth}.` : "";
    const here = defaultVideoModel(endpoint.name);
    return wrong("model-not-on-route", `${id} is not served by ${endpoint.label}.${elsewhere}`, here);
  }
  if (life.status === "retired" && !allowRetired) {
    const use = life.replacement === null ? "" : ` Use ${life.replacement}.`;
    return wrong(
      "model-retired",
      `${id} was shut down on ${life.day}.${use} --allow-retired sends to it all the same.`,
    );
  }
  if (life.status === "retired") warnings.push(`${id} was shut down on ${life.day}; Google will probably refuse it.`);
  else if (life.day !== null) warnings.push(`${id} will be shut down on ${life.day}.`);
  return { ...model, clip };
}

/** The other of the two that make clips. */
function otherPlace({ name }: Endpoint): {
  readonly name: EndpointName;
  readonly label: string;
  readonly auth: string;
} {
  return name === "generativelanguage"
    ? { name: "aiplatform", label: "Vertex AI", auth: "adc or vertex-key" }
    : { name: "generativelanguage", label: "The Gemini API", auth: "api-key" };
}

// Vertex AI at aiplatform.googleapis.com: global, regional and multi-regional hosts with a project in the path,
// and the express path for API keys, which has neither project nor location.
// Source: google-apis facts §1.1 and §6, 2026-11-22.

import type { AuthMethod } from "../../core/route.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Endpoint, EndpointTarget } from "./endpoint.ts";
import { modelSegment, projectSegment } from "./path-segment.ts";

const GLOBAL = "global";
const MULTI_REGIONS: readonly string[] = ["us", "eu"];

export const aiplatform: Endpoint = {
  name: "aiplatform",
  label: "Vertex AI",
  acceptedAuth: ["adc", "vertex-key", "oauth", "service-account"],
  streams: false,
  enveloped: false,
  metered: true,
  takesLocation: true,
  discoversProject: false,
  needsProject: (auth) => auth !== "vertex-key",
  baseUrlVariable: "GOOGLE_VERTEX_BASE_URL",
  defaultBaseUrl: (location) => {
    if (location === null || location === GLOBAL) return "https://aiplatform.googleapis.com";
    if (MULTI_REGIONS.includes(location)) return `https://aiplatform.${location}.rep.googleapis.com`;
    return `https://${location}-aiplatform.googleapis.com`;
  },
  supports: {
    tier: true,
    personGeneration: true,
    search: true,
    thinking: true,
    seed: true,
    temperature: true,
    system: true,
  },
  // Reports for single models go up to 500 MB; what the Gemini API takes is taken here too.
  inlineRequestLimitBytes: 100_000_000,
  files: null,
  termsWarning: null,
  generateUrl: (target) => `${modelUrl(target)}:generateContent`,
  predictUrl: (target) => (takesPredict(target.auth) ? `${modelUrl(target)}:predict` : null),
  takesPredict,
  longRunning: {
    predict: {
      startUrl: (target) => `${modelUrl(target)}:predictLongRunning`,
      pollRequest: (target, operationName) => {
        const isOurs = /^[\w./:@-]+\/operations\/[\w-]+$/.test(operationName);
        return isOurs
          ? { method: "POST", url: `${modelUrl(target)}:fetchPredictOperation`, body: { operationName } }
          : null;
      },
    },
  },
  countTokensUrl: (target) => `${modelUrl(target)}:countTokens`,
  // Express keys reach three methods of a model and no list.
  modelsUrl: ({ baseUrl, auth }) =>
    auth === "vertex-key" ? null : `${baseUrl}/v1beta1/publishers/google/models?pageSize=1000`,
};

/** Express keys reach three methods of a model, and predict is none of them (google-apis facts §1.1). */
function takesPredict(auth: AuthMethod): boolean {
  return auth !== "vertex-key";
}

function modelUrl({ baseUrl, auth, model, projectId, location }: EndpointTarget): string {
  const path = `publishers/google/models/${modelSegment(model)}`;
  if (auth === "vertex-key") return `${baseUrl}/v1/${path}`;
  if (projectId === null || projectId === "") throw new ToolError("project-missing");
  return `${baseUrl}/v1/projects/${projectSegment(projectId)}/locations/${location ?? GLOBAL}/${path}`;
}

// CLIProxyAPI: a program on the user's own machine that passes requests on with a Google login of the user's.
// Its errors are read in google/wire, its list of models in discover-proxy-models.ts.
// Source: cliproxyapi facts §1, §2 and §6, measured on v7.2.140, 2026-08-22.

import type { Endpoint } from "./endpoint.ts";
import { modelSegment } from "./path-segment.ts";

export const cliproxyapi: Endpoint = {
  name: "cliproxyapi",
  label: "CLIProxyAPI",
  acceptedAuth: ["proxy"],
  // Its plain route loses pictures larger than about 100 kB (facts §2.5); the streaming route was always right.
  streams: true,
  enveloped: false,
  metered: false,
  takesLocation: false,
  discoversProject: false,
  needsProject: () => false,
  baseUrlVariable: "CLIPROXYAPI_URL",
  defaultBaseUrl: () => "http://localhost:8317",
  supports: {
    // A subscription has no tiers, and person generation is known on Vertex AI only.
    tier: false,
    personGeneration: false,
    search: true,
    thinking: true,
    seed: true,
    temperature: true,
    system: true,
  },
  // The proxy itself took 200 MB; behind it stands Google's limit.
  inlineRequestLimitBytes: 100_000_000,
  files: null,
  termsWarning:
    "Google regards reaching Antigravity or Code Assist through other software as a violation of its terms and has suspended accounts for it. An API key (--auth api-key) is the safe way.",
  generateUrl: ({ baseUrl, model }) => `${baseUrl}/v1beta/models/${modelSegment(model)}:streamGenerateContent?alt=sse`,
  predictUrl: () => null,
  takesPredict: () => false,
  longRunning: {},
  countTokensUrl: ({ baseUrl, model }) => `${baseUrl}/v1beta/models/${modelSegment(model)}:countTokens`,
  modelsUrl: ({ baseUrl }) => `${baseUrl}/v1beta/models`,
};

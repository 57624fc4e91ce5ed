// The Gemini API at generativelanguage.googleapis.com, for keys from AI Studio and, with a quota project, for OAuth.
// Source: google-apis facts §1.1, §1.7 and §6, 2026-11-22.

import type { Endpoint } from "./endpoint.ts";
import { fileSegment, modelSegment } from "./path-segment.ts";

// `v1` refused `responseModalities` until some time in 2026 (js-genai#1322); `v1beta` is the safe path for pictures.
const VERSION = "v1beta";

export const generativelanguage: Endpoint = {
  name: "generativelanguage",
  label: "Gemini API",
  acceptedAuth: ["api-key", "oauth", "adc", "service-account"],
  streams: false,
  enveloped: false,
  metered: true,
  takesLocation: false,
  discoversProject: false,
  needsProject: () => false,
  baseUrlVariable: "GOOGLE_GEMINI_BASE_URL",
  defaultBaseUrl: () => "https://generativelanguage.googleapis.com",
  supports: {
    tier: true,
    // Google's SDK throws for it here: facts §1.2.
    personGeneration: false,
    search: true,
    thinking: true,
    seed: true,
    temperature: true,
    system: true,
  },
  // 100 MB since 2026-01-08, base64 counts.
  inlineRequestLimitBytes: 100_000_000,
  // 2 GB a file, 20 GB a project, kept for 48 hours.
  files: {
    mostBytesPerFile: 2_000_000_000,
    mostBytesInAll: 20_000_000_000,
    uploadUrl: ({ baseUrl }) => `${baseUrl}/upload/${VERSION}/files`,
    fileUrl: ({ baseUrl }, name) => `${baseUrl}/${VERSION}/files/${fileSegment(name)}`,
  },
  termsWarning: null,
  generateUrl: ({ baseUrl, model }) => `${baseUrl}/${VERSION}/models/${modelSegment(model)}:generateContent`,
  predictUrl: () => null,
  takesPredict: () => false,
  longRunning: {
    predict: {
      startUrl: ({ baseUrl, model }) => `${baseUrl}/${VERSION}/models/${modelSegment(model)}:predictLongRunning`,
      pollRequest: ({ baseUrl }, name) =>
        // The name becomes a path: nothing else may be reached with it.
        /^models\/[\w.-]+\/operations\/[\w-]+$/.test(name)
          ? { method: "GET", url: `${baseUrl}/${VERSION}/${name}`, body: null }
          : null,
    },
    interactions: {
      startUrl: ({ baseUrl }) => `${baseUrl}/${VERSION}/interactions`,
      pollRequest: ({ baseUrl }, id) =>
        /^[\w-][\w.=-]{0,999}$/.test(id)
          ? { method: "GET", url: `${baseUrl}/${VERSION}/interactions/${encodeURIComponent(id)}`, body: null }
          : null,
    },
  },
  countTokensUrl: ({ baseUrl, model }) => `${baseUrl}/${VERSION}/models/${modelSegment(model)}:countTokens`,
  // 1000 is the largest page: one call lists them all.
  modelsUrl: ({ baseUrl }) => `${baseUrl}/${VERSION}/models?pageSize=1000`,
};

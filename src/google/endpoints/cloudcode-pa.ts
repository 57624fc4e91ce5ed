// Code Assist at cloudcode-pa.googleapis.com: experimental, with the user's own token. Model and project travel in the
// envelope (google/wire); the project is the account's own, told by load-code-assist.ts.
// Source: google-apis facts §1.6, cliproxyapi facts §6 and §7, 2026-08-21.

import type { Endpoint } from "./endpoint.ts";

export const cloudcodePa: Endpoint = {
  name: "cloudcode-pa",
  label: "Code Assist",
  // A licence belongs to a person: Google's own client signs in with user accounts only.
  acceptedAuth: ["oauth", "adc"],
  streams: false,
  enveloped: true,
  metered: false,
  takesLocation: false,
  discoversProject: true,
  needsProject: () => true,
  baseUrlVariable: "CODE_ASSIST_ENDPOINT",
  defaultBaseUrl: () => "https://cloudcode-pa.googleapis.com",
  supports: {
    tier: false,
    personGeneration: false,
    search: true,
    thinking: true,
    seed: true,
    temperature: true,
    system: true,
  },
  // Not documented; the limit that Google's APIs had for long.
  inlineRequestLimitBytes: 20_000_000,
  files: null,
  termsWarning:
    "Google made Code Assist for its own clients, has not served private accounts since 2026-06-18 and has suspended accounts that reached it with other software. Pictures there are not documented: experimental.",
  generateUrl: ({ baseUrl }) => `${baseUrl}/v1internal:generateContent`,
  predictUrl: () => null,
  takesPredict: () => false,
  longRunning: {},
  countTokensUrl: ({ baseUrl }) => `${baseUrl}/v1internal:countTokens`,
  modelsUrl: () => null,
};

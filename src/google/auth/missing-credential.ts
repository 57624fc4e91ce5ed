// The error for a way of signing in that has no credential: which variable to set, and the one command that helps.

import type { AuthMethod } from "../../core/route.ts";
import { ToolError } from "../../core/tool-error.ts";

const missing: Readonly<Record<AuthMethod, { readonly what: string; readonly nextStep: string }>> = {
  proxy: {
    what: "No key for CLIProxyAPI is set.",
    nextStep: "Set CLIPROXYAPI_KEY to one of the `api-keys` of its config.yaml.",
  },
  "api-key": {
    what: "No Gemini API key is set.",
    nextStep: "Make one at https://aistudio.google.com/apikey, then: export GEMINI_API_KEY=<key> (or GOOGLE_API_KEY).",
  },
  "vertex-key": {
    what: "No Vertex AI API key is set.",
    nextStep:
      "Make one at https://console.cloud.google.com/vertex-ai/studio/settings/api-keys, then: export VERTEX_API_KEY=<key>",
  },
  oauth: {
    what: "No OAuth access token is set.",
    nextStep: 'export GOOGLE_OAUTH_ACCESS_TOKEN="$(gcloud auth print-access-token)"',
  },
  adc: {
    what: "No application default credentials were found.",
    nextStep: "gcloud auth application-default login (or set GOOGLE_APPLICATION_CREDENTIALS to a credentials file).",
  },
  "service-account": {
    what: "No service account key file is named.",
    nextStep: "export GOOGLE_APPLICATION_CREDENTIALS=/path/to/key.json (or give --credentials /path/to/key.json).",
  },
};

export function missingCredential(auth: AuthMethod): ToolError {
  const { what, nextStep } = missing[auth];
  return new ToolError("credential-missing", {
    message: what,
    cause: `--auth ${auth} has no credential.`,
    nextStep,
  });
}

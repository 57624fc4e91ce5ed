// The rows of the error table about the connection: credentials, accounts, CLIProxyAPI's own state, certificates. Nothing was billed.

import type { ErrorRow } from "./error-row.ts";

const configuration = { exit: 3, billed: "no", retryable: false } as const;

export const connectionErrors = {
  "credential-missing": {
    ...configuration,
    cause: "The chosen way of signing in has no credential.",
    nextStep: "Set the environment variable that is named, or choose another --auth.",
  },
  "credential-unreadable": {
    ...configuration,
    cause: "The credentials file cannot be used.",
    nextStep: "Check the path and the contents of the file.",
  },
  "auth-not-on-endpoint": {
    ...configuration,
    cause: "This endpoint does not take this kind of credential.",
    nextStep: "Choose an --endpoint that goes with the --auth.",
  },
  "project-missing": {
    ...configuration,
    cause: "Vertex AI and Code Assist bill a Google Cloud project, and none is known.",
    nextStep: "Give --project-id or set GOOGLE_CLOUD_PROJECT.",
  },
  "config-invalid": {
    ...configuration,
    cause: "A settings file or an environment variable cannot be used.",
    nextStep: "Correct it, or see what is in force: image-gen --show-defaults.",
  },
  "key-invalid": {
    ...configuration,
    cause: "The provider does not accept this API key.",
    nextStep: "Check the key, or make a new one at https://aistudio.google.com/apikey.",
  },
  "key-expired": {
    ...configuration,
    cause: "The API key has expired.",
    nextStep: "Make a new key at https://aistudio.google.com/apikey.",
  },
  "key-wrong-backend": {
    ...configuration,
    cause: "The key belongs to another Google service; its first letters do not tell which.",
    nextStep:
      "Use --auth api-key for a Gemini API key from AI Studio and --auth vertex-key for a Vertex AI express key.",
  },
  "key-restricted": {
    ...configuration,
    cause: "The key is restricted and does not allow this call from here.",
    nextStep: "Change the key's restrictions in the Google Cloud console.",
  },
  "token-invalid": {
    ...configuration,
    cause: "The access token is not valid or no longer valid.",
    nextStep: "Get a fresh one, for example with `gcloud auth print-access-token`.",
  },
  "scope-insufficient": {
    ...configuration,
    cause: "The access token was issued without the scope that this API needs.",
    nextStep:
      "Sign in again with the scope https://www.googleapis.com/auth/cloud-platform, for example `gcloud auth application-default login`.",
  },
  "api-disabled": {
    ...configuration,
    cause: "The API is not switched on in this Google Cloud project.",
    nextStep: "Switch it on at the address that is given, wait a minute and try again.",
  },
  "permission-denied": {
    ...configuration,
    cause: "The account or the key lacks a permission in this Google Cloud project.",
    nextStep:
      "On Vertex AI ask for the role Vertex AI User (roles/aiplatform.user) in the project; for a key look at its restrictions in the Google Cloud console.",
  },
  "billing-disabled": {
    ...configuration,
    cause: "The project has no active billing account.",
    nextStep: "Link a billing account to the project in the Google Cloud console.",
  },
  "location-not-supported": {
    ...configuration,
    cause: "Google does not serve this API where the request comes from.",
    nextStep: "Use Vertex AI with a location that is served, for example --auth adc --location global.",
  },
  "account-blocked": {
    ...configuration,
    cause: "Google has suspended the account or wants it verified first.",
    nextStep: "Sign in to the account in a browser and follow what Google asks for.",
  },
  "client-not-supported": {
    ...configuration,
    cause: "Google no longer serves this kind of client or this version of it.",
    nextStep: "Use a Gemini API key: --auth api-key. With --auth proxy a newer CLIProxyAPI may help as well.",
  },
  "proxy-not-running": {
    ...configuration,
    cause: "CLIProxyAPI does not answer at its address.",
    nextStep: "Start CLIProxyAPI, set CLIPROXYAPI_URL, or choose another connection.",
  },
  "proxy-key-refused": {
    ...configuration,
    cause: "CLIProxyAPI wants one of the keys from its own config.yaml.",
    nextStep: "Set CLIPROXYAPI_KEY to one of its `api-keys`.",
  },
  "proxy-not-logged-in": {
    ...configuration,
    cause: "CLIProxyAPI has no Google login that serves image models.",
    nextStep: "Log it in: cli-proxy-api --antigravity-login.",
  },
  "proxy-without-image-model": {
    ...configuration,
    cause: "CLIProxyAPI is running but offers no image model.",
    nextStep: "Log it in with --antigravity-login (not gemini-cli), or add an API key entry to its config.yaml.",
  },
  "proxy-setup": {
    ...configuration,
    cause: "CLIProxyAPI refuses all calls until its configuration is completed.",
    nextStep: "Replace the example values of `api-keys` in its config.yaml.",
  },
  "tls-failure": {
    ...configuration,
    cause: "The server's certificate could not be verified, so nothing was sent.",
    nextStep: "Check the address, the clock of this machine, and NODE_EXTRA_CA_CERTS if a company proxy is in between.",
  },
  "http-proxy-refused": {
    ...configuration,
    cause: "The HTTP proxy from the environment refused to connect.",
    nextStep: "Check HTTPS_PROXY and its user name and password, or set NO_PROXY.",
  },
} as const satisfies Record<string, ErrorRow>;

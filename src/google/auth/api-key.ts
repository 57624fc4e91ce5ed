// --auth api-key: a key of the Gemini API, in its header only: in a URL it would end up in logs.
// Source: google-apis facts §1.7, 2026-11-22.

import { checkedSecret } from "./check-secret.ts";
import type { Credential, CredentialSettings } from "./credential.ts";
import { missingCredential } from "./missing-credential.ts";

export function openApiKey({ apiKey, projectId }: CredentialSettings): Credential {
  if (!apiKey || apiKey.reveal().trim() === "") throw missingCredential("api-key");
  const key = checkedSecret(apiKey, "key");
  return {
    auth: "api-key",
    source: apiKey.source,
    headers: () => Promise.resolve({ "x-goog-api-key": key }),
    projectId: projectId ?? null,
    secrets: () => [apiKey],
    describe: () => ({ kind: kindOf(key) }),
  };
}

/** Standard keys are being switched off in favour of authorization keys; doctor tells which one it is. */
function kindOf(key: string): string {
  if (key.startsWith("AIza")) return "standard key (AIza…)";
  if (key.startsWith("AQ.")) return "authorization key (AQ.…)";
  return "API key";
}

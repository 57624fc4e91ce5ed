// --auth vertex-key: an express-mode key of Vertex AI. Its letters may be those of a Gemini key; the user knows which it is.
// Source: google-apis facts §1.1 and §1.7, 2026-11-22.

import { checkedSecret } from "./check-secret.ts";
import type { Credential, CredentialSettings } from "./credential.ts";
import { missingCredential } from "./missing-credential.ts";

export function openVertexKey({ vertexKey, projectId }: CredentialSettings): Credential {
  if (!vertexKey || vertexKey.reveal().trim() === "") throw missingCredential("vertex-key");
  const key = checkedSecret(vertexKey, "key");
  return {
    auth: "vertex-key",
    source: vertexKey.source,
    headers: () => Promise.resolve({ "x-goog-api-key": key }),
    projectId: projectId ?? null,
    secrets: () => [vertexKey],
    describe: () => ({ kind: "express key of Vertex AI" }),
  };
}

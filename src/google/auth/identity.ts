// Identity: which credential this is, in a form that may be stored and shown. Two processes with the same key find that out.

import { createHash } from "node:crypto";
import type { Credential } from "./credential.ts";

/** A short hash over way, source and secrets; nothing can be read out of it. Take it before tokens are fetched: they change. */
export function identityOf(credential: Credential): string {
  const hash = createHash("sha256");
  const secrets = credential.secrets().map((secret) => secret.reveal());
  hash.update(JSON.stringify([credential.auth, credential.source, credential.projectId, secrets]));
  return hash.digest("hex").slice(0, 16);
}

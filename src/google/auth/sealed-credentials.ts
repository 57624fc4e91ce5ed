// Sealed credentials: what a program hands to another process of its own over a pipe, secrets included. Never written down.

import { isSecret, Secret } from "../../core/secret.ts";
import type { CredentialSettings } from "./credential.ts";

interface SealedSecret {
  readonly sealed: string;
  readonly source: string;
}

/** Credential settings as plain JSON. Holds secrets in the clear: for a pipe, never for a file, an argument or an environment. */
export type SealedCredentials = {
  readonly [Name in keyof CredentialSettings]: Exclude<CredentialSettings[Name], Secret> | SealedSecret;
};

export function sealCredentials(settings: CredentialSettings): SealedCredentials {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      isSecret(value) ? { sealed: value.reveal(), source: value.source } : value,
    ]),
  );
}

export function openSealed(sealed: SealedCredentials): CredentialSettings {
  return Object.fromEntries(
    Object.entries(sealed).map(([name, value]) => [
      name,
      isSealed(value) ? new Secret(value.sealed, value.source) : value,
    ]),
  );
}

function isSealed(value: unknown): value is SealedSecret {
  return typeof value === "object" && value !== null && "sealed" in value;
}

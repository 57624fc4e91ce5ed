// --auth service-account: a key file, and nothing else; the project is the key file's own unless the caller names one.

import type { Credential, CredentialPorts, CredentialSettings } from "./credential.ts";
import { type CredentialsFileType, unusable } from "./credentials-file.ts";
import { openFileCredential } from "./file-credential.ts";
import { missingCredential } from "./missing-credential.ts";
import { readCredentialsFile } from "./read-credentials-file.ts";

const serviceAccounts: readonly CredentialsFileType[] = [
  "service_account",
  "impersonated_service_account",
  "gdch_service_account",
];

export async function openServiceAccount(settings: CredentialSettings, ports: CredentialPorts): Promise<Credential> {
  const path = settings.credentialsFile;
  if (path === undefined || path === "") throw missingCredential("service-account");
  const file = await readCredentialsFile(path);
  if (!serviceAccounts.includes(file.type)) {
    throw unusable(
      path,
      `is of type ${file.type}, not the key of a service account ("type": "service_account").`,
      "Use it with --auth adc, or give a service account's key file.",
    );
  }
  const source = `key file ${path}`;
  return openFileCredential({ auth: "service-account", file, settings, ports, source, otherProjectId: null });
}

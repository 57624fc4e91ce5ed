// --auth adc: application default credentials in Google's order: the named file, gcloud's file, the metadata server.
// Source of the order: google-apis facts §9.1. A named file that is missing is an error and never passed over.

import { access } from "node:fs/promises";
import type { Secret } from "../../core/secret.ts";
import { bearerHeaders } from "./bearer-headers.ts";
import type { Credential, CredentialPorts, CredentialSettings } from "./credential.ts";
import { openFileCredential } from "./file-credential.ts";
import { applicationDefaultFile, defaultGcloudFolder, readGcloudProject } from "./gcloud-folder.ts";
import { DEFAULT_METADATA_HOST, fetchMetadataToken, findMetadataServer } from "./metadata-server.ts";
import { missingCredential } from "./missing-credential.ts";
import { readCredentialsFile } from "./read-credentials-file.ts";
import { keepToken } from "./token-keeper.ts";

export async function openApplicationDefault(
  settings: CredentialSettings,
  ports: CredentialPorts,
): Promise<Credential> {
  const gcloudFolder = settings.gcloudFolder === undefined ? defaultGcloudFolder() : settings.gcloudFolder;
  const path = settings.credentialsFile ?? (await existing(gcloudFolder && applicationDefaultFile(gcloudFolder)));
  if (path !== null) {
    const file = await readCredentialsFile(path);
    const otherProjectId =
      settings.projectId === undefined && file.projectId === null && gcloudFolder !== null
        ? await readGcloudProject(gcloudFolder)
        : null;
    const source = `credentials file ${path}`;
    return openFileCredential({ auth: "adc", file, settings, ports, source, otherProjectId });
  }
  const host = settings.metadataHost === undefined ? DEFAULT_METADATA_HOST : settings.metadataHost;
  const found = host === null ? null : await findMetadataServer({ host, ...ports });
  if (host === null || !found) throw missingCredential("adc");
  return openMetadataCredential(host, found.projectId, settings, ports);
}

async function existing(path: string | null): Promise<string | null> {
  if (path === null) return null;
  try {
    await access(path);
    return path;
  } catch (error) {
    // A file that is there but closed to us must be told of, not passed over.
    return error instanceof Error && "code" in error && error.code === "EACCES" ? path : null;
  }
}

function openMetadataCredential(
  host: string,
  ownProjectId: string | null,
  settings: CredentialSettings,
  ports: CredentialPorts,
): Credential {
  const secrets: Secret[] = [];
  const token = keepToken(async () => {
    const fetched = await fetchMetadataToken({ host, ...ports });
    secrets.push(fetched.token);
    return fetched;
  }, ports.clock);
  return {
    auth: "adc",
    source: `metadata server ${host}`,
    headers: async () => bearerHeaders((await token()).reveal(), settings.quotaProject ?? null),
    projectId: settings.projectId ?? ownProjectId,
    secrets: () => [...secrets],
    describe: () => ({ kind: "metadata server" }),
  };
}

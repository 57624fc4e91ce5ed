// Where Google's tools look on this machine, told from environment variables that the caller hands in:
// the same names that gcloud and Google's auth library read. Source: google-auth-library 10.9.1, gcp-metadata, 2026-11-22.

import { join } from "node:path";
import type { CredentialSettings } from "./credential.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The part of {@link CredentialSettings} that says where to look; what no variable names is left to the defaults. */
export function environmentPlaces(
  environment: Environment,
): Pick<CredentialSettings, "gcloudFolder" | "metadataHost" | "quotaProject"> {
  const gcloudFolder = set(environment["CLOUDSDK_CONFIG"]) ?? windowsFolder(environment);
  const metadataHost = set(environment["GCE_METADATA_IP"]) ?? set(environment["GCE_METADATA_HOST"]);
  const quotaProject = set(environment["GOOGLE_CLOUD_QUOTA_PROJECT"]);
  const detection = environment["METADATA_SERVER_DETECTION"]?.trim().toLowerCase();
  return {
    ...(gcloudFolder === null ? {} : { gcloudFolder }),
    ...(detection === "none" ? { metadataHost: null } : metadataHost === null ? {} : { metadataHost }),
    ...(quotaProject === null ? {} : { quotaProject }),
  };
}

function windowsFolder(environment: Environment): string | null {
  const applicationData = set(environment["APPDATA"]);
  return process.platform === "win32" && applicationData !== null ? join(applicationData, "gcloud") : null;
}

function set(value: string | undefined): string | null {
  const text = value?.trim() ?? "";
  return text === "" ? null : text;
}

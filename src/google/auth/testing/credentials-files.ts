// For tests: credentials files of every type that Google's tools write, with keys made on the spot.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FileFolder {
  readonly path: string;
  /** Writes a file and gives its path; an object becomes JSON. */
  write(name: string, content: unknown): string;
  remove(): void;
}

export function openFolder(): FileFolder {
  const path = mkdtempSync(join(tmpdir(), "image-gen-auth-"));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const ec = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** Checks signatures of {@link serviceAccount}. */
export const serviceAccountPublicKey = rsa.publicKey;

export const serviceAccount = {
  type: "service_account",
  project_id: "key-project",
  private_key_id: "1",
  private_key: rsa.privateKey,
  client_email: "robot@key-project.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
  universe_domain: "googleapis.com",
};

export const authorizedUser = {
  type: "authorized_user",
  client_id: "client-1",
  client_secret: "hush-client",
  refresh_token: "hush-refresh",
  quota_project_id: "quota-project",
};

export const impersonated = {
  type: "impersonated_service_account",
  delegates: [],
  service_account_impersonation_url:
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/target@shop.iam.gserviceaccount.com:generateAccessToken",
  source_credentials: authorizedUser,
};

export const externalUser = {
  type: "external_account_authorized_user",
  audience: "//iam.googleapis.com/locations/global/workforcePools/pool/providers/one",
  client_id: "client-1",
  client_secret: "hush-client",
  refresh_token: "hush-refresh",
  token_url: "https://sts.googleapis.com/v1/oauthtoken",
};

export const distributedCloud = {
  type: "gdch_service_account",
  format_version: "1",
  project: "cloud-project",
  private_key_id: "1",
  private_key: ec.privateKey,
  name: "robot",
  token_uri: "https://service-identity.example.internal/authenticate",
};

export function externalAccount(subjectTokenFile: string): Readonly<Record<string, unknown>> {
  return {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/one",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source: { file: subjectTokenFile },
  };
}

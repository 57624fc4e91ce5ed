// The credentials that one emulator hands out, one of each kind, and the access tokens that its token endpoints issue.
// Leaves judging them to credential-checks.ts. A token's text carries its scope and its end, so nothing has to be remembered.

import { generateKeyPairSync } from "node:crypto";

/** The scope of an access token, as far as the emulator cares. */
export type TokenScope = "cloud" | "generative-language" | "narrow";

/** One credential of each kind that works, and the ones that fail in a known way. */
export interface EmulatorCredentials {
  /** CLIProxyAPI's client key. */
  readonly proxyKey: string;
  /** A standard Gemini API key. */
  readonly apiKey: string;
  /** A Gemini API authorization key. */
  readonly authKey: string;
  /** An express-mode key of Vertex AI. */
  readonly vertexKey: string;
  /** An OAuth token with the cloud-platform scope. */
  readonly accessToken: string;
  /** An OAuth token without it: 403 ACCESS_TOKEN_SCOPE_INSUFFICIENT everywhere. */
  readonly narrowToken: string;
  /** An OAuth token that has run out: 401. */
  readonly expiredToken: string;
  /** The project that the other credentials belong to. */
  readonly projectId: string;
  /** A service account's key file, with `token_uri` at this emulator. The RSA pair is made when first read. */
  readonly serviceAccountKey: Readonly<Record<string, string>>;
  /** A user's application default credentials. */
  readonly authorizedUser: Readonly<Record<string, string>>;
  /** A federated identity; `token_url` and impersonation are at this emulator. `subjectTokenFile` is read by the client. */
  externalAccount(subjectTokenFile: string): Readonly<Record<string, unknown>>;
}

/** The key pair of the service account, kept for checking assertions. */
export interface ServiceAccountSigner {
  readonly keyId: string;
  readonly email: string;
  /** PEM of the public key; null until the key file has been read. */
  publicKeyPem(): string | null;
}

const projectId = "emulator-project";
const serviceAccountEmail = `painter@${projectId}.iam.gserviceaccount.com`;
const keyId = "emulator-key-1";

/** Makes the credentials of an emulator that listens at `url`. */
export function issueCredentials(url: string): { credentials: EmulatorCredentials; signer: ServiceAccountSigner } {
  let pair: { publicKey: string; privateKey: string } | null = null;
  const keyPair = (): { publicKey: string; privateKey: string } => {
    pair ??= generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    return pair;
  };
  const credentials: EmulatorCredentials = {
    proxyKey: "emulator-proxy-key",
    apiKey: "AIza-emulator-standard-key",
    authKey: "AQ.emulator-auth-key",
    vertexKey: "AQ.emulator-express-key",
    accessToken: "ya29.emulator-access-token",
    narrowToken: "ya29.emulator-narrow-token",
    expiredToken: "ya29.emulator-expired-token",
    projectId,
    get serviceAccountKey() {
      return {
        type: "service_account",
        project_id: projectId,
        private_key_id: keyId,
        private_key: keyPair().privateKey,
        client_email: serviceAccountEmail,
        client_id: "100000000000000000001",
        auth_uri: `${url}/oauth2.googleapis.com/auth`,
        token_uri: `${url}/token`,
        universe_domain: "googleapis.com",
      };
    },
    authorizedUser: {
      type: "authorized_user",
      client_id: "emulator-client.apps.googleusercontent.com",
      client_secret: "emulator-client-secret",
      refresh_token: "1//emulator-refresh-token",
      quota_project_id: projectId,
      universe_domain: "googleapis.com",
    },
    externalAccount: (subjectTokenFile) => ({
      type: "external_account",
      audience: "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/emulator/providers/emulator",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${url}/v1/token`,
      credential_source: { file: subjectTokenFile },
      service_account_impersonation_url: `${url}/v1/projects/-/serviceAccounts/${serviceAccountEmail}:generateAccessToken`,
      universe_domain: "googleapis.com",
    }),
  };
  return { credentials, signer: { keyId, email: serviceAccountEmail, publicKeyPem: () => pair?.publicKey ?? null } };
}

/** The text of an access token with this scope that ends at `expiresAtMs`. */
export function issueAccessToken(scope: TokenScope, expiresAtMs: number, serial: number): string {
  return `ya29.emulator-${scope}-until-${Math.floor(expiresAtMs / 1000)}-${serial}`;
}

/** The scope that a token stands for: everything not marked otherwise has the cloud-platform scope. */
export function scopeOfToken(token: string): TokenScope {
  if (/narrow/i.test(token)) return "narrow";
  return /generative-language/i.test(token) ? "generative-language" : "cloud";
}

/** True when a token of ours has run out, or when any token is marked `expired`. */
export function tokenHasExpired(token: string, nowMs: number): boolean {
  if (/expired/i.test(token)) return true;
  const until = /^ya29\.emulator-[a-z-]+-until-(\d+)-/.exec(token)?.[1];
  return until !== undefined && Number(until) * 1000 <= nowMs;
}

/** The scope that a list of OAuth scope URLs amounts to. */
export function scopeFromUrls(scopes: readonly string[]): TokenScope {
  const base = "https://www.googleapis.com/auth/";
  if (scopes.includes(`${base}cloud-platform`)) return "cloud";
  return scopes.some((scope) => scope.startsWith(`${base}generative-language`)) ? "generative-language" : "narrow";
}

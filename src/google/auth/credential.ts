// Credential: who is asking, as the rest of the program sees it: headers to send, a name for people, secrets to mask.
// How each kind comes about is the business of the file named after it.

import type { Clock } from "../../core/clock.ts";
import type { SendSmall } from "../../core/http-call.ts";
import type { AuthMethod } from "../../core/route.ts";
import type { Secret } from "../../core/secret.ts";

export interface Credential {
  readonly auth: AuthMethod;
  /** Where it was found, for people: `GOOGLE_API_KEY`, `--access-token`, `key file /home/me/key.json`. */
  readonly source: string;
  /**
   * Headers that prove who is asking; lower-case names. Fetches a token when none is at hand or the old one ends soon;
   * calls made at the same time share one fetch.
   *
   * @throws ToolError `token-invalid`, `permission-denied`, `api-disabled`, `rate-limited`, `server-error`,
   * `connect-failed`, `credential-unreadable`, `credential-missing`, and what the sender throws. Nothing was billed.
   */
  headers(): Promise<Record<string, string>>;
  /** The caller's project, else the credential's own; `null` when neither is known. */
  readonly projectId: string | null;
  /** Everything that must be masked in text from outside. Grows when tokens are fetched. */
  secrets(): readonly Secret[];
  describe(): CredentialDescription;
}

interface CredentialDescription {
  /** `Gemini API key (AIza…)`, `authorized_user`, `metadata server`. */
  readonly kind: string;
  /** E-mail address of the account, where the credential tells it without a call. */
  readonly account?: string;
}

/** What was found of the user's credentials. Values, never names of variables: the environment is read elsewhere. */
export interface CredentialSettings {
  /** One of CLIProxyAPI's `api-keys`. None: the proxy is open. */
  readonly proxyKey?: Secret;
  /** Key of the Gemini API: `AIza…` or `AQ.…`. */
  readonly apiKey?: Secret;
  /** Express-mode key of Vertex AI; its first letters may be those of a Gemini key. */
  readonly vertexKey?: Secret;
  /** OAuth access token, without `Bearer`. */
  readonly accessToken?: Secret;
  /** Credentials file: a service account's key, or any type that Google's auth library knows. */
  readonly credentialsFile?: string;
  readonly projectId?: string;
  /** Sent as `x-goog-user-project`. Default: the credentials file's `quota_project_id`. */
  readonly quotaProject?: string;
  /**
   * Folder of the gcloud command, where `gcloud auth application-default login` leaves its file. `null`: do not look.
   * Default: `.config/gcloud` in the home folder, `AppData/Roaming/gcloud` on Windows.
   */
  readonly gcloudFolder?: string | null;
  /** Host and port of the metadata server. `null`: do not ask one. Default: `169.254.169.254`, asked briefly. */
  readonly metadataHost?: string | null;
  /** Origin of the API that is called: the audience of tokens for Google Distributed Cloud, used for nothing else. */
  readonly apiOrigin?: string;
}

export interface CredentialPorts {
  readonly send: SendSmall;
  readonly clock: Clock;
}

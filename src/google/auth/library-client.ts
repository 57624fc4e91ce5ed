// Builds Google's own client for a credentials file of any type, so that all its HTTP goes through our sender.
// A client serves for one token: keeping tokens is token-keeper.ts' business, on our clock.
// Source: google-auth-library 10.9.1 read and tried, 2026-11-22; each detour below is held by a test.

import type * as library from "google-auth-library";
import type { Clock } from "../../core/clock.ts";
import { asText } from "../../core/json-field.ts";
import { ToolError } from "../../core/tool-error.ts";
import { type CredentialsFile, type CredentialsFileType, unusable } from "./credentials-file.ts";
import { CLOUD_PLATFORM_SCOPE } from "./scope.ts";

interface Building {
  readonly library: typeof library;
  /** Go into every client. */
  readonly options: {
    readonly transporterOptions: {
      readonly fetchImplementation: typeof fetch;
      readonly noProxy: RegExp[];
      readonly retryConfig: { readonly retryBackoff: (error: unknown, waitMs: number) => Promise<void> };
    };
    readonly useAuthRequestParameters: false;
  };
  readonly apiOrigin: string | null;
}

export interface ClientPorts {
  readonly sendAsFetch: typeof fetch;
  readonly clock: Clock;
  /** The audience of tokens for Google Distributed Cloud. */
  readonly apiOrigin: string | null;
}

/** @throws ToolError `credential-unreadable` for what only the library finds in the file. */
export async function buildClient(
  file: CredentialsFile,
  { sendAsFetch, clock, apiOrigin }: ClientPorts,
): Promise<library.AuthClient> {
  const building: Building = {
    // 57 ms to load: only credentials that need it pay.
    library: await import("google-auth-library"),
    options: {
      transporterOptions: {
        fetchImplementation: sendAsFetch,
        // Proxies are the sender's business: the library would build an agent from HTTPS_PROXY and throw when it is no URL.
        noProxy: [/./],
        // The library tries 429, 5xx and lost connections again by its own rule; only the waiting is ours.
        retryConfig: { retryBackoff: (_error, waitMs) => clock.sleep(waitMs) },
      },
      // The interceptors behind this switch write tokens to the library's debug log.
      useAuthRequestParameters: false,
    },
    apiOrigin,
  };
  return builders[file.type](file, building);
}

type Build = (file: CredentialsFile, building: Building) => library.AuthClient;

const builders: Readonly<Record<CredentialsFileType, Build>> = {
  authorized_user: (file, { library: { UserRefreshClient }, options }) =>
    new UserRefreshClient({
      ...options,
      clientId: text(file, "client_id"),
      clientSecret: text(file, "client_secret"),
      refreshToken: text(file, "refresh_token"),
    }),

  service_account: (file, { library: { JWT }, options }) =>
    new JWT({
      ...options,
      email: text(file, "client_email"),
      key: text(file, "private_key"),
      scopes: [CLOUD_PLATFORM_SCOPE],
    }),

  external_account: (file, { library: { ExternalAccountClient }, options }) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its sources differ widely; the library checks them
    const content = file.content as unknown as Parameters<typeof ExternalAccountClient.fromJSON>[0];
    const client = ExternalAccountClient.fromJSON({ ...content, ...options, scopes: [CLOUD_PLATFORM_SCOPE] });
    if (!client) throw unusable(file.path, "is not understood by Google's auth library.", "Make the file again.");
    // Its token exchange has a transporter of its own that options do not reach. With a certificate as its source the
    // library replaces it once more by one that holds the certificate: that call alone uses the library's own HTTP.
    const exchange: unknown = Reflect.get(client, "stsCredential");
    if (typeof exchange !== "object" || exchange === null) {
      throw new ToolError("internal", { message: "Google's auth library has changed its token exchange." });
    }
    Reflect.set(exchange, "transporter", client.transporter);
    return client;
  },

  external_account_authorized_user: (file, { library: { ExternalAccountAuthorizedUserClient }, options }) =>
    new ExternalAccountAuthorizedUserClient({
      ...options,
      type: "external_account_authorized_user",
      audience: asText(file.content["audience"]) ?? "",
      client_id: text(file, "client_id"),
      client_secret: text(file, "client_secret"),
      refresh_token: text(file, "refresh_token"),
      token_url: asText(file.content["token_url"]) ?? "https://sts.googleapis.com/v1/oauthtoken",
      token_info_url: asText(file.content["token_info_url"]) ?? "https://sts.googleapis.com/v1/introspect",
    }),

  impersonated_service_account: (file, building) => {
    const url = text(file, "service_account_impersonation_url");
    const [, endpoint, targetPrincipal] =
      /^(.+)\/v1\/projects\/-\/serviceAccounts\/([^/]+):generateAccessToken$/.exec(url) ?? [];
    if (endpoint === undefined || targetPrincipal === undefined || !file.source) {
      throw unusable(
        file.path,
        "has a service_account_impersonation_url of an unknown form.",
        "Make the file again: gcloud auth application-default login --impersonate-service-account=<account>.",
      );
    }
    const { delegates } = file.content;
    return new building.library.Impersonated({
      ...building.options,
      // `GoogleAuth` would build the source without our options: its calls would go past our sender.
      sourceClient: builders[file.source.type](file.source, building),
      endpoint,
      targetPrincipal,
      targetScopes: [CLOUD_PLATFORM_SCOPE],
      delegates: Array.isArray(delegates) ? delegates.map(String) : [],
    });
  },

  gdch_service_account: (file, { library: { GdchClient }, options, apiOrigin }) => {
    if (apiOrigin === null) {
      throw unusable(
        file.path,
        "is for Google Distributed Cloud, which stands at an address of your own.",
        "Set GOOGLE_VERTEX_BASE_URL to its address.",
      );
    }
    const client = new GdchClient(options);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields it needs were checked with the file
    client.fromJSON(file.content as unknown as Parameters<typeof client.fromJSON>[0]);
    return client.createWithGdchAudience(apiOrigin);
  },
};

/** A field that the file was checked to have. */
function text(file: CredentialsFile, field: string): string {
  const value = asText(file.content[field]);
  if (value === null) throw unusable(file.path, `lacks ${field}.`, "Make the file again.");
  return value;
}

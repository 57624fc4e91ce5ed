// What a request shows as its credential, read from every place that Google and CLIProxyAPI look at.
// Leaves whether it is good to credential-checks.ts. Values never leave this room: others see kind and last four characters.

import type { IncomingHttpHeaders } from "node:http";

/** One credential of a request. */
export interface Credential {
  readonly kind: "key" | "bearer";
  readonly value: string;
  readonly place:
    | "x-goog-api-key"
    | "query-key"
    | "authorization"
    | "access_token"
    | "x-api-key"
    | "auth_token"
    | "bare-authorization";
}

/** What may be logged of a credential. */
export interface CredentialTrace {
  /** Place it was found in. */
  readonly kind: Credential["place"];
  /** Last four characters; null when the whole is shorter than twelve. */
  readonly last4: string | null;
}

/** All credentials of a request, in the order Google looks at them. */
export function readCredentials(headers: IncomingHttpHeaders, query: URLSearchParams): Credential[] {
  const found: Credential[] = [];
  const add = (kind: Credential["kind"], place: Credential["place"], value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value.trim() !== "") found.push({ kind, place, value: value.trim() });
  };
  add("key", "x-goog-api-key", single(headers["x-goog-api-key"]));
  const authorization = headers.authorization?.trim();
  const bearer = authorization === undefined ? null : /^bearer\s+(.*)$/i.exec(authorization);
  if (bearer !== null) add("bearer", "authorization", bearer[1]);
  else add("bearer", "bare-authorization", authorization);
  add("key", "query-key", query.get("key"));
  add("bearer", "access_token", query.get("access_token"));
  add("key", "x-api-key", single(headers["x-api-key"]));
  add("key", "auth_token", query.get("auth_token"));
  return found;
}

/** The loggable trace of a credential; null for none. */
export function traceOf(credential: Credential | undefined): CredentialTrace | null {
  if (credential === undefined) return null;
  const { place, value } = credential;
  return { kind: place, last4: value.length >= 12 ? value.slice(-4) : null };
}

/** The path with its query, without the parameters that hold credentials. */
export function pathWithoutSecrets(path: string, query: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const [name, value] of query) {
    kept.append(name, ["key", "access_token", "oauth_token", "auth_token"].includes(name) ? "REDACTED" : value);
  }
  const text = kept.toString();
  return text === "" ? path : `${path}?${text}`;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

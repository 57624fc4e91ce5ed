// What doctor finds: plain values, for people and for --json. What the checks say is the business of the files that make them.

import type { ErrorCode, ExitCode } from "../core/error-table.ts";
import type { AuthMethod, EndpointName } from "../core/route.ts";

/** `unknown`: it could not be looked at, which is no fault by itself. */
export type CheckStatus = "ok" | "warning" | "failed" | "unknown";

export interface Check {
  /** What was looked at: `credential`, `project`, `image models`. */
  readonly name: string;
  readonly status: CheckStatus;
  readonly message: string;
  readonly nextStep?: string;
  /** Of the failure, as `generate` would report it. */
  readonly code?: ErrorCode;
  /** The provider's own words, cleaned and without secrets. */
  readonly providerMessage?: string;
  /** When the provider says to come back. */
  readonly retryAfterSeconds?: number;
}

export interface ConnectionReport {
  readonly auth: AuthMethod;
  readonly endpoint: EndpointName;
  /** The endpoint for people: `Vertex AI`. */
  readonly label: string;
  /** It is the one that `generate` would use now. */
  readonly chosen: boolean;
  /** It can make a picture, as far as can be known without paying for one. */
  readonly usable: boolean;
  readonly credential: { readonly source: string; readonly kind: string; readonly account?: string } | null;
  readonly projectId: string | null;
  readonly location: string | null;
  /** Image models that the route lists; `null` when it has no list, or none was given. */
  readonly imageModels: readonly string[] | null;
  readonly checks: readonly Check[];
  /** What the provider's terms say about this way; `null` where it is what the service is made for. */
  readonly termsWarning: string | null;
}

export interface DoctorReport {
  readonly version: 1;
  /** `error` when the chosen connection cannot make a picture. */
  readonly status: "ok" | "error";
  /** 0, or the exit code of the chosen connection's first failed check. */
  readonly exitCode: ExitCode;
  readonly chosen: Pick<ConnectionReport, "auth" | "endpoint" | "usable">;
  /** The chosen one first. */
  readonly connections: readonly ConnectionReport[];
  /** Files, folders and HTTP proxies of this machine. */
  readonly surroundings: readonly Check[];
}

export function ok(name: string, message: string): Check {
  return { name, status: "ok", message };
}

export function warning(name: string, message: string, nextStep?: string): Check {
  return { name, status: "warning", message, ...(nextStep === undefined ? {} : { nextStep }) };
}

export function unknown(name: string, message: string): Check {
  return { name, status: "unknown", message };
}

// The body of an error answer, whoever wrote it, as one plain shape: what was said, in whose form, with which reasons.
// Which of our error codes it becomes is decided by failure-rules.

import { fieldOf, isObject, type JsonObject, listOf, parseJson, textOf } from "../json-values.ts";

/**
 * Whose form the body has. `google`: `{error:{code, message, status, details}}`. `gateway`: CLIProxyAPI's and OpenAI's
 * `{error:{message, type, code}}`, and `{error:"…"}`. `oauth`: `{error, error_description}`. `foreign`: none of these.
 */
export type FailureShape = "google" | "gateway" | "oauth" | "foreign";

export interface FailureBody {
  readonly shape: FailureShape;
  /** The provider's words; for a foreign body its title or beginning. */
  readonly message: string;
  /** Google's name of the error (`PERMISSION_DENIED`), empty when there is none. */
  readonly rpcStatus: string;
  /** Everything that names the error in a word: ErrorInfo reasons, `code` and `type` of a gateway, OAuth's `error`. */
  readonly reasons: readonly string[];
  /** HTTP status that the body itself names; for errors inside an answer with status 200. */
  readonly namedStatus: number | null;
  /** All of ErrorInfo's `metadata`, the first of each name. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly quotaIds: readonly string[];
  /** A quota that is violated has the value 0. */
  readonly hasZeroQuota: boolean;
  /** Addresses under `google.rpc.Help`. */
  readonly links: readonly string[];
  readonly error: unknown;
  readonly details: readonly unknown[];
}

// Source: google.rpc.Code's mapping to HTTP, and CLIProxyAPI's own (cliproxyapi facts §3, 2026-08).
const statusOfName: ReadonlyMap<string, number> = new Map([
  ["INVALID_ARGUMENT", 400],
  ["FAILED_PRECONDITION", 400],
  ["OUT_OF_RANGE", 400],
  ["UNAUTHENTICATED", 401],
  ["PERMISSION_DENIED", 403],
  ["NOT_FOUND", 404],
  ["ABORTED", 409],
  ["RESOURCE_EXHAUSTED", 429],
  ["CANCELLED", 499],
  ["INTERNAL", 500],
  ["UNKNOWN", 500],
  ["UNIMPLEMENTED", 501],
  ["UNAVAILABLE", 503],
  ["DEADLINE_EXCEEDED", 504],
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["permission_error", 403],
  ["model_not_found", 404],
  ["rate_limit_error", 429],
  ["server_error", 500],
]);

export function readFailureBody(body: string): FailureBody {
  const parsed = parseJson(body.replace(/^\uFEFF/, ""));
  // Some of Google's services wrap the one error in a list (google-apis facts §1.5).
  const outer: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = fieldOf(outer, "error");
  if (typeof error === "string") return fromText(outer, error);
  if (isObject(error) && typeof fieldOf(error, "message") === "string") return fromObject(error);
  return { ...emptyBody, shape: "foreign", message: describeForeign(body) };
}

const emptyBody = {
  rpcStatus: "",
  reasons: [],
  namedStatus: null,
  metadata: {},
  quotaIds: [],
  hasZeroQuota: false,
  links: [],
  error: null,
  details: [],
} as const;

function fromText(outer: unknown, error: string): FailureBody {
  const description = textOf(fieldOf(outer, "error_description"));
  const message = description ?? textOf(fieldOf(outer, "message")) ?? error;
  const isOauth = description !== null || /^(?:invalid|unauthorized|unsupported)_[a-z]+$/.test(error);
  return { ...emptyBody, shape: isOauth ? "oauth" : "gateway", message, reasons: [error], error: outer };
}

function fromObject(error: JsonObject): FailureBody {
  const code = fieldOf(error, "code");
  const rpcStatus = textOf(fieldOf(error, "status")) ?? "";
  const details = listOf(fieldOf(error, "details"));
  const infos = details.filter(
    (detail) => typeOf(detail) === "ErrorInfo" || textOf(fieldOf(detail, "reason")) !== null,
  );
  const names = [fieldOf(error, "type"), code, ...infos.map((info) => fieldOf(info, "reason"))];
  const violations = details.flatMap((detail) => listOf(fieldOf(detail, "violations")));
  const isGoogle = /^[A-Z_]{2,40}$/.test(rpcStatus) || (typeof code === "number" && !textOf(fieldOf(error, "type")));
  const reasons = names.map(textOf).filter((name) => name !== null);
  return {
    shape: isGoogle ? "google" : "gateway",
    message: textOf(fieldOf(error, "message")) ?? "",
    rpcStatus,
    reasons,
    namedStatus: namedStatus(code, [rpcStatus, ...reasons]),
    metadata: mergedMetadata(infos),
    quotaIds: violations.map((violation) => textOf(fieldOf(violation, "quotaId"))).filter((id) => id !== null),
    hasZeroQuota: violations.some((violation) => String(fieldOf(violation, "quotaValue")) === "0"),
    links: details
      .flatMap((detail) => listOf(fieldOf(detail, "links")))
      .map((link) => textOf(fieldOf(link, "url")))
      .filter((url) => url !== null),
    error,
    details,
  };
}

function namedStatus(code: unknown, names: readonly string[]): number | null {
  if (typeof code === "number" && Number.isInteger(code) && code >= 400 && code <= 599) return code;
  // The more exact names stand last.
  return names.map((name) => statusOfName.get(name)).findLast((status) => status !== undefined) ?? null;
}

function typeOf(detail: unknown): string {
  return textOf(fieldOf(detail, "@type"))?.split(".").at(-1) ?? "";
}

function mergedMetadata(infos: readonly unknown[]): Readonly<Record<string, string>> {
  const merged = new Map<string, string>();
  for (const info of infos) {
    const metadata = fieldOf(info, "metadata");
    if (!isObject(metadata)) continue;
    for (const [name, value] of Object.entries(metadata)) {
      if (typeof value === "string" && !merged.has(name)) merged.set(name, value);
    }
  }
  return Object.fromEntries(merged);
}

/** A line about a body that is not the provider's: the page's title, or its first words without markup. */
export function describeForeign(body: string): string {
  const beginning = body.slice(0, 4_096);
  const title = /<title[^>]*>([^<]{1,200})/i.exec(beginning)?.[1];
  const words =
    title ?? beginning.replace(/<(?:script|style)[\s\S]*?(?:<\/(?:script|style)>|$)/gi, " ").replace(/<[^>]*>/g, " ");
  return words.replace(/\s+/g, " ").trim().slice(0, 200);
}

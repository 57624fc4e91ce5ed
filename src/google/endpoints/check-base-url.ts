// Base URLs other than Google's own: a credential goes there, so what is allowed is narrow.
// The settings see to it that a project's own files cannot set one.

import { isLoopbackHost } from "../../core/loopback.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "./endpoint.ts";

export interface CheckedBaseUrl {
  /** Without a trailing slash; empty when there are problems. */
  readonly baseUrl: string;
  /** Code `config-invalid`. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Checks a base URL: `https` anywhere, `http` only on this machine, because a key must not travel in clear.
 * CLIProxyAPI speaks `http` and may stand elsewhere in the user's own network: allowed with a warning.
 *
 * @param field what the user knows the setting by; default the endpoint's environment variable.
 */
export function checkBaseUrl(text: string, endpoint: Endpoint, field = endpoint.baseUrlVariable): CheckedBaseUrl {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (!url || url.hostname === "" || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return refused(field, "must be an absolute http or https address.", endpoint.defaultBaseUrl(null));
  }
  // The value may hold a password or a key: it is never repeated in a message.
  if (url.username !== "" || url.password !== "") return refused(field, "must not contain a user name or a password.");
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(trimmed)) {
    return refused(field, "must not contain a query or a fragment: keys go into headers.");
  }
  const path = url.pathname.replace(/\/+$/, "");
  const warnings: string[] = [];
  if (endpoint.name === "cliproxyapi") {
    // Google would draw and bill, and the picture would be told as not billed.
    if (/(^|\.)googleapis\.com\.?$/i.test(url.hostname)) {
      return refused(field, "leads to Google itself: choose --auth api-key for that.", endpoint.defaultBaseUrl(null));
    }
    if (/\/v1(?:beta)?$/.test(path)) {
      const suggestion = `${url.origin}${path.replace(/\/v1(?:beta)?$/, "")}`;
      return refused(field, "is the address of the proxy itself, without /v1 or /v1beta.", suggestion);
    }
    if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
      warnings.push(`${field}: key and pictures go to ${url.host} without encryption.`);
    }
  } else if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    return refused(
      field,
      "must begin with https: over http a key would travel in clear.",
      `https://${url.host}${path}`,
    );
  }
  return { baseUrl: `${url.origin}${path}`, problems: [], warnings };
}

function refused(field: string, what: string, suggestion?: string): CheckedBaseUrl {
  const problem: Problem = {
    code: "config-invalid",
    field,
    message: `${field} ${what}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
  return { baseUrl: "", problems: [problem], warnings: [] };
}

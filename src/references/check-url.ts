// An address as it is written: scheme, port, host, credentials. Checked before any name is looked up, again on each redirect.

import { isIP } from "node:net";
import type { ReferencePolicy } from "./policy.ts";
import { isPublicAddress } from "./public-address.ts";
import { refuse } from "./refuse.ts";

/** Names that mean this machine or this network, wherever they are looked up. RFC 6761, RFC 6762, RFC 8375, ICANN 2024. */
const INSIDE_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|onion)$/;

/** The host as it is looked up: lower case, no brackets, no final dot. */
export function hostOf(url: URL): string {
  return url.hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.+$/, "");
}

/**
 * @throws ToolError `reference-forbidden`, or `reference-unreadable` for what is no URL.
 */
export function checkUrl(text: string, policy: Pick<ReferencePolicy, "urls" | "hosts">): URL {
  if (policy.urls === "none")
    return refuse("reference-forbidden", "is an address, and downloads are not allowed here.");
  // The URL standard turns every spelling of an IPv4 address (octal, hexadecimal, one number, full-width) into the usual one.
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return refuse("reference-unreadable", "is not an address that can be read.");
  if (url.protocol === "http:" && policy.urls !== "http") {
    return refuse("reference-forbidden", "is not encrypted: use https, or allow http with --allow-http.");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return refuse("reference-forbidden", `has the scheme ${url.protocol} and only https is downloaded.`);
  }
  if (url.username !== "" || url.password !== "") {
    return refuse("reference-forbidden", "has a user name or password in it; none is ever sent.");
  }
  // The usual port of its scheme only: others are other services'.
  if (url.port !== "") return refuse("reference-forbidden", `names the port ${url.port}; only the usual one is used.`);
  const host = hostOf(url);
  if (host === "" || INSIDE_NAME.test(host) || (isIP(host) === 0 && !host.includes("."))) {
    return refuse("reference-forbidden", "names a machine of an inner network.");
  }
  if (isIP(host) !== 0 && !isPublicAddress(host)) {
    return refuse("reference-forbidden", "is an address of this machine or of an inner network.");
  }
  if (policy.hosts !== undefined && !policy.hosts.includes(host)) {
    return refuse("reference-forbidden", `is not on one of the allowed hosts (${policy.hosts.join(", ")}).`);
  }
  return url;
}

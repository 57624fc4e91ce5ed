// Which HTTP proxy a URL goes through. Pure: the settings are handed in, the connection is connection.ts'.
// Own matching instead of proxy-from-env, which reads process.env itself (2.1.0, index.js, 2026-11) and knows no CIDR.

import { BlockList, isIP } from "node:net";
import { isLoopbackHost } from "../core/loopback.ts";
import { ToolError } from "../core/tool-error.ts";

/** The person's own settings; empty strings count as absent. */
export interface ProxySettings {
  /** Proxy for `https:` URLs: `http://user:password@host:port`. */
  readonly https?: string;
  /** Proxy for `http:` URLs. */
  readonly http?: string;
  /** Hosts that are reached directly, as in NO_PROXY: `*`, names with their subdomains, addresses, CIDR, each with an optional port. */
  readonly noProxy?: string;
}

/** A proxy to go through. */
export interface HttpProxy {
  /** Without user name and password, so that no log of a library can show them. */
  readonly url: URL;
  /** Value of `Proxy-Authorization`, or `null`. */
  readonly authorization: string | null;
}

/**
 * The proxy for a URL, or `null` for a direct connection. This machine itself is never reached through a proxy.
 * Throws `config-invalid` when the proxy that applies cannot be read or is of another kind than HTTP; the message never holds its address.
 */
export function proxyFor(url: URL, settings: ProxySettings): HttpProxy | null {
  const secure = url.protocol === "https:";
  const address = secure ? settings.https : settings.http;
  if (!address || isLoopback(url.hostname) || isExcepted(url, settings.noProxy ?? "")) return null;
  return readProxy(address, secure ? "HTTPS_PROXY" : "HTTP_PROXY");
}

function readProxy(address: string, variable: string): HttpProxy {
  const trimmed = address.trim();
  // curl reads an address without a scheme as http.
  const text = trimmed.includes("://") ? trimmed : `http://${trimmed}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url?.hostname) throw new ToolError("config-invalid", { message: `The address in ${variable} cannot be read.` });
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ToolError("config-invalid", {
      message: `${variable} names a proxy of the kind ${url.protocol.replace(":", "")}; only http and https proxies can be used.`,
    });
  }
  const authorization =
    url.username || url.password
      ? `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString("base64")}`
      : null;
  return { url: new URL(url.origin), authorization };
}

/** A `%` that encodes nothing is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** True for the names and addresses of this machine, the one to listen on and those mapped into IPv6 included. */
export function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return isLoopbackHost(host) || host === "0.0.0.0" || (isIP(host) === 6 && host.startsWith("::ffff:7f"));
}

function isExcepted(url: URL, noProxy: string): boolean {
  const host = bare(url.hostname);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy.split(/[\s,]+/).some((entry) => entry !== "" && matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInNetwork(entry, host);
  const [, name = entry, wantedPort] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const pattern = bare(name);
  if (isIP(pattern) !== 0 || isIP(host) !== 0) return sameAddress(pattern, host);
  // `.example.com`, `*.example.com` and `example.com` mean the name and all below it, as in curl.
  const domain = pattern.replace(/^\*?\./, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function isInNetwork(entry: string, host: string): boolean {
  const [address = "", length = ""] = entry.split("/");
  const family = isIP(address);
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (family === 0 || isIP(host) !== family || !(bits <= (family === 4 ? 32 : 128))) return false;
  const network = new BlockList();
  network.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  return network.check(host, family === 4 ? "ipv4" : "ipv6");
}

/** Compares addresses and not their spellings: `::1` is `0:0:0:0:0:0:0:1`. */
function sameAddress(left: string, right: string): boolean {
  const family = isIP(left);
  if (family === 0 || family !== isIP(right)) return false;
  const list = new BlockList();
  list.addAddress(left, family === 4 ? "ipv4" : "ipv6");
  return list.check(right, family === 4 ? "ipv4" : "ipv6");
}

/** Lower case, without an IPv6 address's brackets and without the dot that ends a full name. */
function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

// How a URL is reached: plain or TLS, directly or through an HTTP proxy. One fresh connection for each call, because on a
// reused one a lost answer and a stale connection look the same. What goes over it is exchange.ts' business.

import { type ClientRequest, type RequestOptions, request as httpRequest } from "node:http";
import type { LookupFunction } from "node:net";
import { type HttpProxy, type ProxySettings, proxyFor } from "./proxy.ts";

export interface ConnectionSettings {
  readonly proxies?: ProxySettings;
  /** Name resolution; default: the system's. */
  readonly lookup?: LookupFunction;
  /** Certificate authorities in PEM, instead of Node's own list with NODE_EXTRA_CA_CERTS. */
  readonly ca?: string | readonly string[];
}

/** A way to the server, ready to be opened. */
export interface Way {
  /** Host and port of the HTTP proxy in between, or `null`. */
  readonly proxy: string | null;
  /**
   * Starts connecting; nothing is sent before the caller writes. `giveUp` ends an attempt that has no socket yet.
   * Throws what node:http throws for headers and paths that cannot be sent.
   */
  open(request: { method: string; headers: Readonly<Record<string, string>> }, giveUp: AbortSignal): ClientRequest;
}

/** Loads what this URL needs and no more. Throws `config-invalid` for a proxy address that cannot be used. */
export async function wayTo(url: URL, settings: ConnectionSettings): Promise<Way> {
  const proxy = settings.proxies ? proxyFor(url, settings.proxies) : null;
  const start = url.protocol === "https:" ? (await import("node:https")).request : httpRequest;
  const agentFor = proxy ? await proxyAgents(url, proxy) : null;
  const socketOptions = {
    // Happy eyeballs: Node's default since 20, but an application can switch the default off.
    autoSelectFamily: true,
    ...(settings.lookup ? { lookup: settings.lookup } : {}),
    ...(settings.ca === undefined ? {} : { ca: typeof settings.ca === "string" ? settings.ca : [...settings.ca] }),
  };
  return {
    proxy: proxy ? proxy.url.host : null,
    open({ method, headers }, giveUp) {
      const agent = agentFor ? agentFor({ ...socketOptions, signal: giveUp }) : false;
      const options: RequestOptions = { ...socketOptions, method, headers, agent };
      return start(url, options);
    },
  };
}

type AgentFactory = (options: {
  autoSelectFamily: boolean;
  signal: AbortSignal;
}) => NonNullable<RequestOptions["agent"]>;

// The agents log the proxy's address under DEBUG, so they never get to know the password: it goes as a header.
async function proxyAgents(url: URL, proxy: HttpProxy): Promise<AgentFactory> {
  const headers = proxy.authorization === null ? {} : { "Proxy-Authorization": proxy.authorization };
  if (url.protocol === "https:") {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    return (options) => new HttpsProxyAgent(proxy.url, { ...options, headers });
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  return (options) => new HttpProxyAgent(proxy.url, { ...options, headers });
}

// A download that cannot be turned inwards: every address is checked after the name was resolved, the connection goes to the
// checked address and no other, each redirect is a new address to check, and nothing of ours is sent along.

import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import type { Clock } from "../core/clock.ts";
import type { HttpHead } from "../core/http-call.ts";
import { isToolError, ToolError } from "../core/tool-error.ts";
import { type ProxySettings, proxyFor } from "../transport/proxy.ts";
import { createTransport, type Transport } from "../transport/send.ts";
import { checkUrl, hostOf } from "./check-url.ts";
import type { ReferencePolicy } from "./policy.ts";
import { isPublicAddress } from "./public-address.ts";
import { megabytes, refuse } from "./refuse.ts";

/** The network as a download sees it; tests hand in another one. */
export interface DownloadNetwork {
  /** All addresses of a name. */
  resolve(host: string): Promise<readonly string[]>;
  /** A way to send that connects to these addresses and looks nothing up. */
  open(addresses: readonly string[]): Pick<Transport, "send">;
}

export interface DownloadLimits {
  readonly policy: Pick<ReferencePolicy, "urls" | "hosts">;
  readonly maxBytes: number;
  /** Whole download, redirects and retries included. */
  readonly timeoutMs: number;
  readonly proxies?: ProxySettings;
  readonly signal?: AbortSignal;
}

const LATE = "did not arrive in time.";
const MOST_REDIRECTS = 3;
const MOST_TRIES = 3;
const PAUSE_MS = 500;
/** Statuses of a server that may answer otherwise in a moment. */
const MAY_PASS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 20_000;

/** The real network. */
export function systemNetwork(clock: Clock): DownloadNetwork {
  return {
    resolve: async (host) => (await systemLookup(host, { all: true })).map(({ address }) => address),
    open: (addresses) => createTransport({ clock, lookup: pinnedTo(addresses) }),
  };
}

/** Looks nothing up: whatever the name, these are the addresses. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, options, callback) => {
    if (options.all === true) callback(null, known);
    else callback(null, known[0]?.address ?? "", known[0]?.family);
  };
}

/**
 * @throws ToolError `reference-forbidden`, `reference-too-large`, `reference-unreadable` or `reference-download-failed`;
 * `interrupted` when the signal is aborted.
 */
export async function download(
  address: string,
  limits: DownloadLimits,
  network: DownloadNetwork,
  clock: Clock,
): Promise<Buffer> {
  const endsAt = clock.monotonic() + limits.timeoutMs;
  let url = checkUrl(address, limits.policy);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await fetchPatiently(url, limits, network, clock, endsAt);
    if (!REDIRECTS.has(answer.head.status)) return bodyOf(answer);
    if (redirects === MOST_REDIRECTS) {
      return refuse("reference-download-failed", `was redirected more than ${MOST_REDIRECTS} times.`);
    }
    url = followed(answer.head, url, limits);
  }
}

/** A download buys nothing: what may pass is tried again. */
async function fetchPatiently(
  url: URL,
  limits: DownloadLimits,
  network: DownloadNetwork,
  clock: Clock,
  endsAt: number,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const isLast = tries === MOST_TRIES;
    try {
      const answer = await fetchOnce(url, limits, network, clock, endsAt);
      if (isLast || !MAY_PASS.has(answer.head.status)) return answer;
    } catch (error) {
      if (isLast || !isToolError(error) || error.code !== "reference-download-failed") throw error;
    }
    const waitMs = PAUSE_MS * tries;
    if (clock.monotonic() + waitMs >= endsAt) return refuse("reference-download-failed", LATE);
    await clock.sleep(waitMs, limits.signal);
  }
}

interface Answer {
  readonly head: HttpHead;
  readonly body: Buffer;
}

async function fetchOnce(
  url: URL,
  limits: DownloadLimits,
  network: DownloadNetwork,
  clock: Clock,
  endsAt: number,
): Promise<Answer> {
  if (limits.proxies && proxyFor(url, limits.proxies) !== null) {
    return refuse(
      "reference-forbidden",
      "would go through an HTTP proxy, which looks names up by itself, so that the address cannot be checked.",
    );
  }
  const addresses = await addressesOf(url, network, clock, endsAt);
  const leftMs = endsAt - clock.monotonic();
  if (leftMs <= 0) return refuse("reference-download-failed", LATE);
  const chunks: Buffer[] = [];
  let head: HttpHead = { status: 0, headers: {} };
  try {
    await network.open(addresses).send(
      // Nothing else: no cookies, no credentials, no page that it came from.
      {
        method: "GET",
        url: url.href,
        headers: { accept: "image/*, text/plain;q=0.9, */*;q=0.5", "user-agent": "image-gen" },
        body: null,
      },
      {
        deadlines: {
          connectMs: Math.min(CONNECT_TIMEOUT_MS, leftMs),
          totalMs: leftMs,
          idleMs: Math.min(IDLE_TIMEOUT_MS, leftMs),
        },
        paid: false,
        maxBytes: limits.maxBytes,
        ...(limits.signal ? { signal: limits.signal } : {}),
        onHead(seen) {
          head = seen;
          const announced = Number(seen.headers["content-length"] ?? 0);
          if (seen.status === 200 && announced > limits.maxBytes) tooLarge(limits, announced);
          return (chunk) => void chunks.push(chunk);
        },
      },
    );
  } catch (error) {
    throw asDownloadFault(error, limits);
  }
  return { head, body: Buffer.concat(chunks) };
}

/** @throws ToolError when one of them is not public: a name that has both kinds is a trap. */
export async function addressesOf(
  url: URL,
  network: DownloadNetwork,
  clock: Clock,
  endsAt: number,
): Promise<readonly string[]> {
  const host = hostOf(url);
  if (isIP(host) !== 0) return [host];
  const known = new AbortController();
  const tooLate = clock.sleep(Math.max(0, endsAt - clock.monotonic()), known.signal).then(
    () => null,
    () => null,
  );
  let addresses: readonly string[] | null;
  try {
    addresses = await Promise.race([network.resolve(host), tooLate]);
  } catch {
    return refuse("reference-download-failed", `cannot be downloaded: the name ${host} is not known.`);
  } finally {
    known.abort();
  }
  if (addresses === null) return refuse("reference-download-failed", LATE);
  if (addresses.length === 0) {
    return refuse("reference-download-failed", `cannot be downloaded: the name ${host} has no address.`);
  }
  if (!addresses.every(isPublicAddress)) {
    return refuse("reference-forbidden", `leads to this machine or to an inner network: ${host} has an address there.`);
  }
  return addresses;
}

function followed(head: HttpHead, from: URL, { policy }: DownloadLimits): URL {
  const location = head.headers["location"] ?? "";
  if (location === "" || !URL.canParse(location, from.href)) {
    return refuse("reference-download-failed", "was redirected to nowhere.");
  }
  try {
    return checkUrl(new URL(location, from.href).href, policy);
  } catch (error) {
    if (!isToolError(error)) throw error;
    // Where to is the server's word and may hold anything: only its host is shown.
    throw new ToolError(error.code, { message: `was redirected to an address that ${error.message}` });
  }
}

function bodyOf({ head, body }: Answer): Buffer {
  if (head.status !== 200) {
    return refuse("reference-download-failed", `was not given: the server answered with status ${head.status}.`);
  }
  return body.byteLength === 0 ? refuse("reference-unreadable", "is empty.") : body;
}

function tooLarge({ maxBytes }: DownloadLimits, bytes: number): never {
  const has = bytes > 0 ? `has ${megabytes(bytes)}` : "has more";
  return refuse("reference-too-large", `${has}; at most ${megabytes(maxBytes)} are downloaded.`);
}

function asDownloadFault(error: unknown, limits: DownloadLimits): unknown {
  if (!isToolError(error) || error.code.startsWith("reference-")) return error;
  if (error.code === "interrupted" || error.code === "terminated") return error;
  if (error.code === "answer-too-large") {
    return new ToolError("reference-too-large", {
      message: `has more than ${megabytes(limits.maxBytes)}, the most that is downloaded.`,
    });
  }
  return new ToolError("reference-download-failed", { message: `could not be downloaded: ${error.message}` });
}

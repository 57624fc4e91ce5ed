// Which of Google's services a request is for: by host prefix (`/<host>/…`) or, at the root, by the shape of the path.
// Leaves the credentials to credentials.ts; only the root's `/v1beta/models` is undecided here and says so.

/** The services that the emulator plays. */
export type Service =
  | "generativelanguage"
  | "aiplatform"
  | "cloudcode-pa"
  | "cliproxyapi"
  | "oauth2"
  | "sts"
  | "iamcredentials"
  | "metadata"
  | "emulator";

/** Where a request goes. */
export interface Route {
  /** Null: no service of this emulator has such a path. "ambiguous": Gemini API or CLIProxyAPI, told by the credential. */
  readonly service: Service | "ambiguous" | null;
  /** The prefix that named the service, such as "us-central1-aiplatform.googleapis.com"; null at the root. */
  readonly host: string | null;
  /** The location that the aiplatform host stands for: "global", "us", "us-central1"; null when the host does not tell. */
  readonly hostLocation: string | null;
  /** The path after the prefix, with its leading slash, still percent-encoded. */
  readonly path: string;
}

const plainHosts: Readonly<Record<string, Service>> = {
  "generativelanguage.googleapis.com": "generativelanguage",
  "cloudcode-pa.googleapis.com": "cloudcode-pa",
  "daily-cloudcode-pa.googleapis.com": "cloudcode-pa",
  "oauth2.googleapis.com": "oauth2",
  "www.googleapis.com": "oauth2",
  "sts.googleapis.com": "sts",
  "iamcredentials.googleapis.com": "iamcredentials",
  "metadata.google.internal": "metadata",
  "169.254.169.254": "metadata",
  metadata: "metadata",
  cliproxyapi: "cliproxyapi",
  emulator: "emulator",
};

/** Locations whose regional aiplatform host exists. Others fail in DNS at Google's; here they are unknown hosts. */
const regionPattern = /^(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-[a-z]+\d{1,2}$/;

/** Finds the service of a URL path (without the query). */
export function resolveRoute(path: string): Route {
  const prefixed = byHost(path);
  if (prefixed !== null) return prefixed;
  const service = byPath(path);
  return { service, host: null, hostLocation: null, path };
}

function byHost(path: string): Route | null {
  const end = path.indexOf("/", 1);
  const host = (end === -1 ? path.slice(1) : path.slice(1, end)).toLowerCase();
  const rest = end === -1 ? "/" : path.slice(end);
  if (host === "emulator") return { service: "emulator", host, hostLocation: null, path: rest };
  const service = Object.hasOwn(plainHosts, host) ? plainHosts[host] : undefined;
  if (service !== undefined) return { service, host, hostLocation: null, path: rest };
  const hostLocation = aiplatformLocation(host);
  if (hostLocation !== null) return { service: "aiplatform", host, hostLocation, path: rest };
  return host.endsWith(".googleapis.com") ? { service: null, host, hostLocation: null, path: rest } : null;
}

function aiplatformLocation(host: string): string | null {
  if (host === "aiplatform.googleapis.com") return "global";
  const multiRegion = /^aiplatform\.(us|eu)\.rep\.googleapis\.com$/.exec(host)?.[1];
  if (multiRegion !== undefined) return multiRegion;
  const region = /^([a-z0-9-]+)-aiplatform\.googleapis\.com$/.exec(host)?.[1];
  return region !== undefined && regionPattern.test(region) ? region : null;
}

function byPath(path: string): Route["service"] {
  if (path === "/" || path === "/healthz") return "cliproxyapi";
  if (path.startsWith("/computeMetadata/")) return "metadata";
  if (path === "/token" || path === "/oauth2/v4/token") return "oauth2";
  if (path === "/v1/token") return "sts";
  if (/^\/v1\/projects\/[^/]+\/serviceAccounts\//.test(path)) return "iamcredentials";
  if (/^\/v1(?:beta1)?\/(?:projects|publishers)\//.test(path)) return "aiplatform";
  if (/^\/v1internal[:/]/.test(path)) return "cloudcode-pa";
  if (/^\/v1\/(?:chat\/completions|images\/|messages|responses)/.test(path) || path.startsWith("/v0/"))
    return "cliproxyapi";
  if (/^\/v1(?:beta|alpha)?\/models(?:\/|$)/.test(path)) return "ambiguous";
  if (/^(?:\/upload)?\/v1(?:beta|alpha)?\//.test(path)) return "generativelanguage";
  return null;
}

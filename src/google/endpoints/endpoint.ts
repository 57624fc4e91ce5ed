// Endpoint: what is known of a service that makes pictures: its hosts, paths, envelope and the credentials it takes.
// One file per endpoint fills this in. Bodies are google/wire's business, headers with credentials google/auth's.

import type { ClipWire } from "../../core/clip.ts";
import type { AuthMethod, EndpointName } from "../../core/route.ts";

/** Options of a request that some endpoints take and others refuse or ignore. */
export interface EndpointSupport {
  /** `serviceTier`. */
  readonly tier: boolean;
  /** `imageConfig.personGeneration`. */
  readonly personGeneration: boolean;
  /** The Google Search tool. */
  readonly search: boolean;
  readonly thinking: boolean;
  readonly seed: boolean;
  readonly temperature: boolean;
  readonly system: boolean;
}

/** Where one request goes. */
export interface EndpointTarget {
  /** Scheme, host, port and path prefix, without a trailing slash. */
  readonly baseUrl: string;
  readonly auth: AuthMethod;
  /** The model's id; a leading `models/` is left out of the path. */
  readonly model: string;
  readonly projectId: string | null;
  /** `null` stands for `global`. */
  readonly location: string | null;
}

/** Where pictures can be kept for a request that is too large to hold them. */
export interface FileStore {
  readonly mostBytesPerFile: number;
  /** Of all files that a project has there at the same time. */
  readonly mostBytesInAll: number;
  /** The URL that an upload is announced at. */
  uploadUrl(target: Pick<EndpointTarget, "baseUrl">): string;
  /** The URL of one file, `files/abc`. */
  fileUrl(target: Pick<EndpointTarget, "baseUrl">, name: string): string;
}

/** How a long-running operation is begun and asked for. The name of an operation is the provider's word. */
export interface LongRunning {
  /** The URL that starts one. Throws ToolError `project-missing` like `generateUrl`. */
  startUrl(target: EndpointTarget): string;
  /** The request that asks for it; `null` for a name that is none of this target's. */
  pollRequest(
    target: EndpointTarget,
    name: string,
  ): { method: "GET" | "POST"; url: string; body: object | null } | null;
}

export interface Endpoint {
  readonly name: EndpointName;
  /** For people: `Vertex AI`. */
  readonly label: string;
  /** Ways of signing in that the endpoint takes; the first is the usual one. */
  readonly acceptedAuth: readonly AuthMethod[];
  /** The answer comes as server-sent events. */
  readonly streams: boolean;
  /** Request and answer are wrapped as Code Assist does it: `{model, project, request}` and `{response}`. */
  readonly enveloped: boolean;
  /** Google bills each call. False: a subscription pays, the list price is only information. */
  readonly metered: boolean;
  readonly takesLocation: boolean;
  /** The endpoint tells the account's own project when asked: see load-code-assist.ts. */
  readonly discoversProject: boolean;
  /** A Google Cloud project must be known before anything is sent. */
  needsProject(auth: AuthMethod): boolean;
  /** Environment variable that names another base URL. */
  readonly baseUrlVariable: string;
  /** `location` `null` stands for `global`; it must have passed {@link checkLocation}. */
  defaultBaseUrl(location: string | null): string;
  readonly supports: EndpointSupport;
  /** Largest request body, references in base64 included. */
  readonly inlineRequestLimitBytes: number;
  /** For reference pictures of larger requests; `null` where there is none and such a request is refused. */
  readonly files: FileStore | null;
  /** What the provider's terms mean for the user; `null` where using the endpoint so is what it is made for. */
  readonly termsWarning: string | null;
  /** The URL that a picture is asked from. Throws ToolError `project-missing` when it needs a project and has none. */
  generateUrl(target: EndpointTarget): string;
  /** The URL that an Imagen picture is asked from; `null` where the endpoint has none for this way of signing in. Throws as `generateUrl`. */
  predictUrl(target: EndpointTarget): string | null;
  /** Imagen pictures can be asked from it, signed in so. */
  takesPredict(auth: AuthMethod): boolean;
  /** For video models, by how they are ordered; absent where the endpoint has none. */
  readonly longRunning: Readonly<Partial<Record<ClipWire, LongRunning>>>;
  /** The URL that counts tokens: the free way to see that credential, project and model go together. */
  countTokensUrl(target: EndpointTarget): string;
  /** The URL that lists models, or `null` when there is none for this way of signing in. */
  modelsUrl(target: Pick<EndpointTarget, "baseUrl" | "auth">): string | null;
}

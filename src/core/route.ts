// Route: by which credential and over which endpoint a request travels. The words only; what each endpoint does is google/endpoints' business.

/** How the caller proves who they are. The order is the order of help texts. */
export const authMethods = ["proxy", "api-key", "vertex-key", "oauth", "adc", "service-account"] as const;
export type AuthMethod = (typeof authMethods)[number];

/** Who serves the request. */
export const endpointNames = ["cliproxyapi", "generativelanguage", "aiplatform", "cloudcode-pa"] as const;
export type EndpointName = (typeof endpointNames)[number];

/** The way of one request, decided before anything is sent. Holds nothing secret. */
export interface Route {
  readonly auth: AuthMethod;
  readonly endpoint: EndpointName;
  /** Scheme, host, port and path prefix, without a trailing slash: `https://aiplatform.googleapis.com`. */
  readonly baseUrl: string;
  /** The id that goes on the wire. */
  readonly model: string;
  /** What the caller asked for when that was an alias or a default that the route lacks; otherwise equal to `model`. */
  readonly requestedModel: string;
  /** Google Cloud project; only where the endpoint wants one. */
  readonly projectId: string | null;
  /** `global`, a region such as `europe-west4`, or the multi-regions `us` and `eu`; only on aiplatform. */
  readonly location: string | null;
}

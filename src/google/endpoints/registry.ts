// The list of endpoints: by name, and the one that goes with each way of signing in.

import type { AuthMethod, EndpointName } from "../../core/route.ts";
import { aiplatform } from "./aiplatform.ts";
import { cliproxyapi } from "./cliproxyapi.ts";
import { cloudcodePa } from "./cloudcode-pa.ts";
import type { Endpoint } from "./endpoint.ts";
import { generativelanguage } from "./generativelanguage.ts";

const endpoints: Readonly<Record<EndpointName, Endpoint>> = {
  cliproxyapi,
  generativelanguage,
  aiplatform,
  "cloudcode-pa": cloudcodePa,
};

const usualEndpoint: Readonly<Record<AuthMethod, EndpointName>> = {
  proxy: "cliproxyapi",
  "api-key": "generativelanguage",
  "vertex-key": "aiplatform",
  oauth: "aiplatform",
  adc: "aiplatform",
  "service-account": "aiplatform",
};

export function endpointFor(name: EndpointName): Endpoint {
  return endpoints[name];
}

/** The endpoint that is taken when the caller names none. */
export function defaultEndpointFor(auth: AuthMethod): Endpoint {
  return endpoints[usualEndpoint[auth]];
}

/** All endpoints, in the order of help texts. */
export function listEndpoints(): readonly Endpoint[] {
  return Object.values(endpoints);
}

// The connection: endpoint, credential, project and location found and checked, before a plan can name them.
// Offline first: everything that needs the network (the proxy's models, the account's project) comes in a second step.

import type { SendSmall } from "../core/http-call.ts";
import type { Route } from "../core/route.ts";
import type { Secret } from "../core/secret.ts";
import type { Problem } from "../core/tool-error.ts";
import { checkBaseUrl } from "../google/endpoints/check-base-url.ts";
import { checkLocation } from "../google/endpoints/check-location.ts";
import { checkRoute, chooseLocation } from "../google/endpoints/check-route.ts";
import { discoverProxyModels } from "../google/endpoints/discover-proxy-models.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import { loadCodeAssistProject } from "../google/endpoints/load-code-assist.ts";
import { defaultEndpointFor, endpointFor } from "../google/endpoints/registry.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import type { ImageGenOptions } from "./options.ts";

/** A route without its model. */
export type Way = Omit<Route, "model" | "requestedModel">;

export interface ChosenWay {
  readonly endpoint: Endpoint;
  readonly way: Way;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Endpoint, base URL, project and location from the options alone. `projectId` stays `null` when only the credential knows it.
 *
 * @param usualLocation of the model, where nobody asks for another. A base URL of the caller's own has its own idea of places
 * and keeps `global`. Default: `global`.
 */
export function chooseWay(
  options: ImageGenOptions,
  credentialProject: string | null,
  usualLocation: string | null = null,
): ChosenWay {
  const endpoint = options.endpoint === undefined ? defaultEndpointFor(options.auth) : endpointFor(options.endpoint);
  const asked = options.location ?? null;
  const ownHost = options.rehearsal !== undefined || options.baseUrls?.[endpoint.name] === undefined;
  const usual = ownHost && endpoint.takesLocation ? usualLocation : null;
  const { location, warning } = chooseLocation(endpoint, options.auth, asked ?? usual);
  const projectId = options.projectId ?? credentialProject;
  const override = options.rehearsal
    ? rehearsalUrl(endpoint, location, options.rehearsal.url)
    : options.baseUrls?.[endpoint.name];
  const base =
    override === undefined
      ? { baseUrl: endpoint.defaultBaseUrl(location), problems: [], warnings: [] }
      : checkBaseUrl(override, endpoint);
  const problems = [...checkRoute({ endpoint, auth: options.auth, projectId, location: asked }), ...base.problems];
  return {
    endpoint,
    way: { auth: options.auth, endpoint: endpoint.name, baseUrl: base.baseUrl, projectId, location },
    problems,
    warnings: [...base.warnings, ...(warning === null ? [] : [warning])],
  };
}

/** Where the wanted model is found on Vertex AI; `null`: where the others are. */
export function usualLocationOf(model: string | undefined, catalogue: Catalogue): string | null {
  return model === undefined ? null : (catalogue.find(model)?.model.usualLocation ?? null);
}

/** The emulator serves each of Google's hosts below a path with the host's name. */
function rehearsalUrl(endpoint: Endpoint, location: string | null, emulatorUrl: string): string {
  // A location that cannot be one is a problem of its own and must not become a host name.
  const usable = location !== null && checkLocation(location).length === 0 ? location : null;
  const host = endpoint.name === "cliproxyapi" ? endpoint.name : new URL(endpoint.defaultBaseUrl(usable)).host;
  return `${emulatorUrl}/${host}`;
}

/** What only the network knows: ids of the route's image models, or `null` when it has no list that must be asked. */
export async function discoverModels(
  endpoint: Endpoint,
  way: Way,
  headers: Readonly<Record<string, string>>,
  send: SendSmall,
): Promise<readonly string[] | null> {
  if (endpoint.name !== "cliproxyapi") return null;
  return await discoverProxyModels({ baseUrl: way.baseUrl, headers, send });
}

/** The account's own project where the endpoint tells it and the caller has not. */
export async function discoverProject(
  endpoint: Endpoint,
  way: Way,
  headers: Readonly<Record<string, string>>,
  send: SendSmall,
  secrets: readonly Secret[],
): Promise<Way> {
  if (!endpoint.discoversProject || way.projectId !== null) return way;
  return { ...way, projectId: await loadCodeAssistProject({ baseUrl: way.baseUrl, headers, send, secrets }) };
}

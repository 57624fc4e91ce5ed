// The way of a request checked as a whole: does the credential go with the endpoint, are project and location right,
// and which location it is in the end.

import type { AuthMethod } from "../../core/route.ts";
import type { Problem } from "../../core/tool-error.ts";
import { checkLocation } from "./check-location.ts";
import { checkProject } from "./check-project.ts";
import type { Endpoint } from "./endpoint.ts";
import { listEndpoints } from "./registry.ts";

export interface RouteChoice {
  readonly endpoint: Endpoint;
  readonly auth: AuthMethod;
  readonly projectId: string | null;
  /** What the caller asked for; `null` when nothing was asked. */
  readonly location: string | null;
}

/**
 * All mistakes in the choice of endpoint, credential, project and location:
 * `auth-not-on-endpoint`, `project-missing`, `value-not-allowed`. A location that the route has no use for is no mistake,
 * because it may come from the environment: see {@link chooseLocation}.
 */
export function checkRoute({ endpoint, auth, projectId, location }: RouteChoice): Problem[] {
  const problems: Problem[] = [];
  if (!endpoint.acceptedAuth.includes(auth)) {
    const others = listEndpoints().filter((other) => other.acceptedAuth.includes(auth));
    problems.push({
      code: "auth-not-on-endpoint",
      field: "--endpoint",
      message: `${endpoint.label} does not take --auth ${auth}; it takes ${endpoint.acceptedAuth.join(", ")}.`,
      given: endpoint.name,
      allowed: others.map((other) => other.name),
    });
  }
  if (projectId !== null) problems.push(...checkProject(projectId, endpoint));
  else if (endpoint.needsProject(auth) && !endpoint.discoversProject) {
    problems.push({
      code: "project-missing",
      field: "--project-id",
      message: `${endpoint.label} bills a Google Cloud project, and none is known.`,
    });
  }
  if (location !== null && usesLocation(endpoint, auth)) problems.push(...checkLocation(location));
  return problems;
}

/** The location of the route, `global` by default, or `null` where it has none; with a warning when the asked one is left out. */
export function chooseLocation(
  endpoint: Endpoint,
  auth: AuthMethod,
  asked: string | null,
): { readonly location: string | null; readonly warning: string | null } {
  if (usesLocation(endpoint, auth)) return { location: asked ?? "global", warning: null };
  const ignored = asked !== null && asked !== "global";
  const who = endpoint.takesLocation ? `${endpoint.label} with an express key` : endpoint.label;
  return { location: null, warning: ignored ? `${who} has no locations: ${asked} is not used.` : null };
}

/** Express keys work on the global host alone: google-apis facts §1.1. */
function usesLocation(endpoint: Endpoint, auth: AuthMethod): boolean {
  return endpoint.takesLocation && auth !== "vertex-key";
}

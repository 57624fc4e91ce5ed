// Google Cloud project ids: what may stand in a path or an envelope. Whether the project exists only Google knows.

import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "./endpoint.ts";

// Looser than Google's rule for new ids (6 to 30 lower-case letters, digits and hyphens): old and domain-scoped ids differ.
const PROJECT_ID = /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,99}$/;

/** Problem `value-not-allowed` for an id that cannot be one, and for a project number where Code Assist wants the id. */
export function checkProject(projectId: string, endpoint: Endpoint, field = "--project-id"): Problem[] {
  if (!PROJECT_ID.test(projectId)) {
    return [
      {
        code: "value-not-allowed",
        field,
        message: `${JSON.stringify(projectId.slice(0, 100))} is not a Google Cloud project id.`,
        given: projectId.slice(0, 100),
        allowed: ["letters, digits and hyphens, such as my-project-123"],
      },
    ];
  }
  // Google's own client refuses numbers before sending: cliproxyapi facts §7, 2026-08-21.
  if (endpoint.enveloped && /^\d+$/.test(projectId)) {
    return [
      {
        code: "value-not-allowed",
        field,
        message: `${endpoint.label} wants the project's id, not its number.`,
        given: projectId,
        allowed: ["a project id such as my-project-123"],
      },
    ];
  }
  return [];
}

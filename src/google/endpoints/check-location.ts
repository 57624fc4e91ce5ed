// Locations of Vertex AI: what a name must look like before it becomes part of a host name.

import type { Problem } from "../../core/tool-error.ts";

const LOCATION = /^(?:global|us|eu|[a-z]+-[a-z]+\d{1,2})$/;

/** Problem `value-not-allowed` unless it is `global`, `us`, `eu` or shaped like a region (`europe-west4`). */
export function checkLocation(location: string, field = "--location"): Problem[] {
  if (LOCATION.test(location)) return [];
  const suggestion = likelyLocation(location);
  return [
    {
      code: "value-not-allowed",
      field,
      message: `${JSON.stringify(location)} is not a location of Vertex AI.`,
      given: location,
      allowed: ["global", "us", "eu", "a region such as europe-west4"],
      ...(suggestion === null ? {} : { suggestion }),
    },
  ];
}

/** The location meant by other spelling, or by a zone (`us-central1-a`). */
function likelyLocation(given: string): string | null {
  const plain = given.trim().toLowerCase().replaceAll("_", "-");
  const region = /^([a-z]+-[a-z]+\d{1,2})-[a-z]$/.exec(plain)?.[1] ?? plain;
  return LOCATION.test(region) ? region : null;
}

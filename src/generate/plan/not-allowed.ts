// A value that the model does not take, as its user is told.

import type { Problem } from "../../core/tool-error.ts";

/** `suggestion`: the nearest value that is allowed, where there is one. */
export function notAllowed(
  field: string,
  given: unknown,
  allowed: readonly string[],
  suggestion?: string | number,
): Problem {
  return {
    code: "value-not-allowed",
    field,
    message: `${field} cannot be ${String(given)}.`,
    given: String(given),
    allowed,
    ...(suggestion === undefined ? {} : { suggestion: String(suggestion) }),
  };
}

// What all readers of the user's models file share: an object of unknown fields, and a mistake in it.

import type { Problem } from "../../core/tool-error.ts";

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A mistake at a place of the file such as `models[0].asOf`. */
export function wrong(field: string, message: string): Problem {
  return { code: "config-invalid", field, message };
}

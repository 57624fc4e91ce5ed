// Reading parsed JSON from outside without trusting its shape: each function answers "is it this kind of value?"
// and gives nothing when it is not. What the values mean is the readers' business.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field, only when the object has it itself: a key such as `constructor` or `__proto__` is never inherited. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string, or `null`. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The parsed text, or `undefined` when it is not JSON. Very deep nesting makes the parser throw a RangeError: also not JSON for us. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

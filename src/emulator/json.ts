// JSON as values: the types that the emulator's rooms hand to each other, and the two guards they need.
// Leaves what the values mean to the schema and the services.

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Parses a text. Throws a SyntaxError when it is no JSON. */
export function parseJson(text: string): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON by its definition
  return JSON.parse(text) as Json;
}

/** A readonly value as the JSON document that it would be sent as. */
export function asJson(value: unknown): Json {
  return parseJson(JSON.stringify(value));
}

/** Marks a branch that no value can reach; the compiler refuses it when one can. */
export function unreachable(value: never): never {
  throw new Error(`no such case: ${String(value)}`);
}

/** True for a JSON object, false for null and lists. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of `key` when the object itself has it (never something inherited). */
export function ownValue(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The object at `key`, or an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = ownValue(object, key);
  return isJsonObject(value) ? value : {};
}

/** The list at `key`, or an empty one. */
export function listAt(object: JsonObject, key: string): Json[] {
  const value = ownValue(object, key);
  return Array.isArray(value) ? value : [];
}

/** The text at `key`, or null. */
export function textAt(object: JsonObject, key: string): string | null {
  const value = ownValue(object, key);
  return typeof value === "string" ? value : null;
}

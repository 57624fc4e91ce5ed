// Reads a JSON document by a message description, as Google's proto JSON parser does: camelCase and snake_case names, unknown
// names refused, wrong kinds refused, in Google's words. Leaves which fields there are to generate-content-schema.ts.

import { badRequest, refuse } from "../google-error.ts";
import { isJsonObject, type Json, type JsonObject, unreachable } from "../json.ts";
import type { Backend } from "../model-table.ts";

/** The kind of one field's value. */
export type FieldKind =
  | "string"
  | "bool"
  | "int32"
  | "int64"
  | "float"
  | "bytes"
  | "any"
  | { readonly enumName: string; readonly values: readonly string[] }
  | { readonly mapOf: "string" }
  | MessageDescription;

/** One field of a message. */
export interface FieldDescription {
  readonly kind: FieldKind;
  readonly repeated?: boolean;
  /** Back ends that know the field; all when absent. */
  readonly only?: readonly Backend[];
  /** Fields of one message that share a group exclude each other. */
  readonly oneof?: string;
}

/** A message: its full proto name and its fields by snake_case name. */
export interface MessageDescription {
  readonly messageName: string;
  readonly fields: Readonly<Record<string, FieldDescription>>;
}

interface Violation {
  readonly field?: string;
  readonly description: string;
}

/**
 * The document with every known field under its camelCase name.
 * Stops the request with 400 INVALID_ARGUMENT and one field violation per finding.
 */
export function readMessage(document: Json, description: MessageDescription, backend: Backend): JsonObject {
  const reader = new Reader(backend);
  if (!isJsonObject(document)) {
    return refuse({
      code: 400,
      message: 'Invalid JSON payload received. Unknown name "": Root element must be a message.',
    });
  }
  const message = reader.message(document, description, "");
  if (reader.violations.length > 0) {
    refuse({
      code: 400,
      message: reader.violations.map((violation) => violation.description).join("\n"),
      details: [badRequest(reader.violations)],
    });
  }
  return message;
}

/** `aspect_ratio` → `aspectRatio`. */
function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

class Reader {
  readonly violations: Violation[] = [];
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  message(value: JsonObject, description: MessageDescription, path: string): JsonObject {
    const result: JsonObject = {};
    const groups = new Map<string, string>();
    for (const [name, given] of Object.entries(value)) {
      const found = this.#field(description, name);
      if (found === undefined) {
        this.#unknown(name, path, "Cannot find field.");
        continue;
      }
      if (given === null) continue;
      const [fieldName, field] = found;
      if (field.oneof !== undefined) {
        const before = groups.get(field.oneof);
        if (before !== undefined && before !== fieldName) {
          this.#invalid(
            path,
            "oneof",
            `oneof field '${field.oneof}' is already set. Cannot set '${toCamelCase(fieldName)}'`,
          );
          continue;
        }
        groups.set(field.oneof, fieldName);
      }
      const read = this.#value(given, field, path === "" ? fieldName : `${path}.${fieldName}`, name, path);
      if (read !== undefined) result[toCamelCase(fieldName)] = read;
    }
    return result;
  }

  #field(description: MessageDescription, name: string): [string, FieldDescription] | undefined {
    for (const [fieldName, field] of Object.entries(description.fields)) {
      if (fieldName !== name && toCamelCase(fieldName) !== name) continue;
      return field.only === undefined || field.only.includes(this.#backend) ? [fieldName, field] : undefined;
    }
    return undefined;
  }

  #value(given: Json, field: FieldDescription, path: string, name: string, parent: string): Json | undefined {
    if (field.repeated === true) {
      // Google's parser takes a lone value for a list of one.
      const list = Array.isArray(given) ? given : [given];
      const read = list.map((item, index) => this.#single(item, field.kind, `${path}[${index}]`));
      return read.filter((item): item is Json => item !== undefined);
    }
    if (Array.isArray(given) && field.kind !== "any") {
      this.#unknown(name, parent, "Proto field is not repeating, cannot start list.");
      return undefined;
    }
    return this.#single(given, field.kind, path);
  }

  #single(given: Json, kind: FieldKind, path: string): Json | undefined {
    if (kind === "any") return given;
    if (typeof kind === "string") return this.#scalar(given, kind, path);
    if ("messageName" in kind) {
      if (isJsonObject(given)) return this.message(given, kind, path);
      return this.#invalid(path, `type.googleapis.com/${kind.messageName}`, JSON.stringify(given));
    }
    if ("mapOf" in kind) {
      if (isJsonObject(given) && Object.values(given).every((value) => typeof value === "string")) return given;
      return this.#invalid(path, "Map", JSON.stringify(given).slice(0, 100));
    }
    // Names of enum values are read without regard to case (`"Image"` stands in Google's own early samples).
    const named =
      typeof given === "string" ? kind.values.find((value) => value.toLowerCase() === given.toLowerCase()) : undefined;
    if (named !== undefined) return named;
    if (typeof given === "number" && kind.values[given] !== undefined) return kind.values[given];
    return this.#invalid(path, `type.googleapis.com/${kind.enumName}`, JSON.stringify(given).slice(0, 100));
  }

  #scalar(
    given: Json,
    kind: "string" | "bool" | "int32" | "int64" | "float" | "bytes",
    path: string,
  ): Json | undefined {
    const shown = (): string => JSON.stringify(given).slice(0, 100);
    switch (kind) {
      case "string":
        return typeof given === "string" ? given : this.#invalid(path, "TYPE_STRING", shown());
      case "bool":
        return typeof given === "boolean" ? given : this.#invalid(path, "TYPE_BOOL", shown());
      case "float": {
        const number = asNumber(given);
        return number === null ? this.#invalid(path, "TYPE_FLOAT", shown()) : number;
      }
      case "int32":
      case "int64": {
        const number = asNumber(given);
        const limit = kind === "int32" ? 2 ** 31 : 2 ** 63;
        const fits = number !== null && Number.isInteger(number) && number >= -limit && number < limit;
        return fits ? number : this.#invalid(path, kind === "int32" ? "TYPE_INT32" : "TYPE_INT64", shown());
      }
      case "bytes":
        if (typeof given === "string" && isBase64(given)) return given;
        return this.#invalid(path, "TYPE_BYTES", `Base64 decoding failed for ${shown()}`);
    }
    return unreachable(kind);
  }

  #unknown(name: string, path: string, why: string): void {
    const at = path === "" ? "" : ` at '${path}'`;
    const description = `Invalid JSON payload received. Unknown name "${name}"${at}: ${why}`;
    this.violations.push(path === "" ? { description } : { field: path, description });
  }

  #invalid(path: string, type: string, shown: string): undefined {
    this.violations.push({ field: path, description: `Invalid value at '${path}' (${type}), ${shown}` });
  }
}

function asNumber(given: Json): number | null {
  if (typeof given === "number") return given;
  if (typeof given !== "string" || !/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(given)) return null;
  return Number(given);
}

/** True for standard or URL-safe base64, with or without its padding. */
export function isBase64(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return false;
  const digits = text.endsWith("==") ? text.length - 2 : text.endsWith("=") ? text.length - 1 : text.length;
  return digits % 4 !== 1 && (digits === text.length || text.length % 4 === 0);
}

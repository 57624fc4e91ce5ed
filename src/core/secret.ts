// Secret: a value that no log, JSON or error can show by accident. Only google/auth reads the text;
// the redactor learns it so that an echo from the outside is masked too.

const BRAND = Symbol.for("image-gen.secret");

/** Text that prints as `[secret]` however it is turned into a string. */
export class Secret {
  readonly [BRAND] = true;
  readonly #text: string;
  /** Where it came from, for people: `CLIPROXYAPI_KEY`, `--api-key`. */
  readonly source: string;

  constructor(text: string, source: string) {
    this.#text = text;
    this.source = source;
  }

  /** The text itself. Allowed in google/auth and in the redactor only; an import rule cannot see this, a test greps for it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

/** By brand and not by `instanceof`: each built command has a copy of this file. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && BRAND in value;
}

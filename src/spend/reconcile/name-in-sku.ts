// Which model a SKU is about: SKUs are sentences such as "Gemini 3 Pro Image output tokens", and the longest name of a
// model that stands in one is meant.

export interface NamedModel {
  readonly id: string;
  /** Other names: label, aliases. */
  readonly names: readonly string[];
}

/** A function from the text of a SKU to the id of a model, `null` when it names none. */
export function modelFinder(models: readonly NamedModel[]): (sku: string) => string | null {
  const known = models
    .flatMap(({ id, names }) => [id, ...names].map((name) => ({ id, name: asWords(name) })))
    .filter(({ name }) => name.trim() !== "")
    .toSorted((one, other) => other.name.length - one.name.length);
  return (sku) => {
    const text = asWords(sku);
    return known.find(({ name }) => text.includes(name))?.id ?? null;
  };
}

/** Words and numbers between single blanks, one at each end too: ` gemini 3 pro image `. */
function asWords(text: string): string {
  return ` ${
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(" ") ?? ""
  } `;
}

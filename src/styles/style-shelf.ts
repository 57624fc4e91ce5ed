// Where styles are: the user's own folder first, then those that come with the package, or a file that is named outright.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { nearest } from "../core/nearest.ts";
import { plainText } from "../core/redaction.ts";
import type { Problem } from "../core/tool-error.ts";
import { parseStyle } from "./parse-style.ts";
import type { Style } from "./style.ts";

const ENDING = ".md";
/** A prompt is not longer than this anywhere. */
const LONGEST_FILE = 256 * 1024;

export interface ShelfPlaces {
  /** Absolute; `null`: the user has none. */
  readonly ownFolder: string | null;
  /** Where relative file names begin; absolute. */
  readonly workingDirectory: string;
}

export interface ShelvedStyle {
  readonly name: string;
  readonly origin: "own" | "built-in" | "file";
  /** Absolute. */
  readonly path: string;
}

/** All styles by name, the user's own in front of one of the package's with the same name. */
export function listStyles({ ownFolder }: ShelfPlaces): ShelvedStyle[] {
  const own = ownFolder === null ? [] : stylesIn(ownFolder, "own");
  const builtIn = stylesIn(builtInFolder(), "built-in").filter(({ name }) => !own.some((other) => other.name === name));
  return [...own, ...builtIn].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A name, or a file where it has a folder in it or ends in `.md`. Mistakes go to `problems`, and `null` comes back. */
export function openStyle(wish: string, places: ShelfPlaces, problems: Problem[]): Style | null {
  const found = findStyle(wish, places, problems);
  if (found === null) return null;
  let text: string;
  try {
    if (!statSync(found.path).isFile()) throw new Error("it is no ordinary file");
    if (statSync(found.path).size > LONGEST_FILE) throw new Error(`it has more than ${LONGEST_FILE} bytes`);
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(found.path));
  } catch (error) {
    problems.push({
      code: "style-invalid",
      field: "--style",
      message: `The style ${plainText(found.path)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      given: wish,
    });
    return null;
  }
  const before = problems.length;
  const style = parseStyle(found.name, text, plainText(found.path), problems);
  return problems.length === before ? style : null;
}

export function findStyle(wish: string, places: ShelfPlaces, problems: Problem[]): ShelvedStyle | null {
  if (/[/\\]/.test(wish) || extname(wish) === ENDING) {
    return { name: basename(wish, ENDING), origin: "file", path: resolve(places.workingDirectory, wish) };
  }
  const styles = listStyles(places);
  const found = styles.find(({ name }) => name.toLowerCase() === wish.toLowerCase());
  if (found) return found;
  const names = styles.map(({ name }) => name);
  const [suggestion] = nearest(wish, names, 1);
  problems.push({
    code: "style-unknown",
    field: "--style",
    message: `No style is called ${wish}.`,
    given: wish,
    allowed: names,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
  return null;
}

function stylesIn(folder: string, origin: "own" | "built-in"): ShelvedStyle[] {
  try {
    return readdirSync(folder)
      .filter((file) => extname(file) === ENDING && !file.startsWith("."))
      .map((file) => ({ name: basename(file, ENDING), origin, path: join(folder, file) }));
  } catch {
    // Most people have no folder of their own.
    return [];
  }
}

/** The folder `styles` beside the package's own description, from the sources as from the built files. */
function builtInFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 5; level += 1) {
    const candidate = join(folder, "styles");
    if (isBuiltIn(candidate)) return candidate;
    folder = dirname(folder);
  }
  throw new Error("the package's folder styles is missing");
}

function isBuiltIn(folder: string): boolean {
  try {
    return statSync(join(folder, "watercolor.md")).isFile();
  } catch {
    return false;
  }
}

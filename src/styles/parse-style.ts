// Reading a style file: front matter between two lines of three dashes, then the template. The front matter is a small part
// of YAML (`key: value`, and variables indented below `variables:`); what is not understood is refused, never guessed.

import { nearest } from "../core/nearest.ts";
import type { Problem } from "../core/tool-error.ts";
import { placesIn } from "./fill-template.ts";
import { PROMPT, type Style, VARIABLE_NAME } from "./style.ts";

const KEYS = ["description", "variables"];

/** `where` names the file for people. Mistakes go to `problems`; the style is only meant when there were none. */
export function parseStyle(name: string, text: string, where: string, problems: Problem[]): Style {
  const wrong = (message: string, more: Partial<Problem> = {}) =>
    problems.push({ code: "style-invalid", field: "--style", message: `${where}: ${message}`, ...more });
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const { head, body } = splitLines(lines);
  if (head === null) wrong("the front matter begins with --- and never ends with it.");
  const defaults: Record<string, string> = {};
  let description = "";
  let inVariables = false;
  for (const [index, line] of (head ?? []).entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const entry = /^(\s*)([^\s:][^:]*?)\s*:(?:\s+(.*))?$/.exec(line);
    const key = entry?.[2] ?? "";
    const value = plainValue(entry?.[3] ?? "");
    if (!entry || value === null) wrong(`line ${index + 2} is not "key: value": ${line.trim()}`);
    else if (entry[1] !== "" && inVariables) {
      if (!VARIABLE_NAME.test(key) || key === PROMPT) wrong(`${key} cannot be the name of a variable.`, { given: key });
      else defaults[key] = value;
    } else if (key === "description" && entry[1] === "") {
      description = value;
      inVariables = false;
    } else if (key === "variables" && entry[1] === "" && value === "") inVariables = true;
    else {
      const [suggestion] = nearest(key, KEYS, 1);
      wrong(`the front matter has no key ${key}.`, {
        given: key,
        allowed: KEYS,
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    }
  }
  const template = body.join("\n").trim();
  if (template === "") wrong("there is no text below the front matter.");
  for (const place of placesIn(template)) {
    if (place.name === null)
      wrong(`${place.text} is no variable: a name is letters, digits, - and _.`, { given: place.text });
  }
  return { name, description, defaults, template };
}

function splitLines(lines: readonly string[]): {
  readonly head: readonly string[] | null;
  readonly body: readonly string[];
} {
  if (lines[0]?.trimEnd() !== "---") return { head: [], body: lines };
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---");
  return end === -1 ? { head: null, body: lines.slice(1) } : { head: lines.slice(1, end), body: lines.slice(end + 1) };
}

/** A value as it stands, or between quotes; `null` when the quotes do not fit. */
function plainValue(text: string): string | null {
  const value = text.trim();
  if (!/^["']/.test(value)) return value;
  if (value.length < 2 || value.at(-1) !== value[0]) return null;
  return value.slice(1, -1);
}

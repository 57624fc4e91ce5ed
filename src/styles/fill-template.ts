// Filling in a template: each `{{name}}` becomes its value, once; what stands in a value is never filled in again.

import { nearest } from "../core/nearest.ts";
import type { Problem } from "../core/tool-error.ts";
import { PROMPT, VARIABLE_NAME } from "./style.ts";

interface Place {
  /** As it stands in the template, braces included. */
  readonly text: string;
  /** `null`: what stands between the braces cannot be a name. */
  readonly name: string | null;
}

const BRACES = /\{\{([^{}\n]*)\}\}/g;

export function placesIn(template: string): Place[] {
  return [...template.matchAll(BRACES)].map(([text, inside = ""]) => {
    const name = inside.trim();
    return { text, name: VARIABLE_NAME.test(name) ? name : null };
  });
}

export interface Filling {
  /** What is wanted, for the reader of a mistake: `the style poster`. */
  readonly subject: string;
  readonly template: string;
  /** Where the caller gives nothing. */
  readonly defaults: Readonly<Record<string, string>>;
  /** What the caller gives. */
  readonly given: Readonly<Record<string, string>>;
  /** The caller's own words, for `{{prompt}}`. */
  readonly prompt: string;
}

/** Mistakes go to `problems`; the text is only meant when there were none. */
export function fillTemplate({ subject, template, defaults, given, prompt }: Filling, problems: Problem[]): string {
  const wanted = new Set(placesIn(template).flatMap(({ name }) => (name === null || name === PROMPT ? [] : [name])));
  const known = [...new Set([...wanted, ...Object.keys(defaults)])];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const [suggestion] = nearest(name, known, 1);
    problems.push({
      code: "variable-unknown",
      field: "--var",
      message:
        known.length === 0
          ? `${capital(subject)} has no variables, so ${name} has no place in it.`
          : `${capital(subject)} has no variable ${name}.`,
      given: name,
      ...(known.length === 0 ? {} : { allowed: known }),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  const values = { ...defaults, ...given };
  const missing = [...wanted].filter((name) => !Object.hasOwn(values, name) || values[name] === "");
  for (const name of missing) {
    problems.push({
      code: "variable-missing",
      field: "--var",
      message: `${capital(subject)} needs a value for ${name}: --var ${name}=…`,
      given: "",
      suggestion: `--var ${name}=…`,
    });
  }
  return template.replaceAll(BRACES, (text, inside: string) => {
    const name = inside.trim();
    if (name === PROMPT) return prompt;
    return Object.hasOwn(values, name) ? (values[name] ?? text) : text;
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

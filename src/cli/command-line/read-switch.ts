// A switch with a value, read with the parsers of the settings.

import type { Problem } from "../../core/tool-error.ts";
import type { Parser } from "../../settings/parsers.ts";

/** The value, or `undefined` when the switch is not there or cannot be used; then the problem is added. */
export function readSwitch<T>(
  switches: ReadonlyMap<string, string | boolean>,
  name: string,
  parse: Parser<T>,
  problems: Problem[],
): T | undefined {
  const given = switches.get(name);
  if (typeof given !== "string") return undefined;
  const parsed = parse(given);
  if (parsed.ok) return parsed.value;
  const { message, ...rest } = parsed.problem;
  const field = `--${name}`;
  problems.push({
    code: "value-not-allowed",
    field,
    message: `${field} ${JSON.stringify(given)} ${message}`,
    given,
    ...rest,
  });
  return undefined;
}

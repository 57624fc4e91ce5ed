// The variables of a command line: --var name=value, again and again.

import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Invocation } from "../command-line/invocation.ts";

export interface GivenVariables {
  readonly request: Pick<GenerateRequest, "variables">;
  readonly problems: readonly Problem[];
}

export function readVariables({ lists }: Pick<Invocation, "lists">): GivenVariables {
  const given = lists.get("var") ?? [];
  const variables = new Map<string, string>();
  const problems: Problem[] = [];
  for (const text of given) {
    const split = text.indexOf("=");
    const name = text.slice(0, split).trim();
    if (split < 1 || name === "") {
      problems.push({
        code: "value-not-allowed",
        field: "--var",
        message: `--var ${JSON.stringify(text.slice(0, 80))} is not name=value.`,
        given: text.slice(0, 80),
        suggestion: "--var name=value",
      });
    } else if (variables.has(name)) {
      problems.push({
        code: "value-not-allowed",
        field: "--var",
        message: `--var gives ${name} twice.`,
        given: name,
      });
    } else variables.set(name, text.slice(split + 1));
  }
  // Object.fromEntries defines its fields, so that no name reaches a prototype.
  return { request: given.length === 0 ? {} : { variables: Object.fromEntries(variables) }, problems };
}

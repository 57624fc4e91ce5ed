// Keys and tokens looked at before they go into a header: what surely is something else is refused with its right place.
// Deliberately loose about length and letters: Google has changed both. Source: google-apis facts §1.7, 2026-11-22.

import type { Secret } from "../../core/secret.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";

/** STS tokens reach 12 kB (Google's IAM documentation); anything far beyond is a file given by mistake. */
const LONGEST = 16_384;

/** What a value is by its looks when it is not what was asked for; first match wins. */
const looks: readonly {
  readonly pattern: RegExp;
  readonly as: "key" | "token" | "both";
  readonly message: string;
}[] = [
  {
    pattern: /^\{/,
    as: "both",
    message:
      "is the content of a JSON file. A service account key is given as a file: --auth service-account --credentials <file>.",
  },
  { pattern: /-----BEGIN/, as: "both", message: "is a private key in PEM form, not an API key or token." },
  { pattern: /^bearer\s/i, as: "both", message: "begins with the word Bearer; give only what follows it." },
  { pattern: /^ya29\./, as: "key", message: "is an OAuth access token, not an API key: use --auth oauth." },
  {
    pattern: /^(?:~?\/|\.{1,2}\/|[A-Za-z]:\\).*\.json$/,
    as: "both",
    message: "is the path of a file, not its content.",
  },
  {
    pattern: /^(?:AIza|AQ\.)/,
    as: "token",
    message: "is an API key, not an access token: use --auth api-key or vertex-key.",
  },
  { pattern: /^["'`]|["'`]$/, as: "both", message: "stands in quotes; leave them out." },
];

/**
 * The text of a key or token, trimmed and fit for a header.
 *
 * @throws ToolError `key-invalid` or `token-invalid`, naming the source, never the value.
 */
export function checkedSecret(secret: Secret, as: "key" | "token"): string {
  const text = secret.reveal().trim();
  const fault = text === "" ? "is empty." : findFault(text, as);
  if (fault === null) return text;
  const code = as === "key" ? "key-invalid" : "token-invalid";
  const problem: Problem = { code, field: secret.source, message: `The value of ${secret.source} ${fault}` };
  throw new ToolError(code, {
    message: problem.message,
    cause: `What is set as the ${as === "key" ? "API key" : "access token"} cannot be one.`,
    nextStep: `Correct ${secret.source}; nothing was sent.`,
    problems: [problem],
  });
}

function findFault(text: string, as: "key" | "token"): string | null {
  const look = looks.find(
    (candidate) => (candidate.as === as || candidate.as === "both") && candidate.pattern.test(text),
  );
  if (look) return look.message;
  // One character wrong and node:http would throw with the header in its message.
  if (/\s/.test(text)) return "contains a space or a line break.";
  if (/[^\u0021-\u007e]/.test(text))
    return "contains characters that no key has (only plain letters, digits and signs are allowed).";
  if (/["'`]/.test(text)) return "contains a quotation mark.";
  if (text.length > LONGEST) return `is longer than ${LONGEST} characters.`;
  return null;
}

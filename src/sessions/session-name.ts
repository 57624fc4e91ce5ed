// What a session may be called: a name that is one folder on every system, and no way out of the folder of sessions.

import type { Problem } from "../core/tool-error.ts";

const LONGEST = 64;
// Device names of Windows, with or without an extension. Source: learn.microsoft.com, "Naming Files", 2026.
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/i;

/** The name as it is used: composed, so that two spellings of one word are one session. */
export function normaliseName(name: string): string {
  return name.trim().normalize("NFC");
}

/** `null` when the name can be used. */
export function checkSessionName(given: string): Problem | null {
  const name = normaliseName(given);
  const why = reasonAgainst(name);
  if (why === null) return null;
  const likely = name
    .replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, "-")
    .replaceAll(/^[^\p{L}\p{N}]+|[.-]+$/gu, "")
    .slice(0, LONGEST);
  return {
    code: "value-not-allowed",
    field: "--session",
    message: `A session cannot be called ${JSON.stringify(given.slice(0, 200))}: ${why}.`,
    given: given.slice(0, 200),
    ...(likely !== "" && reasonAgainst(likely) === null ? { suggestion: likely } : {}),
  };
}

function reasonAgainst(name: string): string | null {
  if (name === "") return "it has no letters";
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(name)) {
    return "a name begins with a letter or digit and has only letters, digits, dots, - and _";
  }
  if (name.length > LONGEST || Buffer.byteLength(name) > 200) return `a name has at most ${LONGEST} characters`;
  if (name.endsWith(".")) return "a name does not end in a dot";
  return RESERVED.test(name) ? "Windows keeps this name for a device" : null;
}

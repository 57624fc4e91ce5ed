// Redaction: text from outside made safe to show. Keys masked by value and by pattern, terminal control stripped, length bounded.

import type { Secret } from "./secret.ts";

export type Redact = (text: string) => string;

// Shapes of Google's credentials. Source: google-apis facts §1.7 and §9.1, 2026-11-22; deliberately loose in length.
const CREDENTIAL_SHAPES = [
  /AIza[0-9A-Za-z_-]{20,}/g,
  /\bAQ\.[0-9A-Za-z_-]{16,}/g,
  /\bya29\.[0-9A-Za-z._-]{16,}/g,
  /\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /([?&](?:key|access_token|auth_token)=)[^&\s"']+/g,
];

/** Builds a function that masks the given secrets, their URL-encoded and base64 forms, and anything shaped like a Google credential. */
export function createRedactor(secrets: readonly Secret[]): Redact {
  const values = new Set<string>();
  for (const secret of secrets) {
    const text = secret.reveal();
    // A two-letter "key" would mask half of every text.
    if (text.length < 4) continue;
    values.add(text);
    values.add(encodeURIComponent(text));
    values.add(toBase64(text));
  }
  const needles = [...values].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const needle of needles) result = result.replaceAll(needle, "[redacted]");
    for (const shape of CREDENTIAL_SHAPES) {
      result = result.replace(shape, (_whole, prefix: unknown) =>
        typeof prefix === "string" ? `${prefix}[redacted]` : "[redacted]",
      );
    }
    return result;
  };
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, "");
}

// ESC sequences (CSI, OSC, DCS/SOS/PM/APC strings, two-byte), then what is left of C0/C1 and the bidirectional overrides.
const ESCAPE_SEQUENCES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[PX^_][^\u001b]*(?:\u001b\\|$)|[@-Z\\-~])|\u009b[0-?]*[ -/]*[@-~]/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from a provider, a file name or a prompt, made safe for a terminal: escape sequences, control characters
 * (but `\n` and `\t`) and bidirectional overrides are removed, and it is cut at `maxLength` characters with an ellipsis.
 */
export function plainText(text: string, maxLength = 4_000): string {
  const bounded = text.length > maxLength * 4 ? text.slice(0, maxLength * 4) : text;
  const clean = bounded.replaceAll("\r\n", "\n").replace(ESCAPE_SEQUENCES, "").replace(CONTROL, "");
  const characters = Array.from(clean);
  return characters.length <= maxLength ? clean : `${characters.slice(0, maxLength - 1).join("")}…`;
}

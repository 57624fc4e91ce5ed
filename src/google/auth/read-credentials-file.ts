// Opens a credentials file: only a plain file of sensible size, and every reason for failing said with its path.

import { createPrivateKey } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { Secret } from "../../core/secret.ts";
import { type CredentialsFile, parseCredentialsFile, unusable } from "./credentials-file.ts";

/** The largest real ones are under 10 kB. */
const LARGEST_BYTES = 1_048_576;

/** Fields that must never be shown. */
const SECRET_FIELDS = ["private_key", "refresh_token", "client_secret"];

/**
 * @throws ToolError `credential-unreadable` when the file is missing, not readable, not JSON, of an unknown type,
 * lacks a field, names a foreign token address or holds a private key that is none.
 */
export async function readCredentialsFile(path: string): Promise<CredentialsFile> {
  const file = parseCredentialsFile(await readText(path), path);
  for (let layer: CredentialsFile | null = file; layer; layer = layer.source) checkPrivateKey(layer);
  return file;
}

/** What must be masked: whole, and for a PEM also without its line breaks. */
export function secretsOf(file: CredentialsFile): Secret[] {
  const values = SECRET_FIELDS.flatMap((field) => {
    const value = file.content[field];
    if (typeof value !== "string" || value === "") return [];
    const base64 = value.replace(/-----[A-Z ]+-----|\s/g, "");
    return base64 === value ? [value] : [value, base64];
  });
  const source = `credentials file ${file.path}`;
  return [...values.map((value) => new Secret(value, source)), ...(file.source ? secretsOf(file.source) : [])];
}

async function readText(path: string): Promise<string> {
  const expected = "Check the path given by --credentials or GOOGLE_APPLICATION_CREDENTIALS.";
  try {
    const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
    // A pipe or a device would wait for ever.
    if (!isFile) throw unusable(path, "is not a file.", expected);
    if (size > LARGEST_BYTES) throw unusable(path, "is far too large to be one.", expected);
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ENOTDIR") throw unusable(path, "does not exist.", expected);
    if (code === "EACCES" || code === "EPERM") {
      throw unusable(path, "may not be read by this user.", "Give yourself read permission: chmod 600 <file>.");
    }
    if (typeof code === "string" && /^E[A-Z]+$/.test(code)) throw unusable(path, `cannot be read (${code}).`, expected);
    throw error;
  }
}

/** A key that cannot sign would fail much later with OpenSSL's own words. */
function checkPrivateKey(file: CredentialsFile): void {
  const key = file.content["private_key"];
  if (typeof key !== "string") return;
  let kind: string | undefined;
  try {
    kind = createPrivateKey(key).asymmetricKeyType;
  } catch {
    kind = undefined;
  }
  const wanted = file.type === "gdch_service_account" ? "ec" : "rsa";
  if (kind === wanted) return;
  throw unusable(
    file.path,
    `holds a private_key that is not a usable ${wanted.toUpperCase()} key in PEM form.`,
    "Download the key again; do not edit or re-wrap it.",
  );
}

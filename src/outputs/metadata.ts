// The record beside each picture, written as safely as the picture itself.

import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishFile } from "./publish.ts";

/**
 * Writes a value as JSON under the first free of the given names. Returns the name, or `null` when all are taken.
 * `name` must be unique among operations: it names the file on the way.
 *
 * @throws the system's error; nothing is left behind.
 */
export function writeMetadata(names: readonly string[], name: string, value: unknown): string | null {
  const [first] = names;
  if (first === undefined) return null;
  const path = join(dirname(first), `.image-gen-${name}.json.part`);
  try {
    const descriptor = openSync(path, "wx", 0o600);
    try {
      writeFileSync(descriptor, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return publishFile(path, names);
  } finally {
    rmSync(path, { force: true });
  }
}

// The record of an earlier refusal under the name that a picture wants now: it makes room, it is never lost.

import { linkSync, lstatSync, readFileSync, unlinkSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** Records are a few kB; nothing larger is read. */
const LARGEST_RECORD_BYTES = 1 << 20;

/** The operation of a refusal whose record is at the path; `null` for anything else, whatever it looks like. */
function refusalAt(path: string): string | null {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile() || stats.size > LARGEST_RECORD_BYTES) return null;
    const record: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof record !== "object" || record === null || !("status" in record) || record.status !== "error")
      return null;
    return "operation" in record && typeof record.operation === "string" && /^\w{26}$/.test(record.operation)
      ? record.operation
      : null;
  } catch {
    return null;
  }
}

/** True when the file is a refusal's record, which {@link setRefusalAside} would move. */
export function isRefusalRecord(path: string): boolean {
  return refusalAt(path) !== null;
}

/** `fox.json` of a refusal becomes `fox.<operation>.json`; anything else stays as it is. */
export function setRefusalAside(path: string): void {
  const operation = refusalAt(path);
  if (operation === null) return;
  const extension = extname(path);
  linkSync(path, join(dirname(path), `${basename(path, extension)}.${operation}${extension}`));
  unlinkSync(path);
}

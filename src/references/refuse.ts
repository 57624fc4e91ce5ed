// Refusals of one reference, said in a way that a person can act on. They are gathered and reported together.

import type { ErrorCode } from "../core/error-table.ts";
import { ToolError } from "../core/tool-error.ts";

/** Ends the reading of one reference. `message` goes on after the reference's name: `is empty.` */
export function refuse(code: ErrorCode, message: string): never {
  throw new ToolError(code, { message });
}

/** `3.2 MB`, for people. */
export function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${bytes} bytes` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

// Failures of the ledger: what SQLite or the file system said becomes a row of the error table.
// Everything here stops spending; whether something was already spent is the caller's knowledge.

import { errorCode } from "../../core/error-code.ts";
import type { ErrorCode } from "../../core/error-table.ts";
import { isToolError, ToolError, type ToolErrorDetails } from "../../core/tool-error.ts";

// Primary result codes, https://www.sqlite.org/rescode.html, 2026-11-22.
export const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;
const GENERIC = 1;
// Extended codes of IOERR that mean damage rather than a failing disk.
const SHORT_READ = 522;
const CORRUPT_FILE_SYSTEM = 8458;

/** SQLite's extended result code, or `undefined` when the failure is not SQLite's. */
export function resultCodeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode : undefined;
}

/** Turns anything thrown below the ledger into a ToolError; a ToolError stays as it is. */
export function ledgerFailure(error: unknown): ToolError {
  if (isToolError(error)) return error;
  const errcode = resultCodeOf(error);
  const code = errorCode(error);
  const words = error instanceof Error ? error.message : String(error);
  if (errcode !== undefined) return new ToolError(codeOfSqlite(errcode), { message: sentence(errcode, words) });
  // A number beyond 2^53 or a value of another type where we wrote a small integer.
  if (code === "ERR_OUT_OF_RANGE" || code === "ERR_INVALID_ARG_VALUE") return damaged(words);
  if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) return unavailable(`The ledger cannot be used (${code}).`);
  return new ToolError("internal", { message: `The ledger failed: ${words}` });
}

/** The same failure with the folder that the next step speaks of. */
export function withFolder(failure: ToolError, directory: string): ToolError {
  if (failure.code !== "ledger-unavailable" || failure.message.includes(directory)) return failure;
  return new ToolError(failure.code, { ...failure.details, message: `${failure.message} Its folder is ${directory}.` });
}

function codeOfSqlite(errcode: number): ErrorCode {
  if (errcode === SHORT_READ || errcode === CORRUPT_FILE_SYSTEM) return "ledger-damaged";
  switch (errcode & 0xff) {
    case BUSY:
    case LOCKED:
      return "ledger-locked";
    case CORRUPT:
    case NOT_A_DATABASE:
    // Our statements are fixed, so "no such column" and the like mean that the schema is not ours.
    case GENERIC:
      return "ledger-damaged";
    case CONSTRAINT:
      return "internal";
    default:
      return "ledger-unavailable";
  }
}

function sentence(errcode: number, words: string): string {
  switch (codeOfSqlite(errcode)) {
    case "ledger-locked":
      return "The ledger is locked by another program that does not let go of it.";
    case "ledger-damaged":
      return `The ledger is damaged (${words}).`;
    case "internal":
      return `The ledger refused a change (${words}).`;
    default:
      return `The ledger cannot be used (${words}).`;
  }
}

export function damaged(what: string, details: ToolErrorDetails = {}): ToolError {
  return new ToolError("ledger-damaged", { message: `The ledger is damaged: ${what}.`, ...details });
}

export function unavailable(message: string, details: ToolErrorDetails = {}): ToolError {
  return new ToolError("ledger-unavailable", { message, ...details });
}

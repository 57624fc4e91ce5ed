// ToolError: the one error class. What is always true of a failure stands in the error table; an instance adds what was seen.

import { type Billed, type ErrorCode, type ErrorRow, type ExitCode, errorTable } from "./error-table.ts";

/** One mistake of the caller's: what was given, what is allowed, and the nearest right value. */
export interface Problem {
  readonly code: ErrorCode;
  /** The option or field, as the caller knows it: `--ar`, `prompt`. */
  readonly field: string;
  readonly message: string;
  readonly given?: string;
  readonly allowed?: readonly string[];
  /** The value that the caller probably meant. */
  readonly suggestion?: string;
}

/** The failure as programs read it (design §4). `providerMessage` is cleaned of control characters and keys. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cause: string;
  readonly nextStep: string;
  readonly billed: Billed;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | null;
  readonly httpStatus: number | null;
  readonly providerMessage: string | null;
  /** Absolute path of what was saved of a paid answer. */
  readonly savedAt: string | null;
  /** Exit status of the command line. */
  readonly exitCode: ExitCode;
  /** Present when the request had mistakes; all of them at once. */
  readonly problems?: readonly Problem[];
}

export interface ToolErrorDetails {
  /** What happened, one sentence. Default: the row's cause. */
  readonly message?: string;
  /** Replaces the row's sentence when this occasion knows better. */
  readonly cause?: string;
  readonly nextStep?: string;
  /** Replaces the row's value when the evidence of this occasion says otherwise. */
  readonly billed?: Billed;
  readonly retryAfterSeconds?: number;
  readonly httpStatus?: number;
  /** Already redacted and stripped. */
  readonly providerMessage?: string;
  readonly savedAt?: string;
  readonly problems?: readonly Problem[];
}

const BRAND = Symbol.for("image-gen.tool-error");

/** Recognised by {@link isToolError} and not by `instanceof`, so that two copies of this file understand each other. */
export class ToolError extends Error {
  readonly [BRAND] = true;
  override readonly name = "ToolError";
  readonly code: ErrorCode;
  readonly details: ToolErrorDetails;

  constructor(code: ErrorCode, details: ToolErrorDetails = {}) {
    super(details.message ?? errorTable[code].cause);
    this.code = code;
    this.details = details;
  }

  get row(): ErrorRow {
    return errorTable[this.code];
  }

  get exitCode(): ExitCode {
    return this.row.exit;
  }
}

export function isToolError(value: unknown): value is ToolError {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** The error for one or more mistakes of the caller's; a single mistake keeps its own code. */
export function problemsError(problems: readonly [Problem, ...Problem[]]): ToolError {
  const [first, ...rest] = problems;
  if (rest.length > 0) {
    return new ToolError("invalid-request", {
      message: `${problems.length} things in the request need correcting.`,
      problems,
    });
  }
  return new ToolError(first.code, { message: first.message, problems });
}

/** The failure as it goes into JSON, metadata and, in other words, to the terminal. */
export function reportError(error: ToolError): ErrorReport {
  const { row, details } = error;
  return {
    code: error.code,
    message: error.message,
    cause: details.cause ?? row.cause,
    nextStep: details.nextStep ?? row.nextStep,
    billed: details.billed ?? row.billed,
    retryable: row.retryable,
    retryAfterSeconds: details.retryAfterSeconds ?? null,
    httpStatus: details.httpStatus ?? null,
    providerMessage: details.providerMessage ?? null,
    savedAt: details.savedAt ?? null,
    exitCode: row.exit,
    ...(details.problems ? { problems: details.problems } : {}),
  };
}

// Failures of a call and thrown errors, turned into each other without losing what was seen.

import type { Failure } from "../../core/failure.ts";
import { type ErrorReport, isToolError, ToolError } from "../../core/tool-error.ts";

/** The error of a failure, with everything from outside cleaned and masked. */
export function errorOfFailure(failure: Failure, clean: (text: string) => string, savedAt?: string): ToolError {
  const words = failure.providerMessage === undefined ? "" : clean(failure.providerMessage);
  return new ToolError(failure.code, {
    ...(failure.message === undefined ? {} : { message: clean(failure.message) }),
    ...(failure.nextStep === undefined ? {} : { nextStep: clean(failure.nextStep) }),
    ...(failure.httpStatus === undefined ? {} : { httpStatus: failure.httpStatus }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(failure.retryAfterMs / 1000) }),
    ...(failure.billed === undefined ? {} : { billed: failure.billed }),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
    ...(words === "" ? {} : { providerMessage: words }),
    ...(savedAt === undefined ? {} : { savedAt }),
  });
}

export function failureOfError(error: ToolError): Failure {
  const { httpStatus, providerMessage, retryAfterSeconds, nextStep, billed, cause } = error.details;
  return {
    code: error.code,
    message: error.message,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(providerMessage === undefined ? {} : { providerMessage }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1000 }),
    ...(nextStep === undefined ? {} : { nextStep }),
    ...(billed === undefined ? {} : { billed }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** The error that a report was made of. */
export function errorOfReport({ code, message, cause, nextStep, billed, problems, ...rest }: ErrorReport): ToolError {
  const { retryAfterSeconds, httpStatus, providerMessage, savedAt } = rest;
  return new ToolError(code, {
    message,
    cause,
    nextStep,
    billed,
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    ...(httpStatus === null ? {} : { httpStatus }),
    ...(providerMessage === null ? {} : { providerMessage }),
    ...(savedAt === null ? {} : { savedAt }),
    ...(problems ? { problems } : {}),
  });
}

/** The picture itself is not what was asked for: no later attempt to publish it would do better. */
export function isVerdict({ code, exitCode }: ToolError): boolean {
  return exitCode === 8 && code !== "not-published";
}

/** A disk that refuses the answer, as the failure of a call; any other error as it is. */
export function asCallError(error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error || "code" in error) || isToolError(error)) return error;
  return new ToolError("answer-incomplete", {
    message: `The answer could not be written down: ${error.message}.`,
    cause: "Neither the folder of the picture nor the one for what is kept took the bytes.",
  });
}

/** A thrown thing as a ToolError: an abort is `interrupted`, everything unknown is a fault of our own. */
export function toToolError(error: unknown): ToolError {
  if (isToolError(error)) return error;
  if (error instanceof Error && error.name === "AbortError") return new ToolError("interrupted", { billed: "no" });
  return new ToolError("internal", { message: error instanceof Error ? error.message : String(error) });
}

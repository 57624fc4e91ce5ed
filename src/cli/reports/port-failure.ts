// A port that cannot be had, in words.

import { ToolError } from "../../core/tool-error.ts";
import { errorCode } from "../../core/error-code.ts";

/** The failure for people; any other error as it is. */
export function explainPort(error: unknown, port: number, whose: string): unknown {
  const code = errorCode(error);
  if (code !== "EADDRINUSE" && code !== "EACCES") return error;
  const message =
    code === "EADDRINUSE" ? `Port ${port} is already in use.` : `Port ${port} may not be used by this account.`;
  return new ToolError("usage", {
    message,
    cause: `${whose} needs a port of its own.`,
    nextStep: "Choose another one with --port, or leave --port out and take a free one.",
  });
}

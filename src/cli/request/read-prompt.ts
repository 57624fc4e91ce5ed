// The prompt: the words of the command line as one text, or standard input for `-`.

import { ToolError } from "../../core/tool-error.ts";
import type { Context } from "../context.ts";

/** More than any model reads; a prompt of 1 MB must pass to be judged by the model's own limit. */
const STDIN_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * @throws ToolError `input-too-large` when standard input is larger than 16 MB. An empty prompt is the plan's to refuse,
 * together with everything else.
 */
export async function readPrompt(operands: readonly string[], context: Context): Promise<string> {
  if (operands.length !== 1 || operands[0] !== "-") return wellFormed(operands.join(" "));
  const bytes = await context.readStdin(STDIN_LIMIT_BYTES);
  if (bytes === null) {
    throw new ToolError("input-too-large", { message: "Standard input holds more than 16 MB; that is no prompt." });
  }
  return wellFormed(new TextDecoder().decode(bytes).replace(/\r?\n$/, ""));
}

/** Half a surrogate pair cannot be encoded as UTF-8; it becomes the replacement character, as everywhere else. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

// The prompt of a request with its style and variables, read from where styles are.

import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { type ComposedPrompt, composePrompt } from "../../styles/compose-prompt.ts";
import { openStyle } from "../../styles/style-shelf.ts";
import type { ImageGenOptions } from "../options.ts";

type StylePlaces = Pick<ImageGenOptions, "stylesDirectory" | "workingDirectory">;

/** Mistakes go to `problems`; the text is only meant when there were none. */
export function composeRequest(
  { prompt, style, variables = {} }: GenerateRequest,
  { stylesDirectory, workingDirectory }: StylePlaces,
  problems: Problem[],
): ComposedPrompt {
  // A caller without types may give anything; that it is no prompt is told elsewhere.
  if (typeof prompt !== "string") return { text: "", needsWords: true };
  if (style === undefined) return composePrompt({ prompt, style: null, variables }, problems);
  const found = openStyle(style, { ownFolder: stylesDirectory ?? null, workingDirectory }, problems);
  return found === null
    ? { text: prompt, needsWords: true }
    : composePrompt({ prompt, style: found, variables }, problems);
}

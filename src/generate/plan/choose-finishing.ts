// What is done with the picture after it came, and what is added to the prompt for it.

import { type Finishing, keyColours } from "../../core/finishing.ts";
import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { keyPrompt } from "../../outputs/transparent/key-colour.ts";

/** `undefined` when nothing is asked. Mistakes go to `problems`. */
export function chooseFinishing(request: GenerateRequest, problems: Problem[]): Finishing | undefined {
  const { embedMetadata = false, strict = false, transparent = false, keyColour } = request;
  if (keyColour !== undefined && !keyColours.includes(keyColour)) {
    problems.push({
      code: "value-not-allowed",
      field: "--key-color",
      message: `${keyColour} is no key colour.`,
      given: keyColour,
      allowed: keyColours,
    });
  } else if (keyColour !== undefined && !transparent) {
    problems.push({
      code: "value-not-allowed",
      field: "--key-color",
      message: "A key colour is only for a background that is taken out: add --transparent.",
      given: keyColour,
      suggestion: "--transparent",
    });
  }
  if (!embedMetadata && !strict && !transparent) return undefined;
  return { embedMetadata, strict, transparent: transparent ? (keyColour ?? "green") : null };
}

/** The prompt as it is sent: for a background that is taken out, with the words that ask for a flat one. */
export function withFinishing(prompt: string, finishing: Finishing | undefined): string {
  const colour = finishing?.transparent ?? null;
  return colour === null ? prompt : `${prompt}\n\n${keyPrompt(colour)}`;
}

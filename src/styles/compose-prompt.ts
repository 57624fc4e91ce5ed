// What is really sent as the prompt: the caller's words, filled into a style where one is asked for. Without a style the
// words themselves may hold variables.

import type { Problem } from "../core/tool-error.ts";
import { fillTemplate, placesIn } from "./fill-template.ts";
import { PROMPT, type Style } from "./style.ts";

export interface PromptWish {
  readonly prompt: string;
  readonly style: Style | null;
  /** Values for variables. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface ComposedPrompt {
  readonly text: string;
  /** The caller's own words stand in it; a style that is whole without them needs none. */
  readonly needsWords: boolean;
}

/** Mistakes go to `problems`; the text is only meant when there were none. */
export function composePrompt({ prompt, style, variables }: PromptWish, problems: Problem[]): ComposedPrompt {
  if (style === null) {
    // Braces in words that nobody wants filled in are just braces.
    if (Object.keys(variables).length === 0) return { text: prompt, needsWords: true };
    const filled = fillTemplate(
      { subject: "the prompt", template: prompt, defaults: {}, given: variables, prompt: `{{${PROMPT}}}` },
      problems,
    );
    return { text: filled, needsWords: true };
  }
  const hasPlace = placesIn(style.template).some(({ name }) => name === PROMPT);
  const text = fillTemplate(
    {
      subject: `the style ${style.name}`,
      template: style.template,
      defaults: style.defaults,
      given: variables,
      prompt,
    },
    problems,
  );
  // A style that only describes a manner: the words come first.
  return { text: hasPlace || prompt.trim() === "" ? text : `${prompt}\n\n${text}`, needsWords: hasPlace };
}

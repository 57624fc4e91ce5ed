// Style: a prompt template with a name. A readable file: what it is for, its variables with their defaults, and the text
// that the prompt stands in. Reading such a file is parse-style's business, filling it in is fill-template's.

export interface Style {
  /** As it is asked for: a file's name without its ending. */
  readonly name: string;
  readonly description: string;
  /** Variables that the file names, with their defaults; an empty text has to be given by the caller. */
  readonly defaults: Readonly<Record<string, string>>;
  /** With `{{name}}` where a variable goes. */
  readonly template: string;
}

/** The variable that stands for the caller's own words. */
export const PROMPT = "prompt";

/** What a variable may be called. */
export const VARIABLE_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

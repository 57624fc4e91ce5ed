// A prompt in a table: on one line, its beginning, nothing that a terminal would obey.

import { plainText } from "../../core/redaction.ts";
import { cutToWidth } from "../terminal/fit.ts";

const COLUMNS = 40;

export function shortPrompt(prompt: string): string {
  return cutToWidth(plainText(prompt, COLUMNS * 4).replace(/\s+/g, " "), COLUMNS);
}

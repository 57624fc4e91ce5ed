// Live area: a few lines at the end of the terminal that are redrawn in place. Knows cells and control codes, not what the lines say.

import { cutToWidth, widthOf } from "./fit.ts";

export interface LiveLine {
  readonly text: string;
  /** Colours the cut text. */
  readonly paint?: (text: string) => string;
  /** A path that people copy: on the last drawing it is wrapped by the terminal and not cut. */
  readonly whole?: boolean;
}

export interface LiveArea {
  /** Replaces what was drawn before. */
  draw(lines: readonly LiveLine[]): void;
  /** Draws for the last time and leaves the cursor below. */
  finish(lines: readonly LiveLine[]): void;
}

interface Screen {
  write(text: string): void;
  readonly columns: number;
}

// Wrapping is off while lines are drawn: whatever the terminal thinks of a character's width, one line stays one row.
// Each write turns it on again, so that a killed program leaves a sane terminal.
const WRAP_OFF = "\u001b[?7l";
const WRAP_ON = "\u001b[?7h";

export function createLiveArea(screen: Screen, ellipsis: string): LiveArea {
  let drawn: readonly string[] = [];

  // A terminal that was made narrower has wrapped the old lines.
  const rowsDrawn = () =>
    drawn.reduce((rows, text) => rows + Math.max(1, Math.ceil(widthOf(text) / Math.max(1, screen.columns))), 0);

  const eraseDrawn = () => {
    const rows = rowsDrawn();
    return rows === 0 ? "" : `\u001b[${rows}A\r\u001b[J`;
  };

  const render = (lines: readonly LiveLine[], last: boolean): string => {
    const texts = lines.map(({ text, whole }) =>
      last && whole ? text : cutToWidth(text, Math.max(1, screen.columns - 1), ellipsis),
    );
    const output = lines
      .map(({ paint, whole }, index) => {
        const text = texts[index] ?? "";
        const painted = paint ? paint(text) : text;
        return last && whole ? `${WRAP_ON}${painted}\n${WRAP_OFF}` : `${painted}\n`;
      })
      .join("");
    const erased = eraseDrawn();
    drawn = last ? [] : texts;
    return `${WRAP_OFF}${erased}${output}${WRAP_ON}`;
  };

  return {
    draw: (lines) => screen.write(render(lines, false)),
    finish: (lines) => screen.write(render(lines, true)),
  };
}

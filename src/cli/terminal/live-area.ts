// Live area: a few lines at the end of the terminal that are redrawn in place. Knows cells and control codes, not what the lines say.

import { cutToWidth, widthOf } from "./fit.ts";

export interface LiveLine {
  readonly text: string;
  /** Colours the cut text. */
  readonly paint?: (text: string) => string;
}

export interface LiveArea {
  /** Replaces what was drawn before; each line is cut to the terminal's width. */
  draw(lines: readonly LiveLine[]): void;
  /** Draws for the last time, wrapped and not cut, and leaves the cursor below. */
  finish(lines: readonly LiveLine[]): void;
}

interface Screen {
  write(text: string): void;
  readonly columns: number;
}

// Wrapping is off while lines are drawn: whatever the terminal thinks of a character's width, one line stays one row.
// Each such write turns it on again, so that a killed program leaves a sane terminal.
const WRAP_OFF = "\u001b[?7l";
const WRAP_ON = "\u001b[?7h";

function painted({ paint }: LiveLine, text: string): string {
  return paint ? paint(text) : text;
}

export function createLiveArea(screen: Screen, ellipsis: string): LiveArea {
  let drawn: readonly string[] = [];

  // A terminal that was made narrower has wrapped the old lines.
  const rowsDrawn = () =>
    drawn.reduce((rows, text) => rows + Math.max(1, Math.ceil(widthOf(text) / Math.max(1, screen.columns))), 0);

  const eraseDrawn = () => {
    const rows = rowsDrawn();
    return rows === 0 ? "" : `\u001b[${rows}A\r\u001b[J`;
  };

  return {
    draw: (lines) => {
      const columns = Math.max(1, screen.columns - 1);
      const texts = lines.map(({ text }) => cutToWidth(text, columns, ellipsis));
      const output = lines.map((line, index) => `${painted(line, texts[index] ?? "")}\n`).join("");
      screen.write(`${WRAP_OFF}${eraseDrawn()}${output}${WRAP_ON}`);
      drawn = texts;
    },
    // The last drawing is not taken back: nothing is cut, for paths and warnings are read and copied.
    finish: (lines) => {
      screen.write(`${eraseDrawn()}${lines.map((line) => `${painted(line, line.text)}\n`).join("")}`);
      drawn = [];
    },
  };
}

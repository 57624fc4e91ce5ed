// Marks: what a tree is drawn with, in Unicode and in ASCII, and text made fit to stand in one line of it.

import { plainText } from "../../core/redaction.ts";
import type { LiveLine } from "./live-area.ts";
import type { Style } from "./style.ts";

export interface Marks {
  readonly branch: string;
  readonly last: string;
  readonly trunk: string;
  readonly picture: string;
  readonly clip: string;
  readonly money: string;
  readonly done: string;
  readonly failed: string;
  readonly warning: string;
  readonly waiting: string;
}

const unicodeMarks: Marks = {
  branch: "├─ ",
  last: "└─ ",
  trunk: "│",
  picture: "🖼️ ",
  clip: "🎬 ",
  money: "💰 ",
  done: "✅ ",
  failed: "❌ ",
  warning: "⚠ ",
  waiting: "⏳ ",
};

const asciiMarks: Marks = {
  branch: "|- ",
  last: "`- ",
  trunk: "|",
  picture: "",
  clip: "",
  money: "",
  done: "OK: ",
  failed: "Failed: ",
  warning: "Warning: ",
  waiting: "",
};

export function marksOf(style: Style): Marks {
  return style.unicode ? unicodeMarks : asciiMarks;
}

/** Text of any origin on one line of the tree. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, " ");
}

/** The lines as branches of the tree, the last one as its end. */
export function withBranches(lines: readonly LiveLine[], marks: Marks): LiveLine[] {
  return lines.map((line, index) => ({
    ...line,
    text: `${index === lines.length - 1 ? marks.last : marks.branch}${line.text}`,
  }));
}

// Tables: columns of text with the widths that terminals use. The last column is not padded.

import { plainText } from "../../core/redaction.ts";
import { padToWidth, widthOf } from "./fit.ts";

const GAP = "  ";

/** Lines of a table with a heading, each ending with a line break. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows].map((cells) => cells.map((cell) => plainText(cell).replace(/\s+/g, " ")));
  const widths = heading.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column] ?? ""))));
  return lines
    .map((cells) => {
      const padded = cells.map((cell, column) =>
        column === cells.length - 1 ? cell : padToWidth(cell, widths[column] ?? 0),
      );
      return `${padded.join(GAP).trimEnd()}\n`;
    })
    .join("");
}

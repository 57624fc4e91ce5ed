// A real terminal emulation: bytes in, the grid of cells out.

import { Terminal } from "@xterm/headless";

/** What a terminal of this size shows after the text was written to it; trailing blanks and empty last rows left out. */
export async function screenAfter(written: string, columns: number, rows = 40): Promise<string[]> {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true, scrollback: 1000 });
  await new Promise<void>((resolve) => {
    terminal.write(written, resolve);
  });
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  terminal.dispose();
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines;
}

import { Terminal } from "@xterm/headless";
import { describe, expect, test } from "vitest";
import { screenAfter } from "../testing/screen.ts";
import { createLiveArea } from "./live-area.ts";

function screenOf(columns: number) {
  return {
    written: "",
    columns,
    write(text: string) {
      this.written += text;
    },
  };
}

describe("the live area", () => {
  test("replaces what it drew, longer or shorter, and leaves what was above", async () => {
    const screen = screenOf(20);
    screen.write("above\n");
    const area = createLiveArea(screen, "…");
    area.draw([{ text: "one" }, { text: "two" }, { text: "three" }]);
    area.draw([{ text: "four" }]);
    area.finish([{ text: "five" }, { text: "six" }]);
    screen.write("below\n");
    expect(await screenAfter(screen.written, 20)).toEqual(["above", "five", "six", "below"]);
  });

  test("redraws in place at the bottom of the screen too", async () => {
    const screen = screenOf(20);
    screen.write("line\n".repeat(8));
    const area = createLiveArea(screen, "…");
    for (let turn = 0; turn < 5; turn += 1) area.draw([{ text: `turn ${turn}` }, { text: "second" }]);
    const rows = await screenAfter(screen.written, 20, 5);
    expect(rows).toEqual([...Array.from({ length: 8 }, () => "line"), "turn 4", "second"]);
  });

  test("colours come after the cut, so that no sequence is ever cut in half", () => {
    const screen = screenOf(6);
    createLiveArea(screen, "…").draw([{ text: "longer than that", paint: (text) => `<${text}>` }]);
    expect(screen.written).toContain("<long…>");
  });

  test("a terminal made narrower has wrapped the old lines, which are erased all the same", async () => {
    const terminal = new Terminal({ cols: 40, rows: 10, allowProposedApi: true, convertEol: true });
    const screen = screenOf(40);
    const flush = () =>
      new Promise<void>((resolve) => {
        terminal.write(screen.written, resolve);
        screen.written = "";
      });
    const area = createLiveArea(screen, "…");
    area.draw([{ text: "x".repeat(39) }, { text: "short" }]);
    await flush();
    terminal.resize(20, 10);
    screen.columns = 20;
    area.draw([{ text: "new" }]);
    await flush();
    const rows = Array.from({ length: 10 }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true));
    expect(rows.filter((row) => row !== "")).toEqual(["new"]);
  });

  test("a character that the terminal draws wider than we think does not wrap its line", async () => {
    const screen = screenOf(50);
    const area = createLiveArea(screen, "…");
    for (let turn = 0; turn < 3; turn += 1) area.draw([{ text: "👩‍👩‍👧‍👦".repeat(20) }, { text: `turn ${turn}` }]);
    const rows = await screenAfter(screen.written, 50);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toBe("turn 2");
  });

  test("wrapping is on again after every write", () => {
    const screen = screenOf(20);
    const area = createLiveArea(screen, "…");
    area.draw([{ text: "a" }]);
    expect(screen.written.endsWith("\u001b[?7h")).toBe(true);
    area.finish([{ text: "a" }]);
    expect(screen.written.lastIndexOf("\u001b[?7l")).toBeLessThan(screen.written.lastIndexOf("\u001b[?7h"));
  });
});

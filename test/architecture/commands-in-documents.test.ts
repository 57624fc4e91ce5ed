// The commands that the documents tell people to type are understood as they stand there, and every value is allowed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { definitions } from "../../src/cli/definitions/index.ts";
import { readCommandLine } from "../../src/cli/command-line/read-command-line.ts";
import { settingNames, settingRow } from "../../src/settings/table.ts";

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));

const pages = ["README.md", "CONTRIBUTING.md", ...below("docs"), ...below("plugin")];

/** What stands in code, in a block or in a line. */
function codeIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash)?\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  const spans = [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return [...blocks.flatMap((block) => block.split("\n")), ...spans.map((span) => span.replaceAll("\\|", "|"))];
}

/** Words as a shell reads them; enough for what stands in documents. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

/** Program and words of each command in a line of code. What is left open for the reader (`<id>`) is a word like any other, but after help. */
function commandsIn(line: string): string[][] {
  return line
    .replace(/(?:^|\s)#.*$/, "")
    .replace(/\s[<>] \S+/g, "")
    .split(/&&|\|\||[;|]/)
    .map((part) => part.trim().replace(/^(?:\$ )?(?:[A-Z_]+=(?:\$\([^)]*\)|\S*) )*/, ""))
    .filter((part) => /^(?:image|video)-gen (?!help <)/.test(part))
    .map(wordsOf);
}

/** All that is wrong with it, as its user would be told. */
function mistakesIn([program, ...words]: readonly string[]): string[] {
  const line = readCommandLine(program === "video-gen" ? ["video", ...words] : words);
  if (line.kind === "mistake") return line.problems.map(({ message }) => message);
  if (line.kind !== "command") return [];
  const values = settingNames.flatMap((name) => {
    const given = line.flags[name];
    if (given === undefined || given.includes("<")) return [];
    const parsed = settingRow(name).parse(given);
    return parsed.ok ? [] : [`${name} ${given} ${parsed.problem.message}`];
  });
  return [...line.problems.map(({ message }) => message), ...values];
}

describe.each(pages)("%s", (page) => {
  const commands = codeIn(readFileSync(page, "utf8")).flatMap(commandsIn);
  test("every command is understood", () => {
    const wrong = commands.flatMap((command) =>
      mistakesIn(command).map((mistake) => `${command.join(" ")}: ${mistake}`),
    );
    expect(wrong).toEqual([]);
  });
});

test("commands are found at all", () => {
  const found = codeIn(readFileSync("README.md", "utf8")).flatMap(commandsIn);
  expect(found.length).toBeGreaterThan(30);
  expect(found).toContainEqual(["image-gen", "…", "--auth", "vertex-key"]);
});

test("the examples in help are understood", () => {
  const commands = definitions.flatMap(({ examples }) => examples.flatMap(({ command }) => commandsIn(command)));
  const wrong = commands.flatMap((command) => mistakesIn(command).map((mistake) => `${command.join(" ")}: ${mistake}`));
  expect(wrong).toEqual([]);
});

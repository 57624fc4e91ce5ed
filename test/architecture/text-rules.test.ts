// Rules about the text of the sources that an import rule cannot see. Each is also seen to fire on a planted line.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";

interface TextRule {
  readonly name: string;
  /** What must not stand in the code (comments are taken out first). */
  readonly forbidden: RegExp;
  /** Paths below src that may. */
  readonly allowed: RegExp;
  /** A line that breaks the rule. */
  readonly planted: string;
}

const rules: readonly TextRule[] = [
  {
    name: "only google/models knows a model's name",
    forbidden: /["'`][^"'`\n]*(?:gemini-[0-9][0-9a-z.-]*|nano-banana|imagen-[0-9]|veo-[0-9]|gemini-omni)/,
    allowed: /^(google\/models|emulator)\//,
    planted: 'const model = "gemini-3-pro-image";',
  },
  {
    name: "only google/endpoints and google/auth know a Google host",
    forbidden: /(?<!www)\.googleapis\.com/,
    allowed: /^(google\/endpoints|google\/auth|emulator)\//,
    planted: 'const host = "https://aiplatform.googleapis.com";',
  },
  {
    name: "only google/auth and the redactor read the text of a secret",
    forbidden: /\.reveal\(\)/,
    allowed: /^(google\/auth\/|core\/redaction\.ts|core\/secret\.ts)/,
    planted: "const text = secret.reveal();",
  },
  {
    name: "the library does not read the environment, exit or print",
    forbidden: /process\.(?:env|exit|stdout|stderr|argv)|console\.\w+\(/,
    allowed: /^cli\//,
    planted: "const key = process.env.GOOGLE_API_KEY;",
  },
  {
    name: "no process is ever started but the sender and what shrinks pictures",
    forbidden: /child_process/,
    allowed: /^(sender\/start-sender|mcp\/start-shrinking)\.ts$/,
    planted: 'import { exec } from "node:child_process";',
  },
  {
    name: "the time and chance come in from outside",
    forbidden: /Date\.now\(\)|Math\.random\(\)|new Date\(\)|performance\.now\(\)/,
    allowed: /^(transport\/system-clock\.ts|emulator\/|cli\/)/,
    planted: "const now = Date.now();",
  },
];

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.includes("/testing/"));

/** The code without its comments, line by line. */
function codeLines(text: string): string[] {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .split("\n")
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ""));
}

describe("text rules", () => {
  test.each(rules)("$name", ({ forbidden, allowed }) => {
    const found = sources
      .filter((path) => !allowed.test(path))
      .flatMap((path) =>
        codeLines(readFileSync(join("src", path), "utf8")).flatMap((line, index) =>
          forbidden.test(line) ? [`${relative(".", join("src", path))}:${index + 1}: ${line.trim()}`] : [],
        ),
      );
    expect(found).toEqual([]);
  });

  test.each(rules)("a planted line is caught: $name", ({ forbidden, planted }) => {
    expect(codeLines(planted).some((line) => forbidden.test(line))).toBe(true);
  });
});

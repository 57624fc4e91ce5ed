// Each import rule is seen to fire: a small tree with one violation is laid out and cruised with the real rules.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type IForbiddenRuleType } from "dependency-cruiser";
import { afterAll, describe, expect, test } from "vitest";

const configuration: { forbidden: IForbiddenRuleType[]; options: object } = createRequire(import.meta.url)(
  "../../.dependency-cruiser.cjs",
);
const trees: string[] = [];

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

/** Names of the rules that a tree of files breaks. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  const tree = mkdtempSync(join(tmpdir(), "image-gen-rules-"));
  trees.push(tree);
  symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
  writeFileSync(join(tree, "package.json"), JSON.stringify({ type: "module", dependencies: { sharp: "*" } }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const result = await cruise(["src"], {
    ...configuration.options,
    tsConfig: {},
    baseDir: tree,
    validate: true,
    ruleSet: { forbidden: configuration.forbidden },
  });
  const { output } = result;
  if (typeof output === "string") throw new Error(`dependency-cruiser printed instead of reporting: ${output}`);
  return [...new Set(output.summary.violations.map((violation) => violation.rule.name))].toSorted();
}

const one = "export const one = 1;\n";
const importing = (path: string) => `import { one } from "${path}";\nexport const two = one;\n`;

const cases: { rule: string; files: Record<string, string> }[] = [
  ...(
    [
      ["core", "spend"],
      ["google/models", "google/endpoints"],
      ["google/endpoints", "google/auth"],
      ["google/auth", "transport"],
      ["google/wire", "outputs"],
      ["transport", "google/wire"],
      ["references", "outputs"],
      ["outputs", "transport"],
      ["styles", "outputs"],
      ["sessions", "outputs"],
      ["spend", "outputs"],
      ["settings", "cli"],
      ["generate", "cli"],
      ["doctor", "cli"],
      ["sender", "cli"],
      ["emulator", "core"],
      ["mcp", "outputs"],
      ["cli", "google/wire"],
    ] as const
  ).map(([from, to]) => ({
    rule: `${from.replace("/", "-")}-imports-only-${from === "core" || from === "emulator" ? "itself" : "what-it-may"}`,
    files: {
      [`src/${from}/a.ts`]: importing(`${"../".repeat(from.split("/").length)}${to}/b.ts`),
      [`src/${to}/b.ts`]: one,
    },
  })),
  {
    rule: "no-cycle",
    files: {
      "src/core/a.ts": 'import type { B } from "./b.ts";\nexport type A = B;\n',
      "src/core/b.ts": 'import type { A } from "./a.ts";\nexport type B = A | 1;\n',
    },
  },
  {
    rule: "core-does-no-io",
    files: { "src/core/a.ts": 'import { sep } from "node:path";\nexport const two = sep;\n' },
  },
  {
    rule: "no-second-http-stack",
    files: { "src/outputs/a.ts": 'import { request } from "node:https";\nexport const two = request;\n' },
  },
  {
    rule: "main-starts-light",
    files: { "src/cli/main.ts": importing("../generate/b.ts"), "src/generate/b.ts": one },
  },
  {
    rule: "heavy-packages-are-lazy",
    files: { "src/outputs/a.ts": 'import sharp from "sharp";\nexport const two = sharp;\n' },
  },
  {
    rule: "no-development-package",
    files: { "src/outputs/a.ts": 'import { test } from "vitest";\nexport const two = test;\n' },
  },
];

describe("import rules", () => {
  test.each(cases)("$rule fires on a violation", async ({ rule, files }) => {
    expect(await brokenRules(files)).toContain(rule);
  });

  test("a tree that keeps the rules breaks none", async () => {
    expect(
      await brokenRules({
        "src/core/b.ts": one,
        "src/outputs/a.ts": importing("../core/b.ts"),
        "src/outputs/lazy.ts": 'export const load = () => import("sharp");\n',
      }),
    ).toEqual([]);
  });

  test("every rule of the configuration has a case", () => {
    expect(cases.map(({ rule }) => rule).toSorted()).toEqual(
      configuration.forbidden.map(({ name }) => name ?? "").toSorted(),
    );
  });
});

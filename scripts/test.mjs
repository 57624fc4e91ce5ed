// `npm test`: sets everything up and proves the project. Ends with the line `N passed, N failed`.
//   npm test                 everything
//   npm test -- src/core     only the tests whose path contains the word

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { root } from "./set-up.mjs";

const filters = process.argv.slice(2);
const checks = [
  { name: "formatting", script: "@biomejs/biome/bin/biome", args: ["format", "."] },
  { name: "lint", script: "oxlint/bin/oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "types", script: "typescript/bin/tsc", args: ["-p", "tsconfig.json"] },
  {
    name: "import rules",
    script: "dependency-cruiser/bin/dependency-cruise.mjs",
    args: ["src", "--config", ".dependency-cruiser.cjs"],
  },
  { name: "dead code", script: "knip/bin/knip.js", args: ["--no-progress"] },
  { name: "package contents", script: "publint/src/cli.js", args: ["--strict"] },
];

function run(script, args) {
  return spawnSync(process.execPath, [join(root, "node_modules", script), ...args], { cwd: root, stdio: "inherit" })
    .status;
}

let passed = 0;
let failed = 0;
await build({ types: filters.length === 0 });

if (filters.length === 0) {
  for (const { name, script, args } of checks) {
    const ok = run(script, args) === 0;
    process.stdout.write(`${ok ? "✓" : "✗"} ${name}\n`);
    if (ok) passed += 1;
    else failed += 1;
  }
}

const reports = mkdtempSync(join(tmpdir(), "image-gen-test-"));
const report = join(reports, "vitest.json");
const status = run("vitest/vitest.mjs", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...filters,
]);
try {
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  // A file that cannot even be loaded has no tests to count.
  if (status !== 0 && result.numFailedTests === 0) failed += Math.max(1, result.numFailedTestSuites);
} catch {
  failed += 1;
}
rmSync(reports, { recursive: true, force: true });

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

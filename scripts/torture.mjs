// `npm run torture`: builds the command and the checks of test/torture, and runs them. See docs/torture.md.
//   npm run torture -- [--only race,clock] [--scale 0.1] [--seed 1] [--at-once 2] [--sound-only]

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { root } from "./set-up.mjs";

await build({ ifStale: true });
const { build: bundle } = await import("esbuild");
// Node 20 does not run TypeScript; packages are found through a link.
const folder = mkdtempSync(join(tmpdir(), "image-gen-torture-build-"));
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
await bundle({
  absWorkingDir: root,
  entryPoints: ["test/torture/main.ts"],
  outfile: join(folder, "torture.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, [join(folder, "torture.mjs"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);

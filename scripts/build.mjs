// Builds dist/: the library and the commands as ESM with shared chunks, the start of the command line as one small
// CommonJS file (Node 20 starts it faster than ESM), and the type declarations with --types.
//   node scripts/build.mjs [--if-stale] [--types]

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installDependencies, root } from "./set-up.mjs";

const dist = join(root, "dist");
const stamp = join(dist, ".built");

function newestChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isFresh() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return ["src", "scripts/build.mjs", "package.json", "package-lock.json"].every(
    (path) => newestChange(join(root, path)) <= built,
  );
}

/** Leaves `import()` of our own files as it is and points it at the ESM build beside main.cjs. */
const lazyCommands = {
  name: "lazy-commands",
  setup(build) {
    build.onResolve({ filter: /^\.\/.*\.ts$/ }, (args) =>
      args.kind === "dynamic-import" ? { path: args.path.replace(/\.ts$/, ".js"), external: true } : undefined,
    );
  },
};

/** Builds everything; with `ifStale` only when a source file is newer than the last build. */
export async function build({ ifStale = false, types = false } = {}) {
  installDependencies();
  if (ifStale && isFresh()) return;
  const { build: bundle } = await import("esbuild");
  rmSync(dist, { recursive: true, force: true });
  const shared = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    external: ["sharp", "google-auth-library", "@resvg/resvg-js"],
    logLevel: "warning",
  };
  const commands = readdirSync(join(root, "src/cli/commands"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => ({ in: `src/cli/commands/${name}`, out: `cli/commands/${name.slice(0, -3)}` }));
  await bundle({
    ...shared,
    entryPoints: [{ in: "src/index.ts", out: "index" }, { in: "src/emulator/index.ts", out: "emulator" }, ...commands],
    outdir: "dist",
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    // Bundled CommonJS packages ask for Node's built-ins by require.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
  });
  await bundle({
    ...shared,
    entryPoints: ["src/cli/main.ts"],
    outfile: "dist/cli/main.cjs",
    format: "cjs",
    plugins: [lazyCommands],
  });
  if (types) {
    const result = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], {
      cwd: root,
      stdio: "inherit",
    });
    if (result.status !== 0) process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, "");
}

if (process.argv[1] && import.meta.url.endsWith("/scripts/build.mjs") && process.argv[1].endsWith("build.mjs")) {
  await build({ ifStale: process.argv.includes("--if-stale"), types: process.argv.includes("--types") });
}

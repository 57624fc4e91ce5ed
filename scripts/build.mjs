// Builds dist/: the library as ESM with shared chunks, the command line as CommonJS (Node 20 starts it faster), one file
// for its start and one for each command, and the type declarations with --types.
//   node scripts/build.mjs [--if-stale] [--types]

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { lazySchemas } from "./lazy-schemas.mjs";
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
  return ["src", "scripts/build.mjs", "scripts/lazy-schemas.mjs", "package.json", "package-lock.json"].every(
    (path) => newestChange(join(root, path)) <= built,
  );
}

/** `import()` of a command, of the library or of the emulator stays a load of its own, so that what is not used is not even read. */
const separateLoads = {
  name: "separate-loads",
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/commands\/.*\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: path.replace(/\.ts$/, ".cjs"), external: true } : undefined,
    );
    bundler.onResolve({ filter: /\/generate\/index\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "../library.cjs", external: true } : undefined,
    );
    bundler.onResolve({ filter: /\/emulator\/index\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "../emulator.cjs", external: true } : undefined,
    );
    bundler.onResolve({ filter: /\/(?:desk-library|serve-http)\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: `../agents/${basename(path, ".ts")}.cjs`, external: true } : undefined,
    );
  },
};

/** Leaves V8's code cache beside the built command line. Without it everything works, only slower: a failure is no failure. */
function warmCodeCache() {
  const scratch = mkdtempSync(join(tmpdir(), "image-gen-build-"));
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "build", version: "1" } },
  };
  spawnSync(process.execPath, [join(root, "scripts/warm-code-cache.cjs"), scratch], {
    input: `${JSON.stringify(initialize)}\n${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" })}\n`,
    stdio: ["pipe", "ignore", "ignore"],
  });
  rmSync(scratch, { recursive: true, force: true });
}

/** commander loads child_process to run commands that are programs of their own; here there are none, and the load takes 2 ms. */
const noPrograms = {
  name: "no-programs",
  setup(bundler) {
    bundler.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("node_modules/commander/") ? { path: "child_process", namespace: "nothing" } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
  },
};

/**
 * The protocol's package brings ajv (a third of its size) to check what a person types into a form; ours is one checkbox,
 * checked where it is read.
 */
const noFormValidator = {
  name: "no-form-validator",
  setup(bundler) {
    bundler.onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, ({ path }) => ({
      path,
      namespace: "shims",
    }));
    bundler.onLoad({ filter: /.*/, namespace: "shims" }, () => ({
      contents: 'export { default as process } from "node:process"; export class DefaultJsonSchemaValidator {}',
    }));
  },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  // Node reads all of a file before it runs any of it: every byte is start-up time.
  minify: true,
  legalComments: "none",
  external: [
    "sharp",
    "libheif-js",
    "google-auth-library",
    "@resvg/resvg-js",
    "@photostructure/sqlite",
    "mediabunny",
    "h264-mp4-encoder",
  ],
  logLevel: "warning",
};

/** The command line alone; `plugins` are for builds that are broken on purpose (scripts/build-broken.mjs). */
export async function bundleCommandLine(outdir, plugins = []) {
  const { build: bundle } = await import("esbuild");
  const commands = readdirSync(join(root, "src/cli/commands"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => ({ in: `src/cli/commands/${name}`, out: `commands/${name.slice(0, -3)}` }));
  await bundle({
    ...shared,
    entryPoints: [
      { in: "src/cli/main.ts", out: "main" },
      { in: "src/emulator/index.ts", out: "emulator" },
      { in: "src/generate/index.ts", out: "library" },
      { in: "src/sender/sender.ts", out: "sender/sender" },
      { in: "src/cli/opening/desk-library.ts", out: "agents/desk-library" },
      { in: "src/mcp/serve-http.ts", out: "agents/serve-http" },
      { in: "src/mcp/shrink-pictures.ts", out: "thumbnails/shrink-pictures" },
      ...commands,
    ],
    outdir,
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    // Also import() of packages: the ESM loader alone costs a fifth of an empty script's time.
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "__moduleUrl" },
    banner: { js: 'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
    plugins: [separateLoads, noPrograms, noFormValidator, lazySchemas, ...plugins],
  });
}

/** Builds everything; with `ifStale` only when a source file is newer than the last build. */
export async function build({ ifStale = false, types = false } = {}) {
  installDependencies();
  if (ifStale && isFresh()) return;
  const { build: bundle } = await import("esbuild");
  rmSync(dist, { recursive: true, force: true });
  await bundle({
    ...shared,
    entryPoints: [
      { in: "src/index.ts", out: "index" },
      { in: "src/emulator/index.ts", out: "emulator" },
    ],
    outdir: "dist",
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    // Bundled CommonJS packages ask for Node's built-ins by require.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
  });
  await bundleCommandLine(join(dist, "cli"));
  warmCodeCache();
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

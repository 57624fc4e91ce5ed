// `npm run bench`: whole-process costs as ratios of medians, taken in turn within one run, against stated targets.
// Absolute numbers are printed for orientation only: machines differ, ratios hold.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "../scripts/build.mjs";
import { root } from "../scripts/set-up.mjs";
import { askServer } from "./mcp.mjs";

const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
const scratch = mkdtempSync(join(tmpdir(), "image-gen-bench-"));
const command = join(root, "bin/image-gen.cjs");
let counter = 0;

await build({ ifStale: true });

const servers = [];
// Whatever ends this run ends the servers too.
process.on("exit", () => {
  for (const server of servers) server.kill();
  rmSync(scratch, { recursive: true, force: true });
});

function serve(script, ...words) {
  const server = spawn(process.execPath, [join(root, script), ...words], { stdio: ["ignore", "pipe", "inherit"] });
  servers.push(server);
  return new Promise((resolve) => {
    createInterface({ input: server.stdout }).once("line", (line) => resolve(JSON.parse(line).url));
  });
}

const url = await serve("bench/answer-server.mjs");
const clipUrl = await serve("bench/clip-server.mjs", scratch);

/** Environment without proxies and credentials of the person, and without the CA bundle that slows every Node start. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/proxy|^NODE_|GOOGLE|GEMINI|VERTEX/i.test(name)),
);

function runOnce(args, size) {
  counter += 1;
  const folder = join(scratch, String(counter));
  mkdirSync(folder);
  const usageFile = join(folder, "usage.json");
  const started = process.hrtime.bigint();
  const result = spawnSync(process.execPath, ["--require", join(root, "bench/measure.cjs"), ...args(folder)], {
    cwd: root,
    env: {
      ...environment,
      BENCH_URL: url,
      BENCH_CLIP_URL: clipUrl,
      BENCH_SIZE: size ?? "1K",
      BENCH_OUT: join(folder, "peer.png"),
      BENCH_USAGE_FILE: usageFile,
      IMAGE_GEN_HOME: join(scratch, "home"),
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: "bench-key",
    },
    encoding: "utf8",
  });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status !== 0) {
    console.error(`${args(folder).join(" ")} ended with ${result.status}:\n${result.stderr}`);
    process.exit(1);
  }
  const usage = JSON.parse(readFileSync(usageFile, "utf8"));
  rmSync(folder, { recursive: true, force: true });
  return { wallMs, ...usage };
}

const ours =
  (size, more = []) =>
  (folder) => [
    command,
    "generate",
    `bench ${size}`,
    "--auth",
    "api-key",
    "--size",
    size,
    "--output",
    `${folder}/`,
    "--quiet",
    // Each picture is bought: nobody has asked for it before.
    "--new",
    ...more,
  ];

/** The drawing alone, in one process: what the targets for time, CPU and memory are about. */
const withoutLedger =
  (size, count = 1) =>
  (folder) => [join(root, "bench/without-ledger.cjs"), size, String(count), folder];

const clip = (auth, ...more) => ({
  args: (folder) => [join(root, "bench/clip-without-ledger.cjs"), auth, folder, ...more],
});

const subjects = {
  "empty script": { args: () => [join(root, "bench/empty.cjs")] },
  "--version": { args: () => [command, "--version"] },
  "--help": { args: () => [command, "--help"] },
  "image-gen 1K": { args: ours("1K"), size: "1K" },
  "1K, --foreground": { args: ours("1K", ["--foreground"]), size: "1K" },
  "1K, no ledger": { args: withoutLedger("1K"), size: "1K" },
  "4K, no ledger": { args: withoutLedger("4K"), size: "4K" },
  "clip of 20 MB, inline": clip("vertex-key"),
  "clip of 20 MB, linked": clip("api-key"),
  "clip of 100 MB, up": clip("api-key", join(scratch, "main.mp4")),
  "fetch script 1K": { args: () => [join(root, "bench/peers/fetch.mjs")], size: "1K" },
  "@google/genai 4K": { args: () => [join(root, "bench/peers/google-genai.mjs")], size: "4K" },
};

const results = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
for (let round = -1; round < rounds; round += 1) {
  for (const [name, { args, size }] of Object.entries(subjects)) {
    const result = runOnce(args, size);
    if (round >= 0) results[name].push(result);
  }
}
const host = { command, environment: { ...environment, GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: "bench-key" } };
results["mcp initialize"] = [];
results["mcp 4K"] = [];
for (let round = 0; round < rounds; round += 1) {
  results["mcp initialize"].push(await askServer(host));
  results["mcp 4K"].push(await askServer({ ...host, size: "4K" }));
}
results["40 × 4K, no ledger"] = [1, 2, 3].map(() => runOnce(withoutLedger("4K", 40), "4K"));

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const of = (name, figure) => median(results[name].map((result) => result[figure]));

console.log(`\n${"medians".padEnd(22)} ${"wall ms".padStart(9)} ${"CPU ms".padStart(9)} ${"peak MiB".padStart(9)}`);
for (const name of Object.keys(results)) {
  const cells = ["wallMs", "cpuMs", "rssMiB"].map((figure) => of(name, figure).toFixed(0).padStart(9));
  console.log(`${name.padEnd(22)} ${cells.join(" ")}`);
}

const ratio = (a, b, figure) => of(a, figure) / of(b, figure);
const targets = [
  ["--version: wall / empty script", ratio("--version", "empty script", "wallMs"), 1.15],
  ["--help: wall / empty script", ratio("--help", "empty script", "wallMs"), 1.5],
  ["4K: wall / @google/genai", ratio("4K, no ledger", "@google/genai 4K", "wallMs"), 0.5],
  ["4K: CPU / @google/genai", ratio("4K, no ledger", "@google/genai 4K", "cpuMs"), 0.4],
  ["4K: peak memory / @google/genai", ratio("4K, no ledger", "@google/genai 4K", "rssMiB"), 0.25],
  ["1K: wall / fetch script", ratio("1K, no ledger", "fetch script 1K", "wallMs"), 0.6],
  ["4K: peak memory above 1K, MiB", of("4K, no ledger", "rssMiB") - of("1K, no ledger", "rssMiB"), 10],
  ["sender and ledger: wall above neither, ms", of("image-gen 1K", "wallMs") - of("1K, no ledger", "wallMs"), 120],
  ["40 × 4K: peak memory above one, MiB", of("40 × 4K, no ledger", "rssMiB") - of("4K, no ledger", "rssMiB"), 30],
  ["20 MB clip in the answer: peak memory, MiB", of("clip of 20 MB, inline", "rssMiB"), 80],
  ["20 MB clip behind a link: peak memory, MiB", of("clip of 20 MB, linked", "rssMiB"), 80],
  ["100 MB clip uploaded: peak memory, MiB", of("clip of 100 MB, up", "rssMiB"), 80],
  ["mcp: initialize answered / empty script", ratio("mcp initialize", "empty script", "wallMs"), 2.5],
  ["mcp 4K: kB on stdout", of("mcp 4K", "stdoutBytes") / 1000, 100],
  ["mcp 4K: peak memory of the server, MiB", of("mcp 4K", "rssMiB"), 90],
];
console.log("");
let missed = 0;
for (const [name, value, limit] of targets) {
  const ok = value <= limit;
  if (!ok) missed += 1;
  console.log(`${ok ? "✓" : "✗"} ${name.padEnd(42)} ${value.toFixed(2).padStart(7)}   target ≤ ${limit}`);
}
process.exit(missed === 0 ? 0 : 1);

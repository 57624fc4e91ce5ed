#!/usr/bin/env node
// The launcher: answers --version without loading anything else, and starts the built command line.
// In a source checkout without a build (npm ci runs no scripts) it builds first.
"use strict";

const { existsSync, writeSync } = require("node:fs");
const path = require("node:path");
const { version } = require("../package.json");

const main = path.join(__dirname, "../dist/cli/main.cjs");

function buildFirst() {
  const script = path.join(__dirname, "../scripts/build.mjs");
  if (existsSync(main) || !existsSync(script)) return;
  process.stderr.write("Building image-gen for the first time …\n");
  const { spawnSync } = require("node:child_process");
  // Standard output is kept for data.
  const { status } = spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    process.stderr.write("The build failed; see above.\n");
    process.exit(10);
  }
}

function start() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 15)) {
    process.stderr.write(`image-gen needs Node 20.15 or newer; this is ${process.versions.node}.\n`);
    process.exit(3);
  }
  buildFirst();
  require("node:module").enableCompileCache?.();
  const { createLoader } = require("./load-cached.cjs");
  void createLoader().load(main).main(version);
}

const [, , first, second] = process.argv;
// Not through process.stdout, whose making takes longer than all the rest of this.
if ((first === "--version" || first === "-V") && second === undefined) writeSync(1, `${version}\n`);
else start();

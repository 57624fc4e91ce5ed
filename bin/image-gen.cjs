#!/usr/bin/env node
// The launcher: answers --version without loading anything else, and starts the built command line.
// In a source checkout without a build (npm ci runs no scripts) it builds first.
"use strict";

const { version } = require("../package.json");

function buildFirst() {
  const fs = require("node:fs");
  const path = require("node:path");
  const main = path.join(__dirname, "../dist/cli/main.cjs");
  const script = path.join(__dirname, "../scripts/build.mjs");
  if (fs.existsSync(main) || !fs.existsSync(script)) return;
  process.stderr.write("Building image-gen for the first time …\n");
  const childProcess = require("node:child_process");
  // Standard output is kept for data.
  const { status } = childProcess.spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] });
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
  let commandLine;
  try {
    commandLine = require("../dist/cli/main.cjs");
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    buildFirst();
    commandLine = require("../dist/cli/main.cjs");
  }
  void commandLine.main(version);
}

const [, , first, second] = process.argv;
if ((first === "--version" || first === "-V") && second === undefined) process.stdout.write(`${version}\n`);
else start();

// The sender as a process: started by image-gen for each request, with its pipes as standard input and output. Not a command.
"use strict";

const path = require("node:path");
const { createLoader } = require("./load-cached.cjs");

require("node:module").enableCompileCache?.();
const { runSender } = createLoader().load(path.join(__dirname, "../dist/cli/sender/sender.cjs"));
const end = () => process.exit(0);

async function main() {
  await runSender({ orders: process.stdin, news: process.stdout });
  // What was told must have left; a reader that is gone must not be waited for.
  process.stdout.write("", end);
  setTimeout(end, 1_000);
}

void main();

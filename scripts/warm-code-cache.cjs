// Run by the build: prints the help, draws one picture on the emulator and answers an agent's host, so that the code cache holds what real runs need
// compiled.
//   node scripts/warm-code-cache.cjs <scratch folder>
"use strict";

const path = require("node:path");
const { PassThrough } = require("node:stream");
const { createLoader } = require("../bin/load-cached.cjs");
const { version } = require("../package.json");

const scratch = process.argv[2];
process.env.IMAGE_GEN_HOME = path.join(scratch, "home");
process.chdir(scratch);

const loader = createLoader({ record: true });
process.on("exit", () => loader.writeCaches());
const commandLine = loader.load(path.join(__dirname, "../dist/cli/main.cjs"));

async function run(...words) {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...words);
  await commandLine.main(version);
}

/** The sender with a job, as a command would give it. */
async function send() {
  const { runSender } = loader.load(path.join(__dirname, "../dist/cli/sender/sender.cjs"));
  const orders = new PassThrough();
  const news = new PassThrough();
  news.on("data", (line) => {
    if (`${line}`.includes('"outcome"')) orders.end('{"type":"shown","seen":true}\n');
  });
  const options = { auth: "api-key", workingDirectory: scratch, stateDirectory: path.join(scratch, "home", "state") };
  const job = { options, credentials: {}, rehearse: true, work: { kind: "pictures", request: { prompt: "warm up" } } };
  orders.write(`${JSON.stringify({ type: "job", job })}\n`);
  await runSender({ orders, news });
}

void run("--help")
  .then(() => run("generate", "warm up", "--rehearse", "--auth", "api-key", "--quiet", "--foreground"))
  .then(send)
  // Its requests come from the build, through standard input. No tool is called: a server that draws sets V8's flags, and a
  // cache is good only for the flags it was made with.
  .then(() => run("mcp", "--rehearse"))
  .then(() => void loader.load(path.join(__dirname, "../dist/cli/agents/desk-library.cjs")));

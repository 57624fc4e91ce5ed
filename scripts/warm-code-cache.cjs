// Run by the build: draws one picture on the emulator, so that the code cache holds what a real run needs compiled.
//   node scripts/warm-code-cache.cjs <scratch folder>
"use strict";

const path = require("node:path");
const { createLoader } = require("../bin/load-cached.cjs");
const { version } = require("../package.json");

const scratch = process.argv[2];
process.argv.splice(2, Number.POSITIVE_INFINITY, "generate", "warm up", "--rehearse", "--auth", "api-key", "--quiet");
process.env.IMAGE_GEN_HOME = path.join(scratch, "home");
process.chdir(scratch);

const loader = createLoader({ record: true });
process.on("exit", () => loader.writeCaches());
void loader.load(path.join(__dirname, "../dist/cli/main.cjs")).main(version);

// One clip by the built sender in this very process and without a ledger, as without-ledger.cjs does it for pictures.
//   node bench/clip-without-ledger.cjs <vertex-key|api-key> <folder> [clip to be extended]
"use strict";

const path = require("node:path");
const { PassThrough } = require("node:stream");
const { createLoader } = require("../bin/load-cached.cjs");

const [auth, folder, extendVideo] = process.argv.slice(2);
const { runSender } = createLoader().load(path.join(__dirname, "../dist/cli/sender/sender.cjs"));
const orders = new PassThrough();
const news = new PassThrough();
news.on("data", (line) => {
  if (!`${line}`.includes('"type":"outcome"')) return;
  if (!`${line}`.includes('"status":"ok"')) {
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
  }
  orders.end('{"type":"shown","seen":true}\n');
});
const { BENCH_CLIP_URL } = process.env;
const job = {
  options: {
    auth,
    baseUrls: { generativelanguage: BENCH_CLIP_URL, aiplatform: BENCH_CLIP_URL },
    workingDirectory: folder,
    stateDirectory: path.join(folder, "state"),
    references: { files: "anything", urls: "none" },
    ledger: "none",
  },
  credentials: {
    apiKey: { sealed: "bench-key", source: "bench" },
    vertexKey: { sealed: "bench-key", source: "bench" },
  },
  rehearse: false,
  work: {
    kind: "clip",
    request: {
      prompt: "a tide",
      allowRetired: true,
      ...(auth === "api-key" ? { model: "veo-3.1-lite-generate-preview" } : {}),
      ...(extendVideo === undefined ? { durationSeconds: 4 } : { extendVideo }),
    },
  },
};
orders.write(`${JSON.stringify({ type: "job", job })}\n`);
void runSender({ orders, news });

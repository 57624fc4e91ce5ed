// One operation by the built sender in this very process and without a ledger: what it costs to keep the money safe is
// measured against this.
//   node bench/without-ledger.cjs <size> <pictures> <folder>
"use strict";

const path = require("node:path");
const { PassThrough } = require("node:stream");
const { createLoader } = require("../bin/load-cached.cjs");

const [size, count, folder] = process.argv.slice(2);
const { runSender } = createLoader().load(path.join(__dirname, "../dist/cli/sender/sender.cjs"));
const orders = new PassThrough();
const news = new PassThrough();
news.on("data", (line) => {
  if (!`${line}`.includes('"type":"outcome"')) return;
  if (!`${line}`.includes('"status":"ok"')) process.exitCode = 1;
  orders.end('{"type":"shown","seen":true}\n');
});
const job = {
  options: {
    auth: "api-key",
    baseUrls: { generativelanguage: process.env.GOOGLE_GEMINI_BASE_URL },
    workingDirectory: folder,
    stateDirectory: path.join(folder, "state"),
    ledger: "none",
  },
  credentials: { apiKey: { sealed: process.env.GEMINI_API_KEY, source: "GEMINI_API_KEY" } },
  rehearse: false,
  work: { kind: "pictures", request: { prompt: `bench ${size}`, size, count: Number(count) } },
};
orders.write(`${JSON.stringify({ type: "job", job })}\n`);
void runSender({ orders, news });

// One picture by the built library without a ledger and without a sender: what keeping the money safe is measured against.

import { createImageGen, Secret } from "../dist/index.js";

const imageGen = createImageGen({
  auth: "api-key",
  credentials: { apiKey: new Secret(process.env.GEMINI_API_KEY, "GEMINI_API_KEY") },
  baseUrls: { generativelanguage: process.env.GOOGLE_GEMINI_BASE_URL },
  workingDirectory: process.env.BENCH_FOLDER,
  stateDirectory: `${process.env.BENCH_FOLDER}/state`,
  ledger: "none",
});
const outcome = await imageGen.generate({ prompt: "bench", size: process.env.BENCH_SIZE });
if (outcome.status !== "ok") throw new Error(JSON.stringify(outcome));

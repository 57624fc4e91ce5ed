// `npm start -- "a prompt" [options]`: sets everything up and draws the prompt on the built-in emulator, free and offline.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { root } from "./set-up.mjs";

await build({ ifStale: true });
const given = process.argv.slice(2);
const words = given.length > 0 ? given : ["A beautiful sunset over mountains"];
const result = spawnSync(process.execPath, [join(root, "bin/image-gen.cjs"), "generate", "--rehearse", ...words], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: "inherit",
});
process.exit(result.status ?? 1);

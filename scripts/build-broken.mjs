// A build that is broken on purpose, for the checks of test/torture: each must be seen to fail on a sender that deserves it.
// The changes are made to the text on its way into the bundle, in a folder outside; no source file and no dist/ has them.
//   node scripts/build-broken.mjs <folder> '[{"file": "src/…", "find": "…", "replace": "…"}]'

import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { bundleCommandLine } from "./build.mjs";
import { root } from "./set-up.mjs";

const [folder, changesText] = process.argv.slice(2);
const changes = JSON.parse(changesText);
const made = new Set();

const breaking = {
  name: "breaking",
  setup(bundler) {
    for (const { file } of changes) {
      const path = join(root, file);
      bundler.onLoad({ filter: new RegExp(`^${path.replaceAll(/[.[\]\\]/g, "\\$&")}$`) }, () => {
        let contents = readFileSync(path, "utf8");
        for (const change of changes.filter((one) => one.file === file)) {
          // A change that no longer fits must not leave a sound sender that passes for a broken one.
          if (contents.split(change.find).length !== 2) {
            throw new Error(`${file} does not have exactly once: ${change.find}`);
          }
          contents = contents.replace(change.find, () => change.replace);
          made.add(change);
        }
        return { contents, loader: "ts" };
      });
    }
  },
};

mkdirSync(join(folder, "bin"), { recursive: true });
for (const name of readdirSync(join(root, "bin"))) copyFileSync(join(root, "bin", name), join(folder, "bin", name));
copyFileSync(join(root, "package.json"), join(folder, "package.json"));
for (const name of ["node_modules", "assets"]) symlinkSync(join(root, name), join(folder, name));
await bundleCommandLine(join(folder, "dist/cli"), [breaking]);
for (const change of changes) {
  if (!made.has(change)) throw new Error(`${change.file} is not part of the command line`);
}

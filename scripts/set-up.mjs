// Makes a checkout ready by itself: right Node, dependencies as the lockfile says. Used by start, test, build and bench.

import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
  process.stderr.write(`image-gen needs Node 20.15 or newer; this is ${process.versions.node}.\n`);
  process.exit(3);
}

/** Runs `npm ci --ignore-scripts` unless node_modules already matches the lockfile. Output goes to stderr. */
export function installDependencies() {
  const lockfile = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
  refuseLink(join(root, "node_modules"));
  process.stderr.write("Setting up: npm ci --ignore-scripts …\n");
  const result = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    process.stderr.write("The dependencies could not be installed; see npm's message above.\n");
    process.exit(result.status ?? 1);
  }
}

/** `npm ci` empties the folder behind a link before it installs: that of the checkout which this is a copy of. */
function refuseLink(folder) {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const target = existsSync(folder) ? realpathSync(folder) : "nothing";
  process.stderr.write(
    `${folder} is a link to ${target} and does not match package-lock.json. ` +
      "`npm ci` would empty what it leads to, so nothing was done.\n" +
      "Remove the link and start again: the packages are then installed here. Or bring the packages there up to date.\n",
  );
  process.exit(3);
}

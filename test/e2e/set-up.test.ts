// A checkout that makes itself ready: what it must not do to another one.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { newFolder } from "./run-command.ts";

/** A copy of the checkout whose node_modules is a link, installed at `installed` for a lockfile of `locked`, in seconds since 1970. */
function copyWithLink(installed: number, locked: number) {
  const folder = newFolder();
  const original = join(folder, "original");
  const copy = join(folder, "copy");
  mkdirSync(original);
  mkdirSync(join(copy, "scripts"), { recursive: true });
  cpSync(resolve("scripts/set-up.mjs"), join(copy, "scripts/set-up.mjs"));
  writeFileSync(join(copy, "package-lock.json"), "{}");
  writeFileSync(join(original, ".package-lock.json"), "{}");
  utimesSync(join(copy, "package-lock.json"), locked, locked);
  utimesSync(join(original, ".package-lock.json"), installed, installed);
  symlinkSync(original, join(copy, "node_modules"), "dir");
  const script = 'import("./scripts/set-up.mjs").then(({ installDependencies }) => installDependencies())';
  // Without a PATH there is no npm that could do harm.
  const run = spawnSync(process.execPath, ["-e", script], { cwd: copy, env: { PATH: folder }, encoding: "utf8" });
  return { ...run, original };
}

test("a linked node_modules that is out of date is refused, and what it leads to stays", () => {
  const { status, stderr, original } = copyWithLink(1, 2);
  expect([status, stderr]).toEqual([3, expect.stringContaining(`is a link to ${original}`)]);
  expect(stderr).toContain("nothing was done");
  expect(existsSync(join(original, ".package-lock.json"))).toBe(true);
});

test("a linked node_modules that is up to date is used", () => {
  const { status, stderr } = copyWithLink(2, 1);
  expect([status, stderr]).toEqual([0, ""]);
});

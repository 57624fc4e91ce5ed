import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkFiles, type FilesToCheck } from "./check-files.ts";
import type { Check } from "./report.ts";
import { openFolder } from "./testing/examine-with.ts";

const root = openFolder();
let serial = 0;

function newFolder(mode: number): string {
  serial += 1;
  const path = join(root, `folder-${serial}`);
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

function newFile(mode: number, name = "file.json"): string {
  const path = join(newFolder(0o700), name);
  writeFileSync(path, "{}");
  chmodSync(path, mode);
  return path;
}

/** One kind of place looked at; all others are not there. */
function check(files: Partial<FilesToCheck>) {
  const nowhere = join(root, "nowhere");
  return checkFiles({
    configFile: join(nowhere, "config.json"),
    configHoldsSecret: false,
    stateDirectory: nowhere,
    keyFiles: [],
    ...files,
  });
}

const statusesOf = (wanted: string, checks: readonly Check[]) =>
  checks.filter(({ name }) => name === wanted).map(({ status }) => status);

describe.skipIf(process.platform === "win32")("files", () => {
  test("places that are not there yet are no fault", () => {
    expect(check({}).map(({ name, status }) => [name, status])).toEqual([
      ["settings folder", "ok"],
      ["state folder", "ok"],
    ]);
  });

  // A superuser may write everywhere but below a file that is no folder.
  test("a place that cannot be made is told, with what to do", () => {
    const file = newFile(0o600);
    const [, state] = check({ stateDirectory: join(file, "image-gen") });
    expect(state).toMatchObject({ name: "state folder", status: expect.stringMatching(/warning|unknown/) });
  });

  test("a folder that may not be written to is told", ({ skip }) => {
    skip(process.getuid?.() === 0, "a superuser may write everywhere");
    const path = newFolder(0o500);
    expect(check({ stateDirectory: path }).at(-1)).toMatchObject({ status: "warning", nextStep: expect.any(String) });
    expect(check({ stateDirectory: join(path, "a", "b") }).at(-1)).toMatchObject({ status: "warning" });
  });

  test.each([0o644, 0o640, 0o604, 0o660])("a key file of mode %o is told with the command that closes it", (mode) => {
    const path = newFile(mode);
    expect(check({ keyFiles: [path] })).toContainEqual({
      name: "key file",
      status: "warning",
      message: expect.stringContaining(`mode ${mode.toString(8)}`),
      nextStep: `chmod 600 ${path}`,
    });
  });

  test.each([0o600, 0o400])("a key file of mode %o is right", (mode) => {
    expect(check({ keyFiles: [newFile(mode)] })).toContainEqual(
      expect.objectContaining({ name: "key file", status: "ok" }),
    );
  });

  test("a path with a blank and a quote is one word of the command", () => {
    const path = newFile(0o644, "it's a key.json");
    expect(check({ keyFiles: [path] }).at(-1)?.nextStep).toBe(`chmod 600 '${path.replace("'", "'\\''")}'`);
  });

  test("a settings file with a key in it must be closed to readers", () => {
    const configFile = newFile(0o644, "config.json");
    expect(check({ configFile, configHoldsSecret: true })).toContainEqual(
      expect.objectContaining({ name: "settings file", status: "warning", nextStep: `chmod 600 ${configFile}` }),
    );
  });

  test("a settings file without a key may be read by others but not changed", () => {
    const found = [0o644, 0o664, 0o646].flatMap((mode) => check({ configFile: newFile(mode, "config.json") }));
    expect(statusesOf("settings file", found)).toEqual(["ok", "warning", "warning"]);
  });

  test("a state folder that others can enter is told", () => {
    const found = [0o700, 0o750, 0o701].flatMap((mode) => check({ stateDirectory: newFolder(mode) }));
    expect(statusesOf("state folder", found)).toEqual(["ok", "warning", "warning"]);
  });

  test("a file in the folder's place is told", () => {
    expect(check({ stateDirectory: newFile(0o600) })).toContainEqual(
      expect.objectContaining({
        name: "state folder",
        status: "warning",
        message: expect.stringContaining("not a folder"),
      }),
    );
  });

  test("what cannot be looked at is unknown, and the rest is still told", () => {
    const circle = join(root, "circle");
    symlinkSync(circle, circle);
    expect(check({ keyFiles: [circle, newFile(0o600)] }).slice(-2)).toMatchObject([
      { name: "key file", status: "unknown", message: expect.stringContaining("ELOOP") },
      { name: "key file", status: "ok" },
    ]);
  });
});

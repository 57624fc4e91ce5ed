import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfigFile, readJsonFile, writeConfigFile } from "./config-file.ts";
import { findFolders } from "./folders.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-config-"));
  path = join(folder, "config.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  writeFileSync(path, text, { mode: 0o600 });
  return readConfigFile(path);
}

function warningsWith(text: string, mode: number): number {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return readConfigFile(path).warnings.length;
}

describe("the settings file", () => {
  test("a missing file is an empty one", () => {
    expect(readConfigFile(path)).toMatchObject({ problems: [], warnings: [] });
  });

  test("values come as text with their line", () => {
    const { entries, problems } = read('{\n  "auth": "adc",\n  "timeout": 60,\n  "preview": false\n}');
    expect(problems).toEqual([]);
    expect([...entries]).toEqual([
      ["auth", { text: "adc", line: 2 }],
      ["timeoutMs", { text: "60", line: 3 }],
      ["preview", { text: "false", line: 4 }],
    ]);
  });

  test("malformed JSON is named with its line", () => {
    expect(read('{\n  "auth": "adc",\n}').problems).toEqual([
      { code: "config-invalid", field: `${path}:3`, message: 'Expected a key in double quotes but found "}".' },
    ]);
  });

  test("unknown keys and wrong types are all named, the likely key as well", () => {
    const { problems } = read('{\n  "ahtu": "adc",\n  "timeout": "60",\n  "model": null, "size": ["1K"]\n}');
    expect(problems.map(({ field, message }) => [field.slice(path.length + 1), message])).toEqual([
      ["2", 'There is no setting "ahtu".'],
      ["3", "timeout must be a number, not a string."],
      ["4", "model must be a string, not null."],
      ["4", "size must be a string, not a list."],
    ]);
    expect(problems[0]?.suggestion).toBe("auth");
  });

  test.each(["[]", "3", '"x"', "null"])("%s is not a settings file", (text) => {
    expect(read(text).problems).toHaveLength(1);
  });

  test("a key named like a built-in is only unknown", () => {
    expect(read('{"__proto__": "x", "constructor": "y"}').problems.map(({ given }) => given)).toEqual([
      "__proto__",
      "constructor",
    ]);
  });

  test("a folder in the place of the file is a problem, not a crash", () => {
    expect(readConfigFile(folder).problems).toMatchObject([{ code: "config-invalid", field: folder }]);
  });

  test("a key that others can read is warned of, other settings are not", () => {
    expect(warningsWith('{"apiKey": "k"}', 0o640)).toBe(1);
    expect(warningsWith('{"apiKey": "k"}', 0o600)).toBe(0);
    expect(warningsWith('{"auth": "adc"}', 0o644)).toBe(0);
  });

  test("is written readable by its owner alone, under any umask, with nothing left beside it", () => {
    const before = process.umask(0);
    try {
      writeConfigFile(join(folder, "new", "config.json"), { auth: "adc" });
    } finally {
      process.umask(before);
    }
    expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "new", "config.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "new"))).toEqual(["config.json"]);
    expect(readFileSync(join(folder, "new", "config.json"), "utf8")).toBe('{\n  "auth": "adc"\n}\n');
  });

  test("what a killed run left beside it does not lend its mode", () => {
    const leftover = join(folder, `.config-${process.pid}.json.part`);
    writeFileSync(leftover, "half", { mode: 0o644 });
    chmodSync(leftover, 0o644);
    writeConfigFile(path, { auth: "adc" });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("a models file with a mistake is refused with its line, a missing one is none", () => {
    expect(readJsonFile(path)).toBeUndefined();
    writeFileSync(path, "{\n\n nope }");
    expect(() => readJsonFile(path)).toThrow(`${path}:3`);
  });
});

describe("folders", () => {
  test("IMAGE_GEN_HOME holds everything, relative to the working directory", () => {
    expect(findFolders({ IMAGE_GEN_HOME: "h" }, "/somewhere")).toEqual({
      configFile: "/somewhere/h/config.json",
      modelsFile: "/somewhere/h/models.json",
      stylesDirectory: "/somewhere/h/styles",
      stateDirectory: "/somewhere/h/state",
    });
  });

  test("without it each platform's own folders are used", () => {
    const { configFile, stateDirectory } = findFolders({}, "/somewhere");
    expect(configFile).toMatch(/image-gen/);
    expect(stateDirectory).toMatch(/image-gen/);
    expect(configFile).not.toMatch(/nodejs/);
  });
});

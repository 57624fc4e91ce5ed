import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

let home = "";
let path = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-cli-config-"));
  path = join(home, "config.json");
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

async function config(words: readonly string[], stdin = "") {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home }, stdin });
  const exitCode = await runProgram(["config", ...words], context);
  return { exitCode, ...context.written };
}

describe("config", () => {
  test("what was set is got, listed, and gone when it is unset", async () => {
    expect(await config(["set", "auth", "ADC"])).toMatchObject({ exitCode: 0, stdout: "" });
    await config(["set", "timeout", "60s"]);
    await config(["set", "preview", "off"]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ auth: "adc", timeout: 60, preview: false });
    expect((await config(["get", "auth"])).stdout).toBe("adc\n");
    expect((await config(["list"])).stdout).toBe("key      value\nauth     adc\ntimeout  60\npreview  false\n");
    await config(["unset", "auth"]);
    expect(await config(["get", "auth"])).toMatchObject({ exitCode: 3, stdout: "" });
  });

  test("an unknown key is refused with the likely one, and nothing is written", async () => {
    const { exitCode, stderr } = await config(["set", "ahtu", "adc"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean auth?");
    expect(existsSync(path)).toBe(false);
  });

  test("a value that could not be used is refused before it is written", async () => {
    expect(await config(["set", "tier", "cheap"])).toMatchObject({ exitCode: 2 });
    expect(await config(["set", "geminiUrl", "not a url"])).toMatchObject({ exitCode: 2 });
    expect(existsSync(path)).toBe(false);
  });

  test("a key is written, never shown, and said to be better kept elsewhere", async () => {
    const { stderr } = await config(["set", "apiKey", "-"], "hush-hush\n");
    expect(stderr).toContain("GOOGLE_API_KEY");
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ apiKey: "hush-hush" });
    for (const words of [["list"], ["get", "apiKey"], ["list", "--json"], ["get", "apiKey", "--json"]]) {
      const { stdout } = await config(words);
      expect(stdout).toContain("[set]");
      expect(stdout).not.toContain("hush");
    }
    expect((await config(["set", "apiKey", "hush"])).stderr).toContain("shell's history");
  });

  test("a password in a proxy's address is not shown", async () => {
    await config(["set", "httpsProxy", "http://me:hush@proxy.example:1"]);
    expect((await config(["list"])).stdout).toContain("http://[set]@proxy.example:1/");
  });

  test("a file with a mistake is not touched and named with its line", async () => {
    writeFileSync(path, '{\n  "auth": "adc",\n  oops\n}');
    const { exitCode, stderr } = await config(["set", "model", "x"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${path}:3: Expected a key`);
    expect(readFileSync(path, "utf8")).toContain("oops");
  });

  test("each form has one JSON document", async () => {
    const documents = [];
    for (const words of [
      ["path"],
      ["set", "auth", "adc"],
      ["get", "auth"],
      ["list"],
      ["unset", "auth"],
      ["get", "auth"],
    ]) {
      documents.push(JSON.parse((await config([...words, "--json"])).stdout));
    }
    expect(documents).toMatchObject([
      { path },
      { key: "auth", value: "adc" },
      { value: "adc" },
      { settings: { auth: "adc" } },
      { wasSet: true },
      { status: "error", error: { code: "config-invalid", exitCode: 3 } },
    ]);
  });
});

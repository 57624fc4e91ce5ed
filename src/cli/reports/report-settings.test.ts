import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-cli-settings-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home, ...environment } });
  const exitCode = await runProgram(argv, context);
  return { exitCode, ...context.written };
}

test("--show-defaults says value and origin of each setting", async () => {
  writeFileSync(join(home, "config.json"), '{\n "auth": "adc"\n}');
  const environment = { GOOGLE_CLOUD_LOCATION: "eu", GOOGLE_API_KEY: "hush-hush" };
  const { exitCode, stdout } = await run(["--show-defaults", "-s", "2K"], environment);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^size +2K +--size$/m);
  expect(stdout).toMatch(/^auth +adc +\/.*config\.json:2$/m);
  expect(stdout).toMatch(/^location +eu +GOOGLE_CLOUD_LOCATION$/m);
  expect(stdout).toMatch(/^apiKey +\[set\] +GOOGLE_API_KEY$/m);
  expect(stdout).toMatch(/^timeout +300 s +default$/m);
  expect(stdout).not.toContain("hush");
});

test("--show-defaults says which budgets hold and where each came from", async () => {
  const text =
    '{ "budgets": [\n { "window": "day", "usd": 5 },\n { "window": "run", "usd": 1, "project": "films" }\n] }';
  writeFileSync(join(home, "config.json"), text);
  const environment = { IMAGE_GEN_BUDGET_DAY: "2" };
  const { exitCode, stdout } = await run(["--show-defaults", "--budget", "0.5"], environment);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^budget +\$0\.50 +--budget$/m);
  // Of two on the same things the lower one holds.
  expect(stdout).toMatch(/^day +\$2\.00 +IMAGE_GEN_BUDGET_DAY$/m);
  expect(stdout).not.toContain("$5");
  expect(stdout).toMatch(/^run, project films +\$1\.00 +\/.*config\.json:3$/m);
  const document: unknown = JSON.parse((await run(["--show-defaults", "--json"], environment)).stdout);
  expect(document).toMatchObject({
    status: "ok",
    budgets: [
      { window: "day", project: null, model: null, limitMicroUsd: 2_000_000, from: "IMAGE_GEN_BUDGET_DAY" },
      { window: "run", project: "films", limitMicroUsd: 1_000_000, from: `${join(home, "config.json")}:3` },
    ],
  });
});

test("--show-defaults works with a broken settings file, and says what is wrong once", async () => {
  writeFileSync(join(home, "config.json"), "{");
  const { exitCode, stdout, stderr } = await run(["--show-defaults"]);
  expect(exitCode).toBe(3);
  expect(stdout).toContain("default");
  expect(stderr.match(/Expected/g)).toHaveLength(1);
});

test("--show-defaults says what is wrong with a budget", async () => {
  writeFileSync(join(home, "config.json"), '{ "budgets": [{ "window": "week", "usd": 5 }] }');
  const { exitCode, stderr } = await run(["--show-defaults"]);
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining("budgets[0].window")]);
});

// The commands about money as their user runs them: built, in a process of their own, in an empty home.

import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentOf, newFolder, runCommand } from "./run-command.ts";

describe("money in an empty home", () => {
  test.each([
    ["spend", "--json"],
    ["spend", "--by", "day", "--csv"],
    ["spend", "budget", "--json"],
    ["spend", "resolve", "--json"],
    ["spend", "verify", "--json"],
    ["spend", "repair", "--json"],
    ["history", "--json"],
  ])("%s %s %s looks and makes nothing", async (...words) => {
    const { exitCode, stdout, stderr, folder } = await runCommand(words.filter((word) => word !== undefined));
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).not.toBe("");
    expect(existsSync(join(folder, ".home"))).toBe(false);
  });

  test("an array is what history gives", async () => {
    expect(JSON.parse((await runCommand(["history", "--json"])).stdout)).toEqual([]);
  });
});

describe("a budget", () => {
  test("set by six processes at once is six budgets", async () => {
    const folder = newFolder();
    const projects = ["a", "b", "c", "d", "e", "f"];
    const set = (project: string) =>
      runCommand(["spend", "budget", "set", "--day", "1", "--project", project], { folder });
    const runs = await Promise.all(projects.map(set));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(projects.map(() => 0));
    const { budgets } = documentOf(await runCommand(["spend", "budget", "--json"], { folder }));
    const names = (budgets as { project: string }[]).map(({ project }) => project);
    expect(names.toSorted()).toEqual(projects);
  });

  test("is set, closed to others under any umask, shown and cleared", async () => {
    const folder = newFolder();
    const home = join(folder, ".home");
    const set = await runCommand(["spend", "budget", "set", "--day", "0.1", "--json"], {
      folder,
      launcher: ["/bin/sh", "-c", 'umask 0; exec "$@"', "sh"],
    });
    expect(documentOf(set)).toMatchObject({ budgets: [{ window: "day", limitMicroUsd: 100_000 }] });
    expect(readdirSync(home).toSorted()).toEqual([".config.lock", "config.json"]);
    expect(statSync(join(home, "config.json")).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    const shown = await runCommand(["spend", "budget"], { folder, environment: { IMAGE_GEN_BUDGET_DAY: "0.05" } });
    expect(shown.stdout).toMatch(/^day +\$0\.05 .* IMAGE_GEN_BUDGET_DAY$/m);
    expect((await runCommand(["spend", "budget", "clear"], { folder })).exitCode).toBe(0);
    expect(documentOf(await runCommand(["spend", "budget", "--json"], { folder }))).toMatchObject({ budgets: [] });
  });

  test("of a project's own files is not even looked at", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "config.json"), '{ "budgets": "none" }');
    writeFileSync(join(folder, ".env"), "IMAGE_GEN_BUDGET_DAY=1000\n");
    expect(documentOf(await runCommand(["spend", "budget", "--json"], { folder }))).toMatchObject({ budgets: [] });
  });
});

test("a bill is read and compared by the built command", async () => {
  const folder = newFolder();
  writeFileSync(
    join(folder, "bill.csv"),
    '\ufeffUsage start date,SKU description,"Cost ($)"\r\n2026-11-24,Storage,"1,000.5"\r\n',
  );
  const document = documentOf(await runCommand(["spend", "reconcile", "bill.csv", "--json"], { folder }));
  expect(document).toMatchObject({ rows: [], others: [{ sku: "Storage", billedMicroUsd: 1_000_500_000 }] });
});

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { CENT, DOLLAR, pay } from "../../spend/ledger/testing/fixture.ts";
import { newHome, type TestHome } from "../testing/filled-ledger.ts";

let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => home.remove());

const file = (): unknown => JSON.parse(readFileSync(home.configPath, "utf8"));
const aliased = createCatalogue().models.find(({ aliases }) => aliases.length > 0);

describe("spend budget", () => {
  test("says that there is none, and makes nothing", async () => {
    expect(await home.run(["spend", "budget"])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "No budget is set. One for each day: image-gen spend budget set --day 5\n",
    });
    expect((await home.json(["spend", "budget"])).document).toMatchObject({ status: "ok", budgets: [] });
    expect(readdirSync(home.path)).toEqual([]);
  });

  test("shows what is spent, held and left, for the project and the model that it is for", async () => {
    await home.fill((ledger) => {
      pay(ledger, 30 * CENT, { project: "films" });
      pay(ledger, 5 * CENT);
    });
    await home.run(["spend", "budget", "set", "--month", "1", "--project", "films"]);
    await home.run(["spend", "budget", "set", "--day", "2"]);
    const { stdout } = await home.run(["spend", "budget"]);
    expect(stdout).toMatch(/^month, project films +\$1\.00 +\$0\.30 +\$0\.00 +\$0\.70 +in .+ +\/.*config\.json:3$/m);
    expect(stdout).toMatch(/^day +\$2\.00 +\$0\.35 +\$0\.00 +\$1\.65 +in .+$/m);
  });
});

describe("spend budget set", () => {
  test("writes each window, closed to others, beside what is there, and shows what stands", async () => {
    writeFileSync(home.configPath, '{ "auth": "adc" }');
    const { exitCode, stdout, stderr } = await home.run(["spend", "budget", "set", "--run", "0.1", "--day", "5"]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`run: $0.10 is set in ${home.configPath}\nday: $5.00 is set in ${home.configPath}\n`);
    expect(stdout).toMatch(/^run +\$0\.10 .*with each run/m);
    expect(file()).toEqual({
      auth: "adc",
      budgets: [
        { window: "run", usd: 0.1 },
        { window: "day", usd: 5 },
      ],
    });
    expect(statSync(home.configPath).mode & 0o777).toBe(0o600);
  });

  test("replaces what is for the same things and nothing else", async () => {
    await home.run(["spend", "budget", "set", "--day", "5"]);
    await home.run(["spend", "budget", "set", "--day", "1", "--project", "films"]);
    await home.run(["spend", "budget", "set", "--day", "0"]);
    expect(file()).toEqual({
      budgets: [
        { window: "day", usd: 1, project: "films" },
        { window: "day", usd: 0 },
      ],
    });
  });

  test("as JSON it has what was set and what stands", async () => {
    const { document, stderr } = await home.json(["spend", "budget", "set", "--day", "5"]);
    expect(stderr).toBe("");
    expect(document).toMatchObject({
      version: 1,
      status: "ok",
      path: home.configPath,
      set: [{ window: "day", project: null, model: null, limitMicroUsd: 5 * DOLLAR }],
      budgets: [{ window: "day", limitMicroUsd: 5 * DOLLAR, leftMicroUsd: 5 * DOLLAR }],
    });
  });

  test("says when a lower one of the environment counts", async () => {
    const { stderr } = await home.run(["spend", "budget", "set", "--day", "5"], {
      environment: { IMAGE_GEN_BUDGET_DAY: "2" },
    });
    expect(stderr).toContain("What counts is the lower one of IMAGE_GEN_BUDGET_DAY: $2.00");
  });

  test("a model's alias becomes the id that the ledger knows", async () => {
    await home.run(["spend", "budget", "set", "--day", "5", "--model", aliased?.aliases[0]?.name ?? ""]);
    expect(file()).toEqual({ budgets: [{ window: "day", usd: 5, model: aliased?.id }] });
  });

  test("an alias in the file holds the model's calls too", async () => {
    const model = aliased?.id ?? "";
    writeFileSync(
      home.configPath,
      JSON.stringify({ budgets: [{ window: "day", usd: 5, model: aliased?.aliases[0]?.name }] }),
    );
    await home.fill((ledger) => pay(ledger, CENT, { model }));
    expect((await home.json(["spend", "budget"])).document).toMatchObject({
      budgets: [{ model, spentMicroUsd: CENT }],
    });
  });

  test.each(["$5", "-1", "1e3", "NaN", "Infinity", "5 EUR", "", "0.0000001", "9999999999"])(
    "--day %j is refused and nothing is written",
    async (amount) => {
      const { exitCode, stderr, document } = await home.json(["spend", "budget", "set", `--day=${amount}`]);
      expect([exitCode, stderr]).toEqual([2, ""]);
      expect(document).toMatchObject({
        status: "error",
        error: {
          code: "value-not-allowed",
          problems: [{ field: "--day", given: amount, allowed: [expect.stringContaining("999999999.999999")] }],
        },
      });
      expect(existsSync(home.configPath)).toBe(false);
    },
  );

  test("all mistakes at once", async () => {
    const { exitCode, stderr } = await home.run([
      "spend",
      "budget",
      "set",
      "--day",
      "$5",
      "--run",
      "x",
      "--project",
      " ",
      "--model",
      "no-such-model",
      "--week",
      "3",
    ]);
    expect(exitCode).toBe(2);
    for (const word of ["--day", "--run", "--project", "no-such-model", "--week"]) expect(stderr).toContain(word);
  });

  test("without a window it says which there are", async () => {
    const { exitCode, stderr } = await home.run(["spend", "budget", "set", "--project", "films"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--run <usd>, --day <usd>, --month <usd>")]);
  });

  test("a settings folder that cannot be made is told, exit 3", async () => {
    const taken = `${home.path}/file`;
    writeFileSync(taken, "");
    const { exitCode, document } = await home.json(["spend", "budget", "set", "--day", "5"], {
      environment: { IMAGE_GEN_HOME: taken },
    });
    expect(exitCode).toBe(3);
    expect(document).toMatchObject({
      error: { code: "config-invalid", message: expect.stringContaining("cannot be written") },
    });
  });

  test("a list with a mistake is not written over", async () => {
    const text = '{ "budgets": [{ "window": "day", "usd": "lots" }] }';
    writeFileSync(home.configPath, text);
    expect(await home.run(["spend", "budget", "set", "--day", "5"])).toMatchObject({ exitCode: 3 });
    expect(readFileSync(home.configPath, "utf8")).toBe(text);
  });

  test("config set keeps the budgets, and config list, get and unset know them", async () => {
    await home.run(["spend", "budget", "set", "--day", "5", "--project", "films"]);
    await home.run(["spend", "budget", "set", "--run", "0.5"]);
    await home.run(["config", "set", "auth", "adc"]);
    expect(file()).toMatchObject({ auth: "adc", budgets: [{ usd: 5 }, { usd: 0.5 }] });
    const text = "day $5.00 (project films); run $0.50";
    expect((await home.run(["config", "list"])).stdout).toContain(`budgets  ${text}`);
    expect((await home.run(["config", "get", "budgets"])).stdout).toBe(`${text}\n`);
    const budget = { window: "day", limitMicroUsd: 5 * DOLLAR, project: "films", model: null };
    expect((await home.json(["config", "list"])).document).toMatchObject({ settings: { budgets: [budget, {}] } });
    expect((await home.json(["config", "get", "budgets"])).document).toMatchObject({ value: [budget, {}] });
    const refused = await home.run(["config", "set", "budgets", "5"]);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining("image-gen spend budget set")]);
    await home.run(["config", "unset", "budgets"]);
    expect(file()).toEqual({ auth: "adc" });
    expect((await home.run(["config", "get", "budgets"])).stderr).toContain("image-gen spend budget set");
  });

  test("config list tells of mistakes in the budgets", async () => {
    writeFileSync(home.configPath, '{ "budgets": [{ "window": "day", "usd": -5 }] }');
    const { exitCode, stderr } = await home.run(["config", "list"]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("budgets[0].usd -5")]);
  });
});

describe("spend budget clear", () => {
  beforeEach(async () => {
    await home.run(["spend", "budget", "set", "--day", "5", "--month", "50"]);
    await home.run(["spend", "budget", "set", "--day", "1", "--project", "films"]);
  });

  test.each([
    [["--day"], ["month"]],
    [
      ["--project", "films"],
      ["day", "month"],
    ],
    [
      ["--month", "--project", "films"],
      ["day", "month", "day"],
    ],
    [["--run"], ["day", "month", "day"]],
    [[], []],
  ])("%j", async (filters, left) => {
    const { exitCode, document } = await home.json(["spend", "budget", "clear", ...filters]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ status: "ok", left: left.map((window) => ({ window })) });
    expect((await home.json(["spend", "budget"])).document).toMatchObject({
      budgets: left.map((window) => ({ window })),
    });
  });

  test("tells what was removed and what still holds", async () => {
    const { stderr } = await home.run(["spend", "budget", "clear"], { environment: { IMAGE_GEN_BUDGET_DAY: "2" } });
    expect(stderr).toBe(`3 budgets removed from ${home.configPath}\nStill set: day, $2.00, by IMAGE_GEN_BUDGET_DAY\n`);
    expect((await home.run(["spend", "budget", "clear"])).stderr).toContain("No such budget");
  });

  test("mends a list that cannot be read", async () => {
    writeFileSync(home.configPath, '{ "auth": "adc", "budgets": { "day": "lots" } }');
    expect(await home.run(["spend", "budget", "clear", "--day"])).toMatchObject({ exitCode: 3 });
    expect(await home.run(["spend", "budget", "clear"])).toMatchObject({ exitCode: 0 });
    expect(file()).toEqual({ auth: "adc" });
  });

  test("takes no amounts", async () => {
    expect(await home.run(["spend", "budget", "clear", "--day", "5"])).toMatchObject({ exitCode: 2 });
  });
});

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, integer, property } from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatUsd } from "../core/money.ts";
import { removeAllBudgets, removeBudgets, setBudgets } from "./budget-file.ts";
import { readBudgets } from "./budgets.ts";
import { readConfigFile } from "./config-file.ts";

let folder = "";
let configPath = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-budgets-"));
  configPath = join(folder, "config.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string | null, environment: Record<string, string> = {}) {
  if (text !== null) writeFileSync(configPath, text);
  return readBudgets({ configPath, environment });
}

describe("budgets of file and environment", () => {
  test("are none where nothing is said", () => {
    expect(read(null, { IMAGE_GEN_BUDGET_DAY: " ", HOME: "/home/me" })).toEqual({ caps: [], problems: [] });
    expect(read('{ "auth": "adc" }')).toEqual({ caps: [], problems: [] });
    expect(read('{ "budgets": [] }')).toEqual({ caps: [], problems: [] });
  });

  test("are all there, in exact micro-dollars, with the place of each", () => {
    const text = `{
  "auth": "adc",
  "budgets": [
    { "window": "day", "usd": 5 },
    { "window": "month", "usd": 0.1, "project": " films ", "model": "model-a" },
    { "window": "run", "usd": 0 },
    {
      "usd": 999999999.999999, "window": "month"
    }
  ]
}`;
    expect(read(text, { IMAGE_GEN_BUDGET_DAY: "2.50", IMAGE_GEN_BUDGET_RUN: "0.000001" })).toEqual({
      caps: [
        { window: "day", limitMicroUsd: 5_000_000, origin: `${configPath}:4` },
        { window: "month", limitMicroUsd: 100_000, project: "films", model: "model-a", origin: `${configPath}:5` },
        { window: "run", limitMicroUsd: 0, origin: `${configPath}:6` },
        { window: "month", limitMicroUsd: 999_999_999_999_999, origin: `${configPath}:7` },
        { window: "day", limitMicroUsd: 2_500_000, origin: "IMAGE_GEN_BUDGET_DAY" },
        { window: "run", limitMicroUsd: 1, origin: "IMAGE_GEN_BUDGET_RUN" },
      ],
      problems: [],
    });
  });

  test("the settings file is sound with them", () => {
    writeFileSync(configPath, '{ "budgets": [{ "window": "day", "usd": 5 }], "auth": "adc" }');
    expect(readConfigFile(configPath).problems).toEqual([]);
  });

  test("any amount with six decimals is read to the micro-dollar", () => {
    assert(
      property(integer({ min: 0, max: 999_999_999_999_999 }), (microUsd) => {
        const usd = formatUsd(microUsd).slice(1);
        const { caps } = read(`{ "budgets": [{ "window": "day", "usd": ${usd} }] }`, { IMAGE_GEN_BUDGET_RUN: usd });
        expect(caps.map(({ limitMicroUsd }) => limitMicroUsd)).toEqual([microUsd, microUsd]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("amounts that are none", () => {
  test.each([
    ["$5", "5"],
    ["5 USD", "5"],
    ["5$", "5"],
    ["-1", undefined],
    ["1e3", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["0x10", undefined],
    ["1,5", undefined],
    [".5", undefined],
    ["0.1234567", undefined],
    ["1000000000", undefined],
    ["five", undefined],
    ["9".repeat(500), undefined],
  ])("%s in the environment", (given, suggestion) => {
    const { caps, problems } = read(null, { IMAGE_GEN_BUDGET_DAY: given });
    expect(caps).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: "config-invalid", field: "IMAGE_GEN_BUDGET_DAY" });
    expect(problems[0]?.message).toContain("IMAGE_GEN_BUDGET_DAY");
    expect(problems[0]?.allowed?.[0]).toContain("from 0 to 999999999.999999");
    expect(problems[0]?.suggestion).toBe(suggestion);
    expect(problems[0]?.given?.length).toBeLessThan(80);
  });

  test.each([
    '"$5"',
    '"5"',
    "-1",
    "1e3",
    "1E-3",
    '"1e3"',
    "0.1234567",
    "5.0000000",
    "1000000000",
    "null",
    "true",
    "[]",
    "{}",
    '""',
  ])("%s in the file", (literal) => {
    const { caps, problems } = read(`{ "budgets": [\n{ "window": "day", "usd":\n ${literal} }] }`);
    expect(caps).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: "config-invalid", field: `${configPath}:3` });
    expect(problems[0]?.message).toContain("budgets[0].usd");
  });

  test("a number in quotation marks is told to lose them", () => {
    expect(read('{ "budgets": [{ "window": "day", "usd": "5" }] }').problems[0]).toMatchObject({
      message: 'budgets[0].usd "5" must be a number without quotation marks.',
      suggestion: "5",
    });
  });

  test.each(["NaN", "Infinity", "+5"])("%s is no JSON, and its line is named", (literal) => {
    expect(read(`{ "budgets": [\n{ "window": "day", "usd": ${literal} }] }`).problems).toMatchObject([
      { code: "config-invalid", field: `${configPath}:2` },
    ]);
  });
});

describe("mistakes in the list", () => {
  test.each([
    ["5", "budgets must be a list"],
    ['{ "day": 5 }', "budgets must be a list"],
    ["[5]", "budgets[0] must be an object"],
    ['[{ "usd": 5 }]', "budgets[0].window is missing"],
    ['[{ "window": "day" }]', "budgets[0].usd is missing"],
    ['[{ "window": "dya", "usd": 5 }]', "budgets[0].window is not one"],
    ['[{ "window": "all", "usd": 5 }]', "budgets[0].window is not one"],
    ['[{ "window": ["day"], "usd": 5 }]', "budgets[0].window is not one"],
    ['[{ "window": "day", "usd": 5, "proyect": "x" }]', "budgets[0].proyect is not something"],
    ['[{ "window": "day", "usd": 5, "project": "" }]', "budgets[0].project must be a text"],
    ['[{ "window": "day", "usd": 5, "model": null }]', "budgets[0].model must be a text"],
    ['[{ "window": "day", "usd": 5, "usd": 500 }]', "budgets[0].usd is there twice"],
    ['[{ "window": "day", "usd": 5, "__proto__": { "usd": 1 } }]', "budgets[0].__proto__ is not something"],
  ])("%s", (list, message) => {
    const { caps, problems } = read(`{\n"budgets": ${list} }`);
    expect(caps).toEqual([]);
    expect(problems).toMatchObject([{ code: "config-invalid", field: `${configPath}:2` }]);
    expect(problems[0]?.message).toContain(message);
  });

  test("all are told at once, and what is sound is still there", () => {
    const { caps, problems } = read(
      '{ "budgets": [{ "window": "week", "usd": "x", "modle": 1 },\n{ "window": "day", "usd": 1 }] }',
      { IMAGE_GEN_BUDGET_MONTH: "x", IMAGE_GEN_BUDGET_DAYS: "1" },
    );
    expect(caps).toMatchObject([{ window: "day" }]);
    expect(problems.map(({ suggestion }) => suggestion)).toEqual([
      "model",
      undefined,
      undefined,
      undefined,
      "IMAGE_GEN_BUDGET_DAY",
    ]);
  });

  test("a list that is there twice", () => {
    const { problems } = read('{ "budgets": [],\n"budgets": [{ "window": "day", "usd": 1 }] }');
    expect(problems).toMatchObject([{ field: `${configPath}:2`, message: "budgets is there twice." }]);
  });

  test.each(["[]", "5", "not json", ""])("a file that holds %j is a problem and no freedom", (text) => {
    expect(read(text).problems).toMatchObject([{ code: "config-invalid", field: `${configPath}:1` }]);
  });

  test("a folder in the file's place", () => {
    expect(readBudgets({ configPath: folder, environment: {} }).problems).toMatchObject([
      { code: "config-invalid", field: folder },
    ]);
  });
});

describe("changing the file", () => {
  const scoped = { window: "day", limitMicroUsd: 100_000, project: "films" } as const;

  test("sets, replaces what is about the same things, keeps all else, and closes the file to others", async () => {
    writeFileSync(
      configPath,
      '{ "auth": "adc", "budgets": [{ "window": "day", "usd": 1, "project": "films" }], "timeout": 60 }',
    );
    chmodSync(configPath, 0o644);
    await setBudgets(configPath, [scoped, { window: "day", limitMicroUsd: 1 }]);
    await setBudgets(configPath, [{ window: "day", limitMicroUsd: 0 }]);
    expect(JSON.parse(readFileSync(configPath, "utf8"))).toEqual({
      auth: "adc",
      timeout: 60,
      budgets: [
        { window: "day", usd: 0.1, project: "films" },
        { window: "day", usd: 0 },
      ],
    });
    expect(statSync(configPath).mode & 0o777).toBe(0o600);
  });

  test("what is written is read back to the micro-dollar", async () => {
    for (const limitMicroUsd of [0, 1, 10, 123_456, 999_999_999_999_999]) {
      await setBudgets(configPath, [{ window: "run", limitMicroUsd }]);
      expect(read(null).caps).toMatchObject([{ limitMicroUsd }]);
    }
  });

  test("removes what is meant, and the key with the last one", async () => {
    await setBudgets(configPath, [scoped, { window: "month", limitMicroUsd: 5 }]);
    expect(await removeBudgets(configPath, ({ window }) => window === "run")).toEqual([]);
    expect(await removeBudgets(configPath, ({ window }) => window === "day")).toMatchObject([scoped]);
    expect(await removeBudgets(configPath, () => true)).toHaveLength(1);
    expect(JSON.parse(readFileSync(configPath, "utf8"))).toEqual({});
  });

  test("a list with a mistake is not touched, but can be removed as a whole", async () => {
    const text = '{ "auth": "adc", "budgets": "none" }';
    writeFileSync(configPath, text);
    await expect(setBudgets(configPath, [scoped])).rejects.toThrow("must be a list");
    expect(readFileSync(configPath, "utf8")).toBe(text);
    expect(await removeAllBudgets(configPath)).toBe(true);
    expect(await removeAllBudgets(configPath)).toBe(false);
    expect(JSON.parse(readFileSync(configPath, "utf8"))).toEqual({ auth: "adc" });
  });
});

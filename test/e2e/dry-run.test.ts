// Before paying: the plan, the price, the settings and the cap. Nothing is sent, nothing is written, no credential is needed.

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, openEmulator, type RunOptions, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator({ keepBodies: true });
});

beforeEach(() => {
  emulator.clearRequests();
});

/** Without any credential. */
async function run(words: readonly string[], { environment }: RunOptions = {}) {
  return await runCommand(words, { environment: { ...leadingTo(emulator), ...environment } });
}

const withKey = () => ({ environment: { GEMINI_API_KEY: emulator.credentials.apiKey } });

const everyConnection: readonly (readonly string[])[] = [
  ["--auth", "proxy"],
  ["--auth", "api-key"],
  ["--auth", "vertex-key"],
  ["--auth", "oauth", "--project-id", "p-1"],
  ["--auth", "oauth", "--endpoint", "generativelanguage"],
  ["--auth", "oauth", "--endpoint", "cloudcode-pa"],
  ["--auth", "adc"],
  ["--auth", "service-account"],
];

describe("nothing is sent, nothing is left, and no credential is wanted", () => {
  test.each(everyConnection)("%s %s %s %s", async (...connection) => {
    const words = connection.filter((word) => word !== undefined);
    for (const question of ["--dry-run", "--estimate-cost", "--show-defaults"]) {
      const finished = await run(["a fox", ...words, question, "--json"]);
      expect(finished, finished.stderr).toMatchObject({ exitCode: 0, files: [] });
      documentOf(finished);
    }
    expect(emulator.requests()).toEqual([]);
  });

  test.each([
    [["--estimate-cost"], /\$0\.134/],
    [["--dry-run"], /nothing was sent/],
    [["--show-defaults"], /auth +api-key/],
  ])("%j answers people on stdout", async (words, said) => {
    const finished = await run(["a fox", "--auth", "api-key", ...words]);
    expect(finished.exitCode).toBe(0);
    expect(finished.stdout).toMatch(said);
  });

  test("a dry run refuses what the run would refuse", async () => {
    const finished = await run(["a fox", "--auth", "api-key", "--ar", "17:9", "--dry-run", "--json"]);
    expect([finished.exitCode, documentOf(finished)]).toMatchObject([2, { error: { code: "ratio-not-offered" } }]);
  });
});

describe("the plan is what happens", () => {
  test.each([
    [["--auth", "api-key", "--ar", "16:9", "--size", "2K", "--seed", "7", "--temperature", "0.5"]],
    [["--auth", "api-key", "--tier", "flex", "--system", "Paint in oil."]],
    [["--auth", "vertex-key", "--person-generation", "allow-none"]],
    [["--auth", "oauth", "--project-id", "p-1", "--location", "eu", "--search"]],
  ])("%j: the request that a dry run shows is the one that is sent, to the letter", async (words) => {
    const { apiKey, vertexKey, accessToken } = emulator.credentials;
    const environment = {
      GEMINI_API_KEY: apiKey,
      VERTEX_API_KEY: vertexKey,
      GOOGLE_OAUTH_ACCESS_TOKEN: accessToken,
      // One base for all locations: the emulator tells them by the path.
      GOOGLE_VERTEX_BASE_URL: emulator.url,
    };
    const planned = await run(["a fox", ...words, "--dry-run", "--json"], { environment });
    const { httpRequest } = documentOf(planned) as { httpRequest: { url: string; body: unknown } };
    const drawn = await run(["a fox", ...words, "--quiet"], { environment });
    expect(drawn, drawn.stderr).toMatchObject({ exitCode: 0 });
    const [sent] = emulator.requests();
    expect(JSON.parse(sent?.body ?? "")).toEqual(httpRequest.body);
    expect(httpRequest.url.endsWith(sent?.path ?? "?")).toBe(true);
  });

  test("every option that is given is in the request", async () => {
    const words = [
      "--ar",
      "16:9",
      "--size",
      "2K",
      "--seed",
      "7",
      "--temperature",
      "0.5",
      "--system",
      "Oil.",
      "--search",
    ];
    const drawn = await run(["a fox", "--auth", "api-key", "--quiet", ...words], withKey());
    expect(drawn, drawn.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(emulator.requests()[0]?.body ?? "")).toMatchObject({
      contents: [{ parts: [{ text: "a fox" }] }],
      systemInstruction: { parts: [{ text: "Oil." }] },
      tools: [{ googleSearch: {} }],
      generationConfig: { seed: 7, temperature: 0.5, imageConfig: { aspectRatio: "16:9", imageSize: "2K" } },
    });
  });

  test("the pixels that a dry run expects are those of the picture", async () => {
    const words = ["a fox", "--auth", "api-key", "--ar", "21:9", "--size", "2K", "--json"];
    const { plan } = documentOf(await run([...words, "--dry-run"])) as { plan: { expected: object } };
    const drawn = await run(words, withKey());
    expect(documentOf(drawn)["images"]).toMatchObject([plan.expected]);
  });
});

describe("the price", () => {
  test.each([
    [[], 134_000],
    [["-n", "3"], 402_000],
    [["--size", "4K"], 240_000],
    [["-m", "gemini-3.1-flash-image"], 67_000],
    [["-m", "gemini-nano-banana-2.1", "--size", "2K"], 50_400],
  ])("%j: the estimate, the plan and `cost estimate` name the same", async (words, microUsd) => {
    const auth = ["--auth", "api-key", "--json"];
    const expected = { cost: { currency: "USD", estimatedMicroUsd: microUsd } };
    expect(documentOf(await run(["a fox", ...words, ...auth, "--estimate-cost"]))).toMatchObject(expected);
    expect(documentOf(await run(["cost", "estimate", "a fox", ...words, ...auth]))).toMatchObject(expected);
    expect(documentOf(await run(["a fox", ...words, ...auth, "--dry-run"]))).toMatchObject({
      plan: { cost: { estimatedMicroUsd: microUsd } },
    });
  });

  test("the worst case of the plan is not passed by what the picture costs", async () => {
    const words = ["a fox", "--auth", "api-key", "--json"];
    const { cost: before } = documentOf(await run([...words, "--estimate-cost"])) as {
      cost: { worstCaseMicroUsd: number };
    };
    const drawn = await run(words, withKey());
    const { cost } = documentOf(drawn) as { cost: { actualMicroUsd: number } };
    expect(cost.actualMicroUsd).toBeGreaterThan(0);
    expect(cost.actualMicroUsd).toBeLessThanOrEqual(before.worstCaseMicroUsd);
  });
});

describe("--max-cost", () => {
  test("below the price of one picture is exit 4, and nothing is sent", async () => {
    const finished = await run(["a fox", "--auth", "api-key", "--max-cost", "0.1", "--json"], withKey());
    expect(finished.exitCode).toBe(4);
    expect(documentOf(finished)).toMatchObject({ error: { code: "over-max-cost", billed: "no" } });
    expect([emulator.requests(), finished.files]).toEqual([[], []]);
  });

  test("at the price of one picture draws, however many there are", async () => {
    const finished = await run(["a fox", "--auth", "api-key", "-n", "2", "--max-cost", "0.134", "--quiet"], withKey());
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(emulator.bill()).toMatchObject({ images: 2 });
  });

  test("0 draws nothing", async () => {
    const finished = await run(["a fox", "--auth", "api-key", "--max-cost", "0", "--json"], withKey());
    expect([finished.exitCode, emulator.requests()]).toEqual([4, []]);
  });
});

describe("--show-defaults", () => {
  test("says where each value came from: flag before environment before default; secrets are not shown", async () => {
    const environment = {
      IMAGE_GEN_AUTH: "api-key",
      IMAGE_GEN_MODEL: "gemini-3.1-flash-image",
      GEMINI_API_KEY: "AIza-canary",
    };
    const finished = await run(["--show-defaults", "-m", "gemini-3-pro-image"], { environment });
    expect(finished.exitCode).toBe(0);
    expect(finished.stdout).toMatch(/model +gemini-3-pro-image +.*-m|model +gemini-3-pro-image +.*--model/);
    expect(finished.stdout).toMatch(/auth +api-key +.*IMAGE_GEN_AUTH/);
    expect(finished.stdout).toMatch(/GEMINI_API_KEY/);
    expect(finished.stdout + finished.stderr).not.toContain("canary");
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-cli-cost-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function cost(...words: string[]) {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home } });
  const exitCode = await runProgram(["cost", ...words], context);
  return { exitCode, ...context.written };
}

describe("cost compare", () => {
  test("puts the picture beside clips of 5 and 8 seconds", async () => {
    const { exitCode, stdout } = await cost("compare");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^1 image, 1K .*\$0\.134 +1$/m);
    expect(stdout).toMatch(/clip of 5 s/);
    expect(stdout).toMatch(/clip of 8 s/);
  });

  test("takes size and count", async () => {
    expect(JSON.parse((await cost("compare", "-s", "4k", "-n", "2", "--json")).stdout)).toMatchObject({
      status: "ok",
      picture: { model: createCatalogue().default.id, size: "4K", count: 2, microUsd: 480_000 },
    });
  });

  test.each([
    [["-m", "no-such-model"], "No model is called"],
    [["-s", "512"], "does not draw 512"],
    [["-n", "0"], "must be at least 1"],
  ])("%j is refused", async (words, message) => {
    const { exitCode, stderr } = await cost("compare", ...words);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("cost recommend", () => {
  test("names the cheapest model that can do it, the others, and what is given up", async () => {
    const { exitCode, stdout, stderr } = await cost("recommend", "-s", "4K", "--quality", "draft");
    expect(exitCode).toBe(0);
    const prices = [...stdout.matchAll(/\$(\d+\.\d+)/g)].map(([, price]) => Number(price));
    expect(prices.length).toBeGreaterThan(1);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    expect(stdout.split("\n")[1]).toContain(" (recommended)");
    expect(stderr).toMatch(/Given up: [\s\S]*Use it with: image-gen -m /);
  });

  test("says what the reference images of each picture cost, where there are some", async () => {
    const { stdout } = await cost("recommend", "--references", "3", "--quality", "best");
    expect(stdout).toMatch(/^model +price per image +its references +together +quality +status$/m);
    // 3 × 560 tokens at $2 a million.
    expect(stdout).toMatch(/\(recommended\) +\$0\.134 +\$0\.00336 +\$0\.13736 /);
    expect((await cost("recommend")).stdout).not.toContain("references");
  });

  test("best is the default model, as JSON", async () => {
    expect(JSON.parse((await cost("recommend", "--quality", "best", "--json")).stdout)).toMatchObject({
      status: "ok",
      best: { model: createCatalogue().default.id, perImageMicroUsd: 134_000 },
    });
  });

  test("all mistakes are said at once", async () => {
    const { exitCode, stderr } = await cost(
      "recommend",
      "-s",
      "3K",
      "--ar",
      "7:5",
      "--quality",
      "bst",
      "--endpoint",
      "x",
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--endpoint "x"[\s\S]*Did you mean best\?[\s\S]*3K is no size[\s\S]*No model draws 7:5/);
  });
});

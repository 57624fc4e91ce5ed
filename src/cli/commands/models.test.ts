import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-cli-models-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const catalogue = createCatalogue();

async function models(...words: string[]) {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home } });
  const exitCode = await runProgram(["models", ...words], context);
  return { exitCode, ...context.written };
}

function rowsOf(stdout: string): string[] {
  return stdout.trim().split("\n").slice(1);
}

describe("models", () => {
  test("lists what can be used, with price by size, and marks the default", async () => {
    const { exitCode, stdout } = await models("--auth", "api-key");
    expect(exitCode).toBe(0);
    const rows = rowsOf(stdout);
    expect(rows.find((row) => row.startsWith(`${catalogue.default.id} (default)`))).toMatch(
      /available .* 1K \$0\.134, 2K \$0\.134, 4K \$0\.24/,
    );
    expect(rows.filter((row) => /retired|cannot run/.test(row))).toEqual([]);
  });

  test("--all has every model of the catalogue, retired and not runnable ones marked as such", async () => {
    const rows = rowsOf((await models("--all", "--auth", "adc")).stdout);
    expect(rows).toHaveLength(catalogue.models.length);
    const unmarked = catalogue.models.filter(
      ({ id, runnable }) =>
        !runnable && !rows.some((row) => row.startsWith(id) && /cannot run it|with video-gen/.test(row)),
    );
    expect(unmarked).toEqual([]);
    expect(rows.some((row) => /retired \d{4}-\d\d-\d\d/.test(row))).toBe(true);
  });

  test("the proxy's list is said to depend on its login", async () => {
    expect((await models()).stderr).toContain("CLIProxyAPI");
    expect((await models("--endpoint", "aiplatform")).stderr).toContain("As seen from aiplatform.");
  });

  test("one model is told in detail, by alias too", async () => {
    const [alias] = catalogue.default.aliases;
    const { stdout } = await models(alias?.name ?? "");
    expect(stdout).toContain(catalogue.default.id);
    expect(stdout).toContain(catalogue.default.ratios.join(", "));
  });

  test("an unknown model is exit 2 with the likely one", async () => {
    const { exitCode, stderr } = await models(`${catalogue.default.id}x`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Did you mean ${catalogue.default.id}?`);
  });

  test("--json has numbers in micro-dollars", async () => {
    const document: unknown = JSON.parse((await models("--json", "--auth", "api-key")).stdout);
    expect(document).toMatchObject({
      version: 1,
      status: "ok",
      endpoint: "generativelanguage",
      default: catalogue.default.id,
      models: expect.arrayContaining([
        expect.objectContaining({
          id: catalogue.default.id,
          runnable: true,
          status: "available",
          perImageMicroUsd: { "1K": 134_000, "2K": 134_000, "4K": 240_000 },
        }),
      ]),
    });
  });

  test("a models file that cannot be used is exit 3", async () => {
    writeFileSync(join(home, "models.json"), "[");
    expect(await models()).toMatchObject({ exitCode: 3 });
    rmSync(join(home, "models.json"));
  });
});

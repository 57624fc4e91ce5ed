// What an agent may not do: write outside the allowed folders, buy above the person's limits, answer in the person's place.

import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { leadingTo, newFolder, openEmulator } from "../e2e/run-command.ts";
import { errorOf, generations, type HostOptions, imagesOf, openHost, wordsOf } from "./host.ts";

/** Names in a folder but the program's own home; links are not followed. */
function namesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name !== ".home");
}

describe("where an agent may write", () => {
  test.each([
    ["/etc/fox.png"],
    ["../fox.png"],
    ["generated_images/../../fox.png"],
    ["../"],
    ["~/../../fox.png/../../x.png"],
    [".git/hooks/fox.png"],
    [".vscode/settings.png"],
    ["a/.hidden/fox.png"],
    [".fox.png"],
    [".home/state/fox.png"],
    ["inside/fox.png"],
    ["dangling.png"],
    ["dangling/fox.png"],
    ["loop/fox.png"],
    ["/proc/self/cwd/../fox.png"],
    ["/dev/shm/fox.png"],
    ["a.txt/fox.png"],
    ["\u0000"],
    ["fox\u0000.png"],
    [`${"../".repeat(40)}tmp/fox.png`],
  ])("is not %j: refused before anything is sent", async (output) => {
    const folder = newFolder();
    symlinkSync(dirname(folder), join(folder, "inside"));
    symlinkSync("/nowhere/at/all", join(folder, "dangling"));
    symlinkSync("/nowhere/fox.png", join(folder, "dangling.png"));
    symlinkSync("loop", join(folder, "loop"));
    writeFileSync(join(folder, "a.txt"), "");
    const before = namesIn(folder);
    const emulator = await openEmulator();
    const host = await openHost("v2", paying(emulator, { folder }));
    const result = await host.call("generate_image", { prompt: "a fox", output });
    expect(result.isError).toBe(true);
    expect(errorOf(result)).toMatchObject({ exitCode: 2, billed: "no" });
    expect(emulator.requests()).toEqual([]);
    expect(namesIn(folder)).toEqual(before);
  });

  test.each(generations)(
    "%s: in the project folders that the host names, and relative names begin there",
    async (generation) => {
      const [project, other] = [newFolder(), newFolder()];
      const roots = [pathToFileURL(project).href, "file://another-machine/folder"];
      const host = await openHost(generation, { roots });
      const drawn = await host.call("generate_image", { prompt: "a fox", output: "art/fox.png" });
      expect(imagesOf(drawn)[0]?.path).toBe(join(project, "art/fox.png"));
      const elsewhere = await host.call("generate_image", { prompt: "a fox", output: join(other, "fox.png") });
      expect(errorOf(elsewhere)).toMatchObject({ code: "folder-not-allowed" });
      const cwd = await host.call("generate_image", { prompt: "a fox", output: join(host.folder, "fox.png") });
      expect(errorOf(cwd)).toMatchObject({ code: "folder-not-allowed" });
    },
  );

  test("in the folders of the person's setting, whatever the host names", async () => {
    const [allowed, second, root] = [newFolder(), newFolder(), newFolder()];
    const environment = { IMAGE_GEN_MCP_FOLDERS: [allowed, second].join(delimiter) };
    const host = await openHost("v2", { environment, roots: [pathToFileURL(root).href] });
    const drawn = await host.call("generate_image", { prompt: "a fox" });
    expect(imagesOf(drawn)[0]?.path).toMatch(join(allowed, "generated_images/image_"));
    const inSecond = await host.call("generate_image", { prompt: "a fox", output: `${second}/` });
    expect(inSecond.isError ?? false).toBe(false);
    const refused = await host.call("generate_image", { prompt: "a fox", output: join(root, "fox.png") });
    expect(errorOf(refused)["code"]).toBe("folder-not-allowed");
    expect(wordsOf(refused)).toContain(allowed);
  });

  test("through a link that stays inside, with the real path told", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "art"));
    symlinkSync(join(folder, "art"), join(folder, "link"));
    const host = await openHost("v2", { folder });
    const drawn = await host.call("generate_image", { prompt: "a fox", output: "link/fox.png" });
    expect(imagesOf(drawn)[0]?.path).toBe(join(folder, "art/fox.png"));
  });

  test("when the allowed folder itself is reached through a link", async () => {
    const folder = newFolder();
    const link = join(mkdtempSync(join(tmpdir(), "image-gen-link-")), "project");
    symlinkSync(folder, link);
    const host = await openHost("v2", { environment: { IMAGE_GEN_MCP_FOLDERS: link } });
    const drawn = await host.call("generate_image", { prompt: "a fox", output: join(link, "fox.png") });
    expect(imagesOf(drawn)[0]?.path).toBe(join(folder, "fox.png"));
  });
});

describe("what one picture may cost", () => {
  test.each([
    ["0.10", undefined, true],
    ["0.10", 5, true],
    ["5", 0.1, true],
    ["5", 0.2, false],
    ["5", undefined, false],
    [undefined, 0.1, true],
    [undefined, 0.2, false],
  ])("person's limit %s, agent's %s: refused is %s", async (persons, agents, isRefused) => {
    const host = await openHost("v2", {
      words: ["--rehearse", ...(persons === undefined ? [] : ["--max-cost", persons])],
    });
    const result = await host.call("generate_image", {
      prompt: "a fox",
      ...(agents === undefined ? {} : { maxCostUsd: agents }),
    });
    expect(result.isError ?? false).toBe(isRefused);
    expect(result.structuredContent).toMatchObject(
      isRefused ? { error: { code: "over-max-cost", exitCode: 4, billed: "no" } } : { status: "ok" },
    );
  });

  test("no argument moves the ledger, the connection, the folders or the question", async () => {
    const host = await openHost("v2");
    const tools = await host.listTools();
    const names = tools.flatMap(({ inputSchema }) => Object.keys(inputSchema["properties"] ?? {}));
    const forbidden =
      /home|ledger|auth|key$|token|endpoint|url|proxy|folder|confirm|budget|credential|project|rehears/i;
    expect(names.filter((name) => forbidden.test(name) && name !== "idempotencyKey")).toEqual([]);
  });
});

describe.each(generations)("above the price that the person has set, the host with %s", (generation) => {
  const environment = { IMAGE_GEN_MCP_CONFIRM_ABOVE: "0.20" };

  test("asks the person and buys after a yes", async () => {
    const questions: string[] = [];
    const host = await openHost(generation, {
      environment,
      person: (message) => {
        questions.push(message);
        return { action: "accept", content: { buy: true } };
      },
    });
    const result = await host.call("generate_image", { prompt: "a \u001b[31mfox", count: 2 });
    expect(result.structuredContent).toMatchObject({ status: "ok" });
    expect(questions).toHaveLength(1);
    expect(questions[0]).toMatch(/2 pictures in 1K .* \$0\.268/);
    expect(questions[0]).toContain("Prompt: a fox");
  });

  test("asks once with folders of the host's, too", async () => {
    const project = newFolder();
    let asked = 0;
    const host = await openHost(generation, {
      environment,
      roots: [pathToFileURL(project).href],
      person: () => {
        asked += 1;
        return { action: "accept", content: { buy: true } };
      },
    });
    const result = await host.call("generate_image", { prompt: "a fox", size: "4K", output: "fox.jpg" });
    expect(imagesOf(result)[0]?.path).toBe(join(project, "fox.jpg"));
    expect(asked).toBe(1);
  });

  test.each([
    [{ action: "decline" as const }],
    [{ action: "cancel" as const }],
    [{ action: "accept" as const, content: { buy: false } }],
    [{ action: "accept" as const, content: {} }],
    [{ action: "accept" as const }],
  ])("buys nothing after %j", async (answer) => {
    const emulator = await openEmulator();
    const host = await openHost(generation, {
      ...paying(emulator, { environment }),
      person: () => answer,
    });
    const result = await host.call("generate_image", { prompt: "a fox", size: "4K" });
    expect(errorOf(result)).toMatchObject({ code: "confirmation-declined", exitCode: 4, billed: "no" });
    expect(emulator.requests()).toEqual([]);
  });

  test("refuses when it cannot ask, and says what to do", async () => {
    const emulator = await openEmulator();
    const host = await openHost(generation, paying(emulator, { environment }));
    const result = await host.call("generate_image", { prompt: "a fox", size: "4K" });
    expect(errorOf(result)).toMatchObject({ code: "confirmation-needed", exitCode: 4 });
    expect(wordsOf(result)).toMatch(/mcpConfirmAboveUsd/);
    expect(emulator.requests()).toEqual([]);
  });

  test("does not ask for less", async () => {
    const host = await openHost(generation, { environment });
    expect((await host.call("generate_image", { prompt: "a fox" })).isError ?? false).toBe(false);
  });
});

function paying(
  emulator: Awaited<ReturnType<typeof openEmulator>>,
  { environment, ...more }: HostOptions = {},
): HostOptions {
  return {
    ...more,
    words: ["--auth", "api-key"],
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey, ...environment },
  };
}

// docs/agents.md: its configurations are what hosts read, its commands run, its tools are those that there are.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { newFolder, runCommand } from "../e2e/run-command.ts";
import { openHost } from "./host.ts";

const page = readFileSync("docs/agents.md", "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);

describe("the page for agents", () => {
  test("has configurations that start the server", () => {
    const configurations = blocks("json").map((text) => JSON.parse(text) as Record<string, Record<string, object>>);
    expect(configurations.length).toBeGreaterThanOrEqual(3);
    for (const { mcpServers, servers } of configurations) {
      expect((mcpServers ?? servers)?.["image-gen"]).toMatchObject({ command: "image-gen", args: ["mcp"] });
    }
    expect(blocks("toml").join("")).toContain('command = "image-gen"\nargs = ["mcp"]');
  });

  test("names every tool, and no other", async () => {
    const told = [...page.matchAll(/^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|/gm)].flatMap(([, names = ""]) =>
      names.replaceAll("`", "").split(", "),
    );
    const tools = await (await openHost("v2")).listTools();
    expect(told.toSorted()).toEqual(tools.map(({ name }) => name).toSorted());
  });

  const commands = blocks("sh").flatMap((text) => text.split("\n").filter((line) => line.startsWith("image-gen ")));

  // The server does not end by itself; http.test.ts runs it.
  test.each(commands.filter((line) => !line.includes("mcp --http")))("its command runs: %s", async (line) => {
    const run = await runCommand(line.split(" ").slice(1), {
      folder: newFolder(),
      environment: { IMAGE_GEN_REHEARSE: "1" },
    });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  });
});

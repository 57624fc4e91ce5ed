// The plugin: its files are what hosts expect, its skills keep the Agent Skills specification (agentskills.io, 2026-08), and
// every command that they show runs, in a rehearsal.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { newFolder, runCommand } from "../e2e/run-command.ts";
import { openHost } from "./host.ts";

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
const skills = readdirSync("plugin/skills");

describe("the plugin's files", () => {
  test("the manifest has the package's name and version", () => {
    const { name, version, license } = readJson("package.json");
    expect(readJson("plugin/.claude-plugin/plugin.json")).toMatchObject({ name, version, license });
  });

  test("the marketplace offers the plugin from its own folder", () => {
    const { name, owner, plugins } = readJson("plugin/.claude-plugin/marketplace.json");
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(owner).toHaveProperty("name");
    expect(plugins).toMatchObject([{ name: "image-gen", source: "./" }]);
  });

  test("the MCP entry starts a command that there is, and tools stay within the length of a host's names", async () => {
    const servers = readJson("plugin/.mcp.json")["mcpServers"] as Record<string, { command: string; args: string[] }>;
    expect(servers).toEqual({ "image-gen": { command: "image-gen", args: ["mcp"] } });
    expect(readJson("package.json")["bin"]).toHaveProperty("image-gen");
    for (const { name } of await (await openHost("v2")).listTools()) {
      expect(`mcp__plugin_image-gen_image-gen__${name}`.length).toBeLessThanOrEqual(128);
    }
  });

  test("the package carries it", () => {
    expect(readJson("package.json")["files"]).toContain("plugin");
  });
});

interface Skill {
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
  readonly text: string;
}

function readSkill(name: string): Skill {
  const text = readFileSync(join("plugin/skills", name, "SKILL.md"), "utf8");
  const [, head = "", body = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const fields = new Map(
    head.split("\n").map((line) => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2)] as const;
    }),
  );
  return { fields, body, text };
}

/** Files of a skill with Markdown in them, relative to it. */
function pagesOf(name: string): string[] {
  return readdirSync(join("plugin/skills", name), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".md"),
  );
}

describe.each(skills)("the skill %s", (name) => {
  const { fields, body, text } = readSkill(name);

  test("has a front matter of the specification", () => {
    expect(fields.get("name")).toBe(name);
    expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(name.length).toBeLessThanOrEqual(64);
    const description = fields.get("description") ?? "";
    expect(description.length).toBeGreaterThan(100);
    expect(description.length).toBeLessThanOrEqual(1_024);
    // A colon with a space would make YAML of it.
    expect(description).not.toMatch(/: |[<>]/);
    expect((fields.get("compatibility") ?? "").length).toBeLessThanOrEqual(500);
    const known = new Set(["name", "description", "license", "compatibility", "metadata", "allowed-tools"]);
    expect([...fields.keys()].filter((field) => !known.has(field))).toEqual([]);
  });

  test("says when to use it, in English and in Thai", () => {
    expect(fields.get("description")).toMatch(/Use when/);
    expect(fields.get("description")).toMatch(/ใช้เมื่อ/);
  });

  test("is small: at most 200 lines, and what is long stands one level below", () => {
    expect(text.split("\n").length).toBeLessThanOrEqual(200);
    expect(body.length / 4).toBeLessThan(5_000);
    expect(pagesOf(name).filter((path) => path.split("/").length > 2)).toEqual([]);
  });

  test("links only to files that there are, and to all of them", () => {
    const linked = [...body.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(linked.filter((path) => !existsSync(join("plugin/skills", name, path)))).toEqual([]);
    expect(pagesOf(name).filter((path) => path !== "SKILL.md" && !linked.includes(path))).toEqual([]);
  });

  test("lets nothing that costs money run unasked", () => {
    const allowed = (fields.get("allowed-tools") ?? "").match(/\w+\([^)]*\)|\S+/g) ?? [];
    for (const tool of allowed) expect(tool).toMatch(/^Bash\(image-gen (?:cost|models|doctor|help|history) \*\)$/);
  });

  const commands = pagesOf(name).flatMap((path) => commandsIn(readFileSync(join("plugin/skills", name, path), "utf8")));

  // The commands of a skill follow each other in one folder, as a reader would run them.
  const folder = folderWithPictures();
  const standIns = new Set<string>();
  test.each(commands)("its command runs: %s", async (line) => {
    const [program, ...words] = splitWords(line);
    if (program !== "image-gen" && program !== "video-gen") throw new Error(`${program} is not ours`);
    const here = await folder;
    await putInputs(words, here, standIns);
    const run = await runCommand(words, { folder: here, environment: { IMAGE_GEN_REHEARSE: "1" }, program });
    expect({ stderr: run.stderr, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
    const document: unknown = words.includes("--json") ? JSON.parse(run.stdout) : { version: 1 };
    expect(document).toHaveProperty("version", 1);
  });
});

test("every command is shown in a way that can be run", () => {
  expect(
    skills.flatMap((name) =>
      pagesOf(name).flatMap((path) => commandsIn(readFileSync(join("plugin/skills", name, path), "utf8"))),
    ).length,
  ).toBeGreaterThan(8);
});

/** The pictures that the skills speak of. */
async function folderWithPictures(): Promise<string> {
  const folder = newFolder();
  const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: "#c63" } });
  await picture.jpeg().toFile(join(folder, "fox.jpg"));
  await picture.png().toFile(join(folder, "style.png"));
  return folder;
}

/** The files that a command is given, so that each can be run by itself. */
async function putInputs(words: readonly string[], folder: string, standIns: Set<string>): Promise<void> {
  const output = words[words.indexOf("-o") + 1] ?? "";
  // What a command makes takes the place of what stood in for it before.
  if (standIns.delete(output)) rmSync(join(folder, output));
  const options = ["-i", "--image", "--last-frame", "--extend-video"];
  const given = words.filter((word, index) => {
    const option = words.slice(0, index).findLast((other) => other.startsWith("-"));
    return !word.startsWith("-") && option !== undefined && options.includes(option);
  });
  for (const name of given.filter((one) => !existsSync(join(folder, one)))) {
    standIns.add(name);
    if (!name.endsWith(".mp4")) await sharp(grey).toFile(join(folder, name));
    else writeFileSync(join(folder, name), await shortClip());
  }
}

const grey = { create: { width: 160, height: 90, channels: 3, background: "#808080" } } as const;

async function shortClip(): Promise<Buffer> {
  const { createH264MP4Encoder } = await import("h264-mp4-encoder");
  const encoder = await createH264MP4Encoder();
  Object.assign(encoder, { width: 1280, height: 720, frameRate: 2 });
  encoder.initialize();
  for (let frame = 0; frame < 4; frame += 1) encoder.addFrameYuv(Buffer.alloc((1280 * 720 * 3) / 2, 128));
  encoder.finalize();
  return Buffer.from(encoder.FS.readFile(encoder.outputFilename));
}

function commandsIn(page: string): string[] {
  return [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
    block.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#")),
  );
}

/** Words of a command line with double quotes; there is nothing else in the skills. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replace(/\\(.)/g, "$1"),
  );
}

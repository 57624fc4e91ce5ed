import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "image-gen-race-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROCESSES = 4;
const PICTURES_EACH = 25;

/** A program that publishes its pictures under numbered names as soon as its stdin is closed: all begin at the same time. */
const program = `
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pictureNames } from "./src/outputs/naming.ts";
import { publishFile } from "./src/outputs/publish.ts";
const [directory, own] = process.argv.slice(2);
const target = { directory, stem: "image", format: null, extension: null, numbered: true };
process.stdin.resume().on("end", () => {
  for (let index = 0; index < ${PICTURES_EACH}; index += 1) {
    const part = join(directory, \`.\${own}-\${index}\`);
    writeFileSync(part, \`\${own}-\${index}\`);
    publishFile(part, pictureNames(target, 0, "png", existsSync));
  }
});
`;

test("a hundred pictures of several processes that want the same number are all there afterwards", async () => {
  const outfile = join(folder, "publisher.mjs");
  await build({
    stdin: { contents: program, resolveDir: process.cwd(), loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
  const pictures = mkdtempSync(join(folder, "pictures-"));
  // A name that is taken before must still be there after.
  writeFileSync(join(pictures, "image_3.png"), "mine");
  const children = Array.from({ length: PROCESSES }, (_, own) =>
    spawn(process.execPath, [outfile, pictures, String(own)], { stdio: ["pipe", "inherit", "inherit"] }),
  );
  const ends = children.map((child) => new Promise((settle) => child.on("close", settle)));
  for (const child of children) child.stdin?.end();
  expect(await Promise.all(ends)).toEqual(Array(PROCESSES).fill(0));

  const wanted = Array.from({ length: PROCESSES * PICTURES_EACH }, (_, picture) => {
    return `${Math.floor(picture / PICTURES_EACH)}-${picture % PICTURES_EACH}`;
  });
  const names = readdirSync(pictures).filter((name) => !name.startsWith("."));
  expect(names.map((name) => readFileSync(join(pictures, name), "utf8")).toSorted()).toEqual(
    [...wanted, "mine"].toSorted(),
  );
  expect(names.toSorted()).toEqual(
    Array.from({ length: wanted.length + 1 }, (_, number) => `image_${number}.png`).toSorted(),
  );
  expect(readFileSync(join(pictures, "image_3.png"), "utf8")).toBe("mine");
});

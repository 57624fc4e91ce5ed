// Every line of docs/imagen.md works as it stands there, in its order, in a rehearsal.

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { newFolder, runCommand } from "./run-command.ts";

const lines = readFileSync(resolve("docs/imagen.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("image-gen "));
const folder = newFolder();
const connection = ["--auth", "adc", "--project-id", "p-1", "--rehearse"];

beforeAll(async () => {
  // As large as the fox that the first line draws.
  const shape = { width: 2816, height: 1536, channels: 3, background: "#000" } as const;
  const hole = { create: { width: 700, height: 400, channels: 3, background: "#fff" } } as const;
  await sharp({ create: shape })
    .composite([{ input: hole, left: 900, top: 300 }])
    .png()
    .toFile(join(folder, "mask.png"));
});

/** Words as a shell would split them: double quotes and nothing else. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

test("the page has lines", () => {
  expect(lines.length).toBeGreaterThan(10);
});

test.each(lines)("%s", async (line) => {
  const [, ...words] = wordsOf(line);
  const finished = await runCommand([...words, ...connection], { folder });
  expect([finished.exitCode, finished.exitCode === 0 ? "" : finished.stderr]).toEqual([0, ""]);
  const place = finished.stdout.trim();
  expect(place.startsWith("gs://") || existsSync(place)).toBe(true);
});

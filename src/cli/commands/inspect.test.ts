import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { embedInPart } from "../../outputs/embed/embed-part.ts";
import { fieldsOfRecord } from "../../outputs/embed/record-fields.ts";
import { openPart } from "../../outputs/part-file.ts";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

const folder = mkdtempSync(join(tmpdir(), "image-gen-inspect-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function inspect(...words: string[]) {
  const context = createFakeContext({ workingDirectory: folder });
  const exitCode = await runProgram(["inspect", ...words], context);
  return { exitCode, ...context.written };
}

async function inspectJson(file: string): Promise<Record<string, unknown>> {
  return JSON.parse((await inspect(file, "--json")).stdout) as Record<string, unknown>;
}

const png = await sharp({ create: { width: 12, height: 8, channels: 3, background: "red" } })
  .png()
  .toBuffer();
const hash = createHash("sha256").update(png).digest("hex");
const record = {
  version: 1,
  operation: "01JD",
  rehearsal: true,
  route: { model: "a-model" },
  request: { prompt: "a fox\u001b[31m" },
  images: [{ sha256: hash }],
  cost: { actualMicroUsd: 134_000 },
  createdAt: "2026-11-24T10:00:00.000Z",
};

function save(name: string, bytes: Buffer | string): string {
  writeFileSync(join(folder, name), bytes);
  return name;
}

describe("inspect", () => {
  test("a picture without a record: kind, pixels, hash, and that there is none", async () => {
    const { exitCode, stdout } = await inspect(save("bare.jpg", png));
    expect(exitCode).toBe(0);
    expect(stdout).toContain("12 x 8");
    expect(stdout).toMatch(/format +png/);
    expect(stdout).toContain(hash);
    expect(stdout).toMatch(/record +none/);
  });

  test("the record beside the picture says how it was made", async () => {
    save("fox.json", JSON.stringify(record));
    const { stdout } = await inspect(save("fox.png", png));
    expect(stdout).toMatch(/prompt +a fox/);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("$0.134");
    expect(stdout).toContain("no real picture");
    expect(await inspectJson("fox.png")).toMatchObject({
      version: 1,
      status: "ok",
      path: join(folder, "fox.png"),
      hasC2pa: false,
      records: [
        { source: "sidecar", path: join(folder, "fox.json"), unchanged: true, prompt: "a fox\u001b[31m", record },
      ],
    });
  });

  test("a picture that was changed after its record was made is told", async () => {
    save("changed.json", JSON.stringify({ ...record, images: [{ sha256: "0".repeat(64) }] }));
    expect((await inspect(save("changed.png", png))).stdout).toContain("other bytes now");
  });

  test("a record inside the picture is found without the one beside it", async () => {
    const part = openPart(folder, "source");
    part.write(png);
    const embedded = embedInPart(part.finish(), fieldsOfRecord(record, "image-gen 1"), "embedded", {
      directory: folder,
    }).part;
    save("inside.png", readFileSync(embedded?.path ?? ""));
    expect(await inspectJson("inside.png")).toMatchObject({
      records: [{ source: "embedded", path: null, model: "a-model", costUsd: "0.134", unchanged: null, record }],
    });
  });

  test("another program's JSON beside the picture is no record", async () => {
    save("other.json", JSON.stringify({ name: "package" }));
    expect(await inspectJson(save("other.png", png))).toMatchObject({ records: [] });
    save("bad.json", "{");
    expect(await inspectJson(save("bad.png", png))).toMatchObject({ records: [] });
  });

  test("a C2PA mark is told", async () => {
    const mark = Buffer.from("\u00ff\u00eb\u0000\u0010JP\u0000\u0001\u0000\u0000\u0000\u0001jumbxx", "latin1");
    const jpeg = await sharp(png).jpeg().toBuffer();
    save("marked.jpg", Buffer.concat([jpeg.subarray(0, 2), mark, jpeg.subarray(2)]));
    expect(await inspectJson("marked.jpg")).toMatchObject({ hasC2pa: true });
  });

  test("a broken picture is described, with what is wrong", async () => {
    expect(await inspectJson(save("cut.png", png.subarray(0, 60)))).toMatchObject({
      damage: "it breaks off",
      records: [],
    });
  });

  test.each([
    ["text.png", "hello", "no picture"],
    ["page.png", "<!doctype html>", "HTML"],
    ["empty.png", "", "no picture"],
  ])("%s is no picture: exit 2", async (name, text, why) => {
    const { exitCode, stderr } = await inspect(save(name, text));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(why);
  });

  test("a file that is not there, a folder and a FIFO are refused at once", async () => {
    mkdirSync(join(folder, "folder"));
    const fifo = join(folder, "fifo");
    for (const name of ["missing.png", "folder", ...(spawnSync("mkfifo", [fifo]).status === 0 ? ["fifo"] : [])]) {
      const { exitCode, stdout } = await inspect(name, "--json");
      expect(exitCode).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ status: "error", error: { code: "file-unreadable", billed: "no" } });
    }
  });
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OutputTarget, Pixels } from "../../core/plan.ts";
import { isToolError, type ToolError } from "../../core/tool-error.ts";
import { type FinishedPart, openPart } from "../../outputs/part-file.ts";
import { type Publishing, publishPicture } from "./publish-picture.ts";
import type { Run } from "./run.ts";

let folder: string;
let spoolDirectory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-publish-picture-"));
  spoolDirectory = mkdtempSync(join(tmpdir(), "image-gen-spool-"));
});

afterEach(() => {
  for (const path of [folder, spoolDirectory]) rmSync(path, { recursive: true, force: true });
});

/** As much of a run as publishing looks at. */
function run(output: Partial<OutputTarget>, expected: Pixels | null = null): Run {
  const target: OutputTarget = {
    directory: folder,
    stem: "fox",
    format: null,
    extension: null,
    numbered: false,
    ...output,
  };
  const plan = { operation: "01OPERATION", output: target, expected, request: {} };
  return { plan, spoolDirectory, clean: (text: string) => text } as unknown as Run;
}

async function received(format: "jpeg" | "png" = "jpeg"): Promise<FinishedPart> {
  const part = openPart(spoolDirectory, "01OPERATION-0-0");
  part.write(
    await sharp({ create: { width: 32, height: 16, channels: 3, background: "teal" } })
      .toFormat(format)
      .toBuffer(),
  );
  return part.finish();
}

async function refusal(of: Run, part: FinishedPart): Promise<ToolError> {
  try {
    await publishPicture(of, 0, part);
  } catch (error) {
    if (isToolError(error)) return error;
    throw error;
  }
  throw new Error("It was published.");
}

test("the bytes that came are the picture, called after their kind", async () => {
  const part = await received("png");
  const { report, warnings } = await publishPicture(run({ numbered: true }), 0, part);
  expect(report).toEqual({
    path: join(folder, "fox_0.png"),
    mimeType: "image/png",
    width: 32,
    height: 16,
    bytes: part.bytes,
    sha256: part.sha256,
    matchesRequest: true,
  });
  expect([warnings, readdirSync(folder)]).toEqual([[], ["fox_0.png"]]);
});

test("a converted picture is reported as it is on the disk, and what came stays in the spool", async () => {
  const part = await received();
  const { report } = await publishPicture(run({ format: "png", extension: ".png" }), 0, part);
  expect(report.bytes).toBe(readFileSync(report.path).length);
  expect(report.sha256).not.toBe(part.sha256);
  expect([readdirSync(folder), readdirSync(spoolDirectory)]).toEqual([["fox.png"], [basename(part.path)]]);
});

test("another shape than asked for is published, and told", async () => {
  const { report, warnings } = await publishPicture(
    run({ extension: ".jpg", format: "jpeg" }, { width: 32, height: 32 }),
    0,
    await received(),
  );
  expect(report.matchesRequest).toBe(false);
  expect(warnings).toEqual([expect.stringMatching(/another aspect ratio.*32×16 instead of 32×32/)]);
});

describe("when the name is taken meanwhile", () => {
  test.each([
    ["as it came", { format: "jpeg", extension: ".jpg" }, "fox.jpg"],
    ["converted", { format: "png", extension: ".png" }, "fox.png"],
  ] as const)("a picture %s stays in the spool as it came, and nothing else is left", async (_how, output, name) => {
    writeFileSync(join(folder, name), "mine");
    const part = await received();
    const bytes = readFileSync(part.path);
    const error = await refusal(run(output), part);
    expect(error).toMatchObject({ code: "not-published", exitCode: 8 });
    expect(error.details.savedAt).toBe(part.path);
    expect(readdirSync(spoolDirectory)).toEqual([basename(part.path)]);
    expect(readFileSync(error.details.savedAt ?? "").equals(bytes)).toBe(true);
    expect([readFileSync(join(folder, name), "utf8"), readdirSync(folder)]).toEqual(["mine", [name]]);
  });
});

test("when the folder is gone for a conversion, the picture is kept", async () => {
  const part = await received();
  const gone = join(folder, "gone");
  mkdirSync(gone);
  rmSync(gone, { recursive: true });
  const error = await refusal(run({ directory: gone, format: "png", extension: ".png" }), part);
  expect(error.code).toBe("not-published");
  expect(error.details.savedAt).toBe(part.path);
});

const again = (output: Partial<OutputTarget>): Publishing => ({ ...run(output), isRecovery: true });

describe("after a crash", () => {
  test("a picture that has its name already is found, and not published twice", async () => {
    const part = await received("png");
    const first = await publishPicture(run({ numbered: true }), 0, part);
    const second = await publishPicture(again({ numbered: true }), 0, part);
    expect(second.report).toEqual(first.report);
    expect(readdirSync(folder)).toEqual(["fox_0.png"]);
  });

  test("so is a converted one, and one behind somebody else's picture", async () => {
    writeFileSync(join(folder, "fox_0.png"), "mine");
    const part = await received();
    const output = { numbered: true, format: "png", extension: ".png" } as const;
    const first = await publishPicture(run(output), 0, part);
    expect((await publishPicture(again(output), 0, part)).report).toEqual(first.report);
    expect(readdirSync(folder)).toEqual(["fox_0.png", "fox_1.png"]);
  });

  test("a folder that is gone is made again", async () => {
    const directory = join(folder, "gone", "deep");
    const { report } = await publishPicture(again({ directory, numbered: true }), 0, await received("png"));
    expect(report.path).toBe(join(directory, "fox_0.png"));
  });
});

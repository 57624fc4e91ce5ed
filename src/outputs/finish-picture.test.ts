import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Finishing } from "../core/finishing.ts";
import { readEmbedded } from "./embed/embed-part.ts";
import { type FinishWish, finishPicture } from "./finish-picture.ts";
import { openPart } from "./part-file.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "image-gen-finish-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const plain: Finishing = { embedMetadata: false, strict: false, transparent: null };
const fields = {
  prompt: "a fox",
  model: "a-model",
  operation: "01JD",
  costUsd: "0.1",
  createdAt: null,
  rehearsal: true,
  receivedSha256: null,
  program: "image-gen",
  record: "{}",
};

async function received(background = "#00ff00") {
  const part = openPart(directory, "received");
  const svg = `<svg width="64" height="64"><rect width="64" height="64" fill="${background}"/><circle cx="32" cy="32" r="15"/></svg>`;
  part.write(await sharp(Buffer.from(svg)).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer());
  return part.finish();
}

function wish(more: Partial<FinishWish> & { readonly finishing?: Finishing } = {}): FinishWish {
  const target = { directory, stem: "fox", format: null, extension: null, numbered: true } as const;
  return {
    target,
    finishing: plain,
    expected: { width: 64, height: 64 },
    operation: "01JD",
    image: 0,
    place: { directory },
    fields: () => fields,
    ...more,
  };
}
const target = (format: "png" | "jpeg" | "webp", quality?: number) => ({
  ...wish().target,
  format,
  ...(quality === undefined ? {} : { quality }),
});
const files = (): string[] => readdirSync(directory).toSorted();

describe("a finished picture", () => {
  test("is the picture as it came when nothing is asked", async () => {
    const part = await received();
    expect(await finishPicture(part, wish())).toEqual({ part, notes: [], matchesRequest: true, keepsReceived: false });
    expect(await finishPicture(part, wish({ target: target("jpeg") }))).toMatchObject({ part });
  });

  test("has the format, and with a quality is compressed anew even in its own", async () => {
    const part = await received();
    expect((await finishPicture(part, wish({ target: target("webp") }))).part.finding.format).toBe("webp");
    const small = await finishPicture(part, wish({ operation: "small", target: target("jpeg", 5) }));
    expect(small.part.bytes).toBeLessThan(part.bytes);
  });

  test("holds its record inside, with one file left beside the one that came", async () => {
    const part = await received();
    const finished = await finishPicture(
      part,
      wish({ target: target("png"), finishing: { ...plain, embedMetadata: true } }),
    );
    expect(readEmbedded(finished.part.path, "png")).toEqual(fields);
    expect(files()).toEqual([".image-gen-01JD-0-embedded.part", ".image-gen-received.part"]);
  });

  test("without its background, and with its record inside", async () => {
    const finishing = { ...plain, transparent: "green", embedMetadata: true } as const;
    const finished = await finishPicture(await received(), wish({ finishing, target: target("webp") }));
    expect(finished).toMatchObject({ keepsReceived: false, part: { finding: { format: "webp", damage: null } } });
    expect(finished.notes).toEqual([expect.stringMatching(/transparent/)]);
    expect(readEmbedded(finished.part.path, "webp")?.prompt).toBe("a fox");
  });

  test("of another size than asked for is told", async () => {
    const finished = await finishPicture(await received(), wish({ expected: { width: 128, height: 64 } }));
    expect(finished).toMatchObject({
      matchesRequest: false,
      notes: [expect.stringMatching(/64×64 instead of 128×64/)],
    });
  });

  test("on a background that is not flat is told, and the picture as it came is worth keeping", async () => {
    const finishing = { ...plain, transparent: "magenta" } as const;
    const finished = await finishPicture(await received("#eeeeee"), wish({ finishing }));
    expect(finished).toMatchObject({ keepsReceived: true, part: { finding: { format: "png" } } });
    expect(finished.notes.join(" ")).toMatch(/could not be taken out cleanly/);
  });
});

describe("with --strict", () => {
  test.each([
    ["another ratio", { expected: { width: 128, height: 64 } }, "request-not-matched"],
    ["another size", { expected: { width: 128, height: 128 } }, "request-not-matched"],
    ["a background that is not flat", {}, "background-not-flat"],
  ] as const)("%s is a failure that is paid for, and only the picture as it came is left", async (_, more, code) => {
    const part = await received("#eeeeee");
    const finishing = { embedMetadata: true, strict: true, transparent: "green" } as const;
    await expect(finishPicture(part, wish({ ...more, finishing }))).rejects.toMatchObject({
      code,
      exitCode: 8,
      row: { billed: "yes" },
    });
    expect(existsSync(part.path)).toBe(true);
    expect(files()).toEqual([".image-gen-received.part"]);
  });
});

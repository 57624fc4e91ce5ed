import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer, captured, CENT, OWNER, reserveCall } from "../../spend/ledger/testing/fixture.ts";
import { type ClipTotal, totalOfClip, totalSentence } from "./clip-total.ts";
import { createFakeContext } from "../testing/fake-context.ts";
import { newHome, type TestHome } from "../testing/filled-ledger.ts";
import { sampleClipSuccess } from "../testing/sample-clips.ts";

let home: TestHome;
let folder: string;
beforeEach(() => {
  home = newHome();
  folder = mkdtempSync(join(tmpdir(), "image-gen-total-"));
});
afterEach(() => {
  home.remove();
  rmSync(folder, { recursive: true, force: true });
});

const contextHere = () => createFakeContext({ environment: { IMAGE_GEN_HOME: home.path }, workingDirectory: folder });

async function madeHere(name: string, microUsd: number | null): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, name);
  await home.fill((ledger) => {
    const call = reserveCall(ledger);
    ledger.markSent(call, OWNER);
    ledger.markAnswered(call, answer);
    const sha256 = createHash("sha256").update(name).digest("hex");
    ledger.capture(call, captured(microUsd, { picture: { path, sha256 } }));
  });
}

describe("what went in is added up", () => {
  test("as far as it was made here, whatever it is called now", async () => {
    await madeHere("closing.png", 14 * CENT);
    writeFileSync(join(folder, "main.mp4"), "from elsewhere");
    const request = { prompt: "x", lastFrame: "closing.png", extendVideo: "main.mp4" };
    const total = await totalOfClip(request, sampleClipSuccess(), contextHere());
    expect(total).toMatchObject({
      actualMicroUsd: 84 * CENT,
      listPriceMicroUsd: 84 * CENT,
      parts: [{ path: join(folder, "closing.png"), actualMicroUsd: 14 * CENT }],
    });
    expect(total && totalSentence(total)).toBe("Total with closing.png ($0.14): $0.84");
  });

  test("unless nothing of it was", async () => {
    writeFileSync(join(folder, "a.png"), "from elsewhere");
    const request = { prompt: "x", firstFrame: "a.png", lastFrame: "https://pictures.example/b.png" };
    expect(await totalOfClip(request, sampleClipSuccess(), contextHere())).toBeNull();
  });

  test("and an unknown part makes the whole unknown", async () => {
    await madeHere("closing.png", null);
    const request = { prompt: "x", firstFrame: "closing.png" };
    expect(await totalOfClip(request, sampleClipSuccess(), contextHere())).toMatchObject({ actualMicroUsd: null });
  });
});

test("of a rehearsal nothing was paid", () => {
  const part = { operation: "01", path: "/a/closing.png", actualMicroUsd: 0, listPriceMicroUsd: 14 * CENT };
  const total: ClipTotal = { currency: "USD", actualMicroUsd: 0, listPriceMicroUsd: 84 * CENT, parts: [part] };
  expect(totalSentence(total)).toBe(
    "Total with closing.png (nothing paid, list price $0.14): nothing paid, list price $0.84",
  );
});

import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { answer, CENT, captured, loseSight, OWNER, pay, request } from "../../spend/ledger/testing/fixture.ts";
import { newHome, type TestHome } from "../testing/filled-ledger.ts";

let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => home.remove());

describe("history", () => {
  test("of an empty home is empty, and makes nothing", async () => {
    expect(await home.json(["history"])).toEqual({ exitCode: 0, stderr: "", document: [] });
    expect(await home.run(["history"])).toEqual({ exitCode: 0, stdout: "", stderr: "Nothing yet.\n" });
    expect(readdirSync(home.path)).toEqual([]);
  });

  test("is an array, newest first, in the contract's shape", async () => {
    await home.fill((ledger) => {
      const wanted = request({ operation: "01FIRST", count: 2, prompt: "แมวน้ำ 🦊\u0000" });
      ledger.reserve(wanted);
      for (const { id, image } of wanted.calls) {
        ledger.markSent(id, OWNER);
        ledger.markAnswered(id, answer);
        ledger.capture(
          id,
          captured(4 * CENT, { picture: { path: `/pictures/fox_${image}.jpg`, sha256: "0".repeat(64) } }),
        );
      }
      loseSight(ledger, { operation: "01SECOND", project: "films" });
    });
    const { document } = await home.json(["history"]);
    expect(document).toMatchObject([
      {
        operation: "01SECOND",
        state: "unknown",
        project: "films",
        images: [{ state: "unknown", path: null }],
        cost: { actualMicroUsd: null, heldMicroUsd: 10 * CENT },
      },
      {
        operation: "01FIRST",
        state: "captured",
        prompt: "แมวน้ำ 🦊\u0000",
        images: [{ path: "/pictures/fox_0.jpg" }, { path: "/pictures/fox_1.jpg" }],
        cost: { currency: "USD", actualMicroUsd: 8 * CENT },
        startedAt: "2026-11-24T08:00:00.000Z",
      },
    ]);
    const { stdout } = await home.run(["history"]);
    expect(stdout).toMatch(/^2026-11-2\d \d\d:\d\d +captured +fox_0\.jpg \+1 +\$0\.08 +01FIRST +แมวน้ำ 🦊$/m);
    expect(stdout).toMatch(/unknown +0 of 1 +\$0\.10 held +01SECOND/);
  });

  test("has twenty unless told otherwise, and 0 gives all", async () => {
    await home.fill((ledger) => {
      for (let index = 0; index < 25; index += 1) pay(ledger, 1, { prompt: `number ${index}` });
    });
    for (const [words, length] of [
      [[], 20],
      [["--limit", "3"], 3],
      [["--limit", "0"], 25],
      [["--limit", "100"], 25],
    ] as const) {
      const { document } = await home.json(["history", ...words]);
      expect(document).toHaveLength(length);
      expect(document).toMatchObject([{ prompt: "number 24" }, ...Array.from({ length: length - 1 }, () => ({}))]);
    }
  });

  test("of one project, and of one model by any of its names", async () => {
    const model = createCatalogue().models.find(({ aliases }) => aliases.length > 0);
    await home.fill((ledger) => {
      pay(ledger, 1, { project: "films" });
      pay(ledger, 1, { model: model?.id ?? "" });
      pay(ledger, 1, { model: "gone-from-the-catalogue" });
    });
    expect((await home.json(["history", "--project", "films"])).document).toMatchObject([{ project: "films" }]);
    expect((await home.json(["history", "--model", model?.aliases[0]?.name ?? ""])).document).toMatchObject([
      { model: model?.id },
    ]);
    expect((await home.json(["history", "--model", "gone-from-the-catalogue"])).document).toHaveLength(1);
    expect((await home.json(["history", "--project", "books"])).document).toEqual([]);
  });

  test("shows nothing that a terminal would obey", async () => {
    await home.fill((ledger) =>
      pay(ledger, 1, { prompt: `\u001b]52;c;aGk=\u0007evil\u009b2J\u202e\n${"long ".repeat(100)}` }),
    );
    const { stdout } = await home.run(["history"]);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).toMatch(/evil.*…$/m);
  });

  test.each([
    ["--limit", "-1"],
    ["--limit", "1e3"],
    ["--limit", "ten"],
    ["--limit", "1.5"],
    ["--project", ""],
    ["--modle", "x"],
  ])("%s %s is refused", async (flag, value) => {
    const { exitCode, stderr, document } = await home.json(["history", flag, value]);
    expect([exitCode, stderr]).toEqual([2, ""]);
    expect(document).toMatchObject({ status: "error", error: { exitCode: 2 } });
  });

  test("a prompt that begins with the word is refused and not bought", async () => {
    expect(await home.run(["history", "of", "Rome"])).toMatchObject({ exitCode: 2, stdout: "" });
  });
});

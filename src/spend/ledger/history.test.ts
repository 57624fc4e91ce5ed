// History and totals: the shapes that programs read, and sums that add up.

import { afterEach, describe, expect, test } from "vitest";
import { toOpenOperation } from "./history.ts";
import { clipMark } from "./operation-kind.ts";
import type { JsonValue } from "./records.ts";
import {
  answer,
  captured,
  CENT,
  clearAway,
  errorReport,
  loseSight,
  newLedger,
  OWNER,
  pay,
  request,
  reserveCall,
  setClock,
} from "./testing/fixture.ts";

afterEach(clearAway);

describe("history", () => {
  test("has the fields of the design, newest first, and no more than asked for", async () => {
    const clock = setClock(Date.UTC(2026, 10, 24));
    const ledger = await newLedger({ clock });
    pay(ledger, 1);
    clock.advance(-60_000);
    const wanted = request({ prompt: "a fox", project: "films" });
    const picture = { path: "/pictures/a.png", sha256: "ab".repeat(32) };
    const { id } = wanted.calls[0];
    ledger.reserve(wanted);
    ledger.markSent(id, OWNER);
    ledger.markAnswered(id, answer);
    ledger.capture(id, captured(9 * CENT, { picture }));
    const [newest] = ledger.history({ limit: 1 });
    expect(newest).toEqual({
      operation: wanted.operation,
      kind: "picture",
      state: "captured",
      prompt: "a fox",
      images: [{ image: 0, state: "captured", ...picture, uri: null, attempts: 1, error: null }],
      cost: {
        currency: "USD",
        estimatedMicroUsd: 5 * CENT,
        actualMicroUsd: 9 * CENT,
        heldMicroUsd: 0,
        overrunMicroUsd: 0,
        basis: "usage",
      },
      startedAt: "2026-11-23T23:59:00.000Z",
      rehearsal: false,
      model: "model-a",
      endpoint: "generativelanguage",
      auth: "api-key",
      project: "films",
      delivered: false,
    });
    expect(ledger.history({ limit: 0 })).toHaveLength(2);
    expect(ledger.history({ limit: 5 })).toHaveLength(2);
  });

  test("says nothing of a cost that is not known, and 0 only where nothing was billed", async () => {
    const ledger = await newLedger();
    loseSight(ledger);
    expect(ledger.history({ limit: 1 })[0]?.cost).toMatchObject({ actualMicroUsd: null, heldMicroUsd: 10 * CENT });
    ledger.release(reserveCall(ledger));
    expect(ledger.history({ limit: 1 })[0]?.cost).toMatchObject({ actualMicroUsd: 0, heldMicroUsd: 0 });
  });

  test("of an operation in parts shows what is paid and what is held", async () => {
    const ledger = await newLedger();
    const wanted = request({ count: 3 });
    const [first, second, third] = wanted.calls;
    ledger.reserve(wanted);
    for (const { id } of wanted.calls) ledger.markSent(id, OWNER);
    ledger.markAnswered(first.id, answer);
    ledger.capture(first.id, captured(4 * CENT));
    ledger.reject(second?.id ?? "", errorReport("refused-safety"));
    ledger.markUnknown(third?.id ?? "", errorReport("connection-lost"));
    const [entry] = ledger.history({ limit: 1 });
    expect(entry).toMatchObject({ state: "unknown", cost: { actualMicroUsd: 4 * CENT, heldMicroUsd: 10 * CENT } });
    expect(entry?.images.map(({ error }) => error)).toEqual([null, "refused-safety", "connection-lost"]);
    expect(ledger.openOperations().map(toOpenOperation)).toMatchObject([
      {
        id: wanted.operation,
        state: "unknown",
        heldMicroUsd: 10 * CENT,
        calls: [{ id: third?.id, image: 2, state: "unknown", owner: OWNER, heldMicroUsd: 10 * CENT }],
      },
    ]);
  });
});

describe("totals", () => {
  test("of an empty ledger are zeros", async () => {
    const ledger = await newLedger();
    expect(ledger.totals({ by: "all" })).toEqual([
      {
        key: "",
        calls: 0,
        pictures: 0,
        clips: 0,
        spentMicroUsd: 0,
        estimatedMicroUsd: 0,
        heldMicroUsd: 0,
        unknownMicroUsd: 0,
        unmeteredListPriceMicroUsd: 0,
        unknownCalls: 0,
        retries: 0,
        refusals: 0,
      },
    ]);
    expect(ledger.totals({ by: "day" })).toEqual([]);
  });

  test("keep spent, held, unknown and unmetered apart and leave rehearsals out", async () => {
    const ledger = await newLedger();
    pay(ledger, 4 * CENT);
    pay(ledger, 7 * CENT, { metered: false });
    pay(ledger, 8 * CENT, { rehearsal: true });
    loseSight(ledger);
    reserveCall(ledger, { holdMicroUsd: 6 * CENT });
    expect(ledger.totals({ by: "all" })).toMatchObject([
      {
        calls: 4,
        spentMicroUsd: 4 * CENT,
        estimatedMicroUsd: 5 * CENT,
        heldMicroUsd: 6 * CENT,
        unknownMicroUsd: 10 * CENT,
        unmeteredListPriceMicroUsd: 7 * CENT,
        unknownCalls: 1,
      },
    ]);
  });

  test("tell pictures from clips, and a clip in a bucket from a refusal", async () => {
    const ledger = await newLedger();
    const make = (intent: JsonValue, file: string | null, responseId: string | null): void => {
      const id = reserveCall(ledger, { intent });
      ledger.markSent(id, OWNER);
      ledger.markAnswered(id, { ...answer, responseId });
      const picture = file === null ? null : { path: file, sha256: "ab".repeat(32) };
      ledger.capture(id, captured(CENT, { picture }));
    };
    const clip = { version: `${clipMark}1` };
    make({ version: 1 }, "/fox.png", "answer-1");
    make(clip, "/fox.mp4", null);
    make(clip, null, "gs://films/fox.mp4");
    make(clip, null, null);
    make({ version: 1 }, null, "answer-2");
    expect(ledger.totals({ by: "all" })).toMatchObject([{ calls: 5, pictures: 1, clips: 2, refusals: 2 }]);
    expect(ledger.history({ limit: 0 }).map(({ kind, images: [made] }) => [kind, made?.path ?? made?.uri])).toEqual([
      ["picture", null],
      ["clip", null],
      ["clip", "gs://films/fox.mp4"],
      ["clip", "/fox.mp4"],
      ["picture", "/fox.png"],
    ]);
    expect(ledger.callOfPicture("ab".repeat(32))?.picture?.path).toBe("/fox.png");
    expect(ledger.callOfPicture("cd".repeat(32))).toBeUndefined();
  });

  test.each([
    { by: "day", keys: ["2026-11-24", "2026-12-01"] },
    { by: "month", keys: ["2026-11", "2026-12"] },
    { by: "project", keys: ["", "films"] },
    { by: "model", keys: ["model-a", "model-b"] },
    { by: "route", keys: ["aiplatform/adc", "generativelanguage/api-key"] },
  ] as const)("by $by add up to the whole", async ({ by, keys }) => {
    const clock = setClock();
    const ledger = await newLedger({ clock });
    pay(ledger, 3);
    pay(ledger, 4, { project: "films", model: "model-b", endpoint: "aiplatform", auth: "adc" });
    clock.set(new Date(2026, 11, 1).getTime());
    pay(ledger, 5);
    const rows = ledger.totals({ by });
    expect(rows.map(({ key }) => key)).toEqual(keys);
    expect(rows.reduce((sum, { spentMicroUsd }) => sum + spentMicroUsd, 0)).toBe(12);
  });
});

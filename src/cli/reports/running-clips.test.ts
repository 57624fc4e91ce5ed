import { afterEach, beforeEach, expect, test } from "vitest";
import { clipMark } from "../../spend/ledger/operation-kind.ts";
import { OWNER, pay, request, reserveCall } from "../../spend/ledger/testing/fixture.ts";
import { runningClipLine, runningClips } from "./running-clips.ts";
import { createFakeContext } from "../testing/fake-context.ts";
import { MORNING, newHome, type TestHome } from "../testing/filled-ledger.ts";

let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => home.remove());

test("clips that are being made are told of, and neither pictures nor what is done or was told", async () => {
  const intent = { version: `${clipMark}1` };
  const told = request({ intent });
  await home.fill((ledger) => {
    reserveCall(ledger);
    pay(ledger, 1, { intent });
    ledger.reserve(told);
    ledger.markSent(reserveCall(ledger, { intent, operation: "01CLIP", prompt: "a tide" }), OWNER);
  });
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home.path } });
  const running = await runningClips(new Set([told.operation]), context);
  expect(running).toMatchObject([{ operation: "01CLIP", prompt: "a tide" }]);
  expect(running.map((clip) => runningClipLine(clip, MORNING + 83_000))).toEqual([
    'Still being made by another process, for 1 min 23 s: "a tide" (01CLIP). Its file comes by itself.',
  ]);
});

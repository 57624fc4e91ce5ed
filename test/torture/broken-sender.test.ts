// A mistake that no longer fits the source would be found by the next full run only; here it is found at once.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { brokenSenders } from "./broken-sender.ts";
import { checks } from "./checks.ts";

const senders = Object.entries(brokenSenders);

test.each(senders)("the mistake of the sender that %s fits the source", (_, changes) => {
  for (const { file, find } of changes) expect(readFileSync(file, "utf8").split(find)).toHaveLength(2);
});

test("every check has a broken sender to catch, and every broken sender a check", () => {
  expect(checks.filter(({ fails }) => fails.length === 0)).toEqual([]);
  const used = new Set(checks.flatMap(({ fails }) => fails.map(({ sender }) => sender)));
  expect(senders.map(([name]) => name).filter((name) => !used.has(name as never))).toEqual([]);
});

// docs/emulator.md is written by hand; these tests keep its tables whole.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { specialKeys, specialTokens } from "../../src/emulator/credential-checks.ts";
import { faultTable } from "../../src/emulator/faults/fault-actions.ts";
import { namedErrors } from "../../src/emulator/faults/named-errors.ts";
import { promptFaults } from "../../src/emulator/faults/prompt-faults.ts";

const page = readFileSync(new URL("../../docs/emulator.md", import.meta.url), "utf8");

test.each([
  ["word for a key", specialKeys],
  ["word for a token", specialTokens],
  ["word for a prompt", Object.keys(promptFaults)],
  ["named error", Object.keys(namedErrors)],
])("the users' page names every %s", (_kind, names) => {
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("the users' page has a row with every field for each planned fault", () => {
  const missing = Object.entries(faultTable).filter(([type, { fields }]) => {
    const row = page.split("\n").find((line) => line.startsWith(`| \`${type}\` |`)) ?? "";
    return row === "" || Object.keys(fields).some((name) => !row.includes(`\`${name}\``));
  });
  expect(missing.map(([type]) => type)).toEqual([]);
});

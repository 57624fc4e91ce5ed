// The network between: login pages, silence, a wrong clock, HTTP proxies.

import { expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import { systemClock } from "../transport/system-clock.ts";
import { closedPort, startRawServer } from "../transport/testing/raw-server.ts";
import { examine as runDoctor } from "./index.ts";
import {
  examinerOf,
  failures,
  openEmulator,
  openFolder,
  secret,
  statuses,
  writeKeyFile,
} from "./testing/examine-with.ts";

const emulator = await openEmulator();
const folder = openFolder();
const examine = examinerOf(emulator, folder);
const THREE_HOURS_MS = 3 * 60 * 60_000;
/** Its judge of assertions lives three hours ago; its answers carry the machine's own date. */
const late = await openEmulator({
  clock: { nowMs: () => systemClock.now() - THREE_HOURS_MS, wait: () => Promise.resolve() },
});
const apiKey = secret(emulator.credentials.apiKey);

/** A clock that is wrong by so much. */
function clockOff(ms: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + ms };
}

test("a login page of somebody else is exit 6 and no bill is feared", async () => {
  emulator.plan([{ match: { rpc: "*" }, times: 2, action: { type: "html", page: "captive-portal" } }]);
  const report = await examine({ credentials: { apiKey } });
  expect(failures(report)).toMatchObject([
    { name: "reachable", code: "foreign-answer", nextStep: expect.stringMatching(/Nothing was bought/) },
  ]);
  expect(report.exitCode).toBe(6);
});

test("a server that nobody answers for is one check, whatever was still to be asked", async () => {
  const baseUrls = { generativelanguage: `http://127.0.0.1:${await closedPort()}` };
  const report = await examine({ baseUrls, credentials: { apiKey } });
  expect(statuses(report)).toEqual(["credential: ok", "back end: ok", "reachable: failed"]);
  expect(report.exitCode).toBe(6);
});

test("an interruption ends the questions that are open", async () => {
  const stop = new AbortController();
  const silent = await startRawServer({ onRequest: () => stop.abort() });
  const baseUrls = { generativelanguage: new URL(silent.url).origin };
  const patient: Clock = { ...systemClock, sleep: () => new Promise(() => {}) };
  const options = { baseUrls, credentials: { apiKey }, clock: patient };
  await expect(examine(options, { signal: stop.signal })).rejects.toMatchObject({
    code: "interrupted",
    details: { billed: "no" },
  });
});

test.each([
  ["ten minutes ahead", 10 * 60_000, "10 minutes ahead of"],
  ["an hour behind", -60 * 60_000, "60 minutes behind"],
])("a clock that is %s is told, and is no failure by itself", async (_what, offMs, words) => {
  const report = await examine({ credentials: { apiKey }, clock: clockOff(offMs) });
  expect(report.connections[0]?.checks).toContainEqual(
    expect.objectContaining({ name: "clock", status: "warning", message: expect.stringContaining(words) }),
  );
  expect(report.status).toBe("ok");
});

test("a clock that is four minutes off is near enough", async () => {
  const report = await examine({ credentials: { apiKey }, clock: clockOff(4 * 60_000) });
  expect(statuses(report)).not.toContain("clock: warning");
});

test("where the token server refuses the assertion of a wrong clock, the clock is named beside the refusal", async () => {
  const credentialsFile = writeKeyFile(folder, late.credentials.serviceAccountKey);
  const clock = clockOff(THREE_HOURS_MS);
  const report = await examinerOf(late, folder)({ auth: "service-account", credentials: { credentialsFile }, clock });
  expect(statuses(report)).toEqual(["credential: ok", "back end: ok", "credential: failed", "clock: warning"]);
  expect(report.exitCode).toBe(3);
});

test("HTTP proxies are named by host, without user name and password", async () => {
  const report = await runDoctor({
    options: {
      auth: "api-key",
      workingDirectory: folder,
      stateDirectory: folder,
      proxies: { https: "http://somebody:pass-word@proxy.corp:3128", noProxy: "localhost,.corp" },
    },
    others: [],
    files: { configFile: `${folder}/none/config.json`, configHoldsSecret: false, stateDirectory: folder, keyFiles: [] },
  });
  expect(report.surroundings).toContainEqual({
    name: "HTTP proxy for https",
    status: "ok",
    message: "Calls go through proxy.corp:3128, except localhost,.corp.",
  });
  expect(JSON.stringify(report)).not.toMatch(/somebody|pass-word/);
});

import { expect, test } from "vitest";
import { systemClock } from "../transport/system-clock.ts";
import { startRawServer } from "../transport/testing/raw-server.ts";
import { systemNetwork } from "./download.ts";
import { answer } from "./testing/pretended-internet.ts";

test("a connection goes to the addresses that were checked, and the name is not looked up again", async () => {
  const server = await startRawServer({ onRequest: (socket) => socket.end(answer(200, {}, "x")) });
  const { bytes } = await systemNetwork(systemClock)
    .open(["127.0.0.1"])
    .send(
      { method: "GET", url: `http://name-that-nobody-has.invalid:${server.port}/x`, headers: {}, body: null },
      {
        deadlines: { connectMs: 10_000, totalMs: 10_000, idleMs: 10_000 },
        paid: false,
        onHead: () => () => {},
      },
    );
  expect(bytes).toBe(1);
  expect(server.complete[0]?.head).toContain("Host: name-that-nobody-has.invalid");
});

test("the addresses of a name are all of them, as the system knows them", async () => {
  expect(await systemNetwork(systemClock).resolve("127.0.0.1")).toEqual(["127.0.0.1"]);
});

import { once } from "node:events";
import { expect, test } from "vitest";
import { ask } from "./testing/ask.ts";
import { createManualClock } from "./testing/manual-clock.ts";
import { startRawServer } from "./testing/raw-server.ts";
import { createTestAuthority } from "./testing/certificate.ts";

const deadlines = { connectMs: 10_000, totalMs: 300_000, idleMs: 60_000 };
const head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

test("a name that is never looked up is given up after the time to connect", async () => {
  const clock = createManualClock();
  const asked = ask("http://images.invalid/x", {
    deadlines,
    ports: { clock, lookup: () => setImmediate(() => clock.advance(10_000)) },
  });
  const { error } = await asked;
  expect(error).toMatchObject({ code: "connect-timeout", billed: "no", retryable: true, exitCode: 6 });
  expect(error?.message).toContain("10 s");
});

test("a server that does not answer the TLS greeting is given up after the time to connect", async () => {
  const clock = createManualClock();
  const server = await startRawServer({ onBytes: () => clock.advance(10_000) });
  const { error, sent } = await ask(server.url.replace("http:", "https:"), { deadlines, ports: { clock } });
  expect(error).toMatchObject({ code: "connect-timeout", billed: "no" });
  expect(sent).toBe(false);
});

test("the time to connect is over once the connection stands", async () => {
  const clock = createManualClock();
  const server = await startRawServer({
    onRequest(socket) {
      clock.advance(20_000);
      socket.end(`${head}0123456789`);
    },
  });
  expect((await ask(server.url, { deadlines, ports: { clock } })).error).toBeNull();
});

test("an upload that does not get through in time leaves nothing bought", async () => {
  const clock = createManualClock();
  const server = await startRawServer({
    onBytes(socket) {
      socket.pause();
      setImmediate(() => clock.advance(300_000));
    },
  });
  const call = { method: "POST", url: server.url, headers: {}, body: Buffer.alloc(32_000_000) } as const;
  const { error } = await ask(call, { deadlines, ports: { clock } });
  expect(error).toMatchObject({ code: "upload-interrupted", billed: "no" });
});

test("a server that never answers is waited for as long as the whole call may take, and may have billed", async () => {
  const clock = createManualClock();
  const server = await startRawServer({
    onRequest() {
      clock.advance(299_000);
      setTimeout(() => clock.advance(1_000), 20);
    },
  });
  const { error } = await ask(server.url, { deadlines, ports: { clock } });
  expect(error).toMatchObject({ code: "timeout", billed: "maybe", retryable: false, exitCode: 7 });
  expect(error?.message).toContain("300 s");
});

test("an answer after 310 seconds is received when the call may take longer", async () => {
  const clock = createManualClock();
  const server = await startRawServer({
    onRequest(socket) {
      clock.advance(310_000);
      setTimeout(() => socket.end(`${head}0123456789`), 20);
    },
  });
  const seen = await ask(server.url, { deadlines: { ...deadlines, totalMs: 400_000 }, ports: { clock } });
  expect(seen).toMatchObject({ error: null, bytes: 10 });
});

test("an answer that stalls is given up after the idle time, not before", async () => {
  const clock = createManualClock();
  const server = await startRawServer({ onRequest: (socket) => void socket.write(`${head}01234`) });
  let early = false;
  const asked = ask(server.url, {
    deadlines,
    ports: { clock },
    onChunk() {
      clock.advance(59_999);
      setTimeout(() => {
        early = true;
        clock.advance(1);
      }, 30);
    },
  });
  const seen = await asked;
  expect(early).toBe(true);
  expect(seen.error).toMatchObject({ code: "timeout", billed: "maybe" });
  expect(seen.error?.message).toContain("60 s");
  expect(seen.body.toString()).toBe("01234");
});

test("an answer that stalls after its head is given up after the idle time", async () => {
  const clock = createManualClock();
  const server = await startRawServer({ onRequest: (socket) => void socket.write(head) });
  const seen = await ask(server.url, {
    deadlines,
    ports: { clock },
    onHead: () => setImmediate(() => clock.advance(60_000)),
  });
  expect(seen.error).toMatchObject({ code: "timeout", billed: "maybe" });
});

test("a slow answer that keeps moving is waited for", async () => {
  const clock = createManualClock();
  const server = await startRawServer({
    onRequest(socket) {
      socket.write(head);
      let left = 10;
      const drip = (): void => {
        clock.advance(25_000);
        socket.write("x");
        left -= 1;
        if (left > 0) setTimeout(drip, 5);
      };
      drip();
    },
  });
  const seen = await ask(server.url, { deadlines, ports: { clock } });
  expect(seen).toMatchObject({ error: null, bytes: 10 });
});

test("a head that drips in ends with the whole call", async () => {
  const clock = createManualClock();
  const server = await startRawServer({
    onRequest(socket) {
      socket.write("HTTP/1.1 200 OK\r\n");
      const drip = (): void => {
        if (socket.destroyed) return;
        socket.write("X");
        clock.advance(50_000);
        setTimeout(drip, 5);
      };
      drip();
    },
  });
  const { error } = await ask(server.url, { deadlines, ports: { clock } });
  expect(error).toMatchObject({ code: "timeout", billed: "maybe" });
});

test("a body that moves without end stops with the whole call", async () => {
  const clock = createManualClock();
  const server = await startRawServer({
    onRequest(socket) {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const drip = (): void => {
        if (socket.destroyed) return;
        socket.write("x");
        clock.advance(50_000);
        setTimeout(drip, 5);
      };
      drip();
    },
  });
  expect((await ask(server.url, { deadlines, ports: { clock } })).error?.code).toBe("timeout");
});

test("an answer that waits in the kernel while the process was stopped is taken, not timed out", async () => {
  const clock = createManualClock();
  let finishAnswer: (() => void) | undefined;
  const server = await startRawServer({
    onRequest(socket) {
      socket.write(`${head}01234`);
      finishAnswer = () => void socket.write("56789");
    },
  });
  const seen = await ask(server.url, {
    deadlines,
    ports: { clock },
    onChunk(chunk) {
      if (chunk.length !== 5 || chunk.toString() !== "01234") return;
      finishAnswer?.();
      // Due before the loop looks at the network again, as after a stop.
      setTimeout(() => clock.advance(400_000), 0);
      const until = Date.now() + 20;
      while (Date.now() < until);
    },
  });
  expect(seen).toMatchObject({ error: null, bytes: 10 });
});

test("a late answer to a call that buys nothing is a passing fault", async () => {
  const clock = createManualClock();
  const server = await startRawServer({ onRequest: () => clock.advance(300_000) });
  const { error } = await ask(server.url, { deadlines, paid: false, ports: { clock } });
  expect(error).toMatchObject({ code: "connect-timeout", billed: "no", exitCode: 6 });
});

test("no timer is left when the call is over, and the connection is closed", async () => {
  const clock = createManualClock();
  let closed: Promise<unknown> | undefined;
  const server = await startRawServer({
    onConnection(socket) {
      closed = once(socket, "close");
    },
    onRequest: (socket) => void socket.write(`${head}0123456789`),
  });
  expect((await ask(server.url, { deadlines, ports: { clock } })).error).toBeNull();
  expect(clock.sleeping()).toBe(0);
  await closed;
});

test("the time to connect covers TLS that comes up slowly, and no longer", async () => {
  const clock = createManualClock();
  const authority = createTestAuthority();
  const server = await startRawServer({ tls: authority.issue() });
  const seen = await ask(server.url, {
    deadlines,
    ports: { clock, ca: authority.cert },
    onSent: () => clock.advance(15_000),
  });
  expect(seen.error).toBeNull();
});

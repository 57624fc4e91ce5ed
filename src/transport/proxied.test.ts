// Calls through an HTTP proxy. The names in the URLs are resolved by the proxy of the test, which always goes to 127.0.0.1.

import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ask, post, type Seen } from "./testing/ask.ts";
import { createTestAuthority } from "./testing/certificate.ts";
import { startTestProxy } from "./testing/connect-proxy.ts";
import { createManualClock } from "./testing/manual-clock.ts";
import { closedPort, startRawServer } from "./testing/raw-server.ts";

const authority = createTestAuthority();
const CREDENTIALS = "someone:hush%20hush";

const through = (port: number, url: string, asking: Parameters<typeof ask>[1] = {}): Promise<Seen> => {
  const proxy = `http://${CREDENTIALS}@127.0.0.1:${port}`;
  return ask(post(url), {
    ...asking,
    ports: { proxies: { https: proxy, http: proxy }, ca: authority.cert, ...asking.ports },
  });
};

const silent = (seen: Seen): void => {
  expect(inspect(seen, { depth: 20, showHidden: true })).not.toMatch(/hush|someone|c29tZW9uZ/);
};

test("an https call goes through a tunnel with the certificate of the server checked by name", async () => {
  const server = await startRawServer({ tls: authority.issue({ host: "images.invalid" }) });
  const proxy = await startTestProxy();
  const seen = await through(proxy.port, `https://images.invalid:${server.port}/v1/x`);
  expect(seen).toMatchObject({ error: null, head: { status: 200 }, sent: true });
  expect(server.complete).toHaveLength(1);
  expect(server.complete[0]?.head).toMatch(/^POST \/v1\/x HTTP/);
  expect(server.complete[0]?.head).not.toMatch(/proxy-authorization/i);
  expect(proxy.heads).toHaveLength(1);
  expect(proxy.heads[0]).toContain(`CONNECT images.invalid:${server.port} HTTP/1.1`);
  expect(proxy.heads[0]).toContain(`Basic ${Buffer.from("someone:hush hush").toString("base64")}`);
  silent(seen);
});

test("an http call goes to the proxy with its whole address", async () => {
  const server = await startRawServer();
  const proxy = await startTestProxy();
  const seen = await through(proxy.port, `http://images.invalid:${server.port}/v1/x`);
  expect(seen).toMatchObject({ error: null, head: { status: 200 } });
  expect(proxy.heads[0]).toContain(`POST http://images.invalid:${server.port}/v1/x HTTP/1.1`);
  expect(server.complete[0]?.body.toString()).toBe('{"contents":[]}');
});

test("this machine is reached without the proxy", async () => {
  const server = await startRawServer();
  const proxy = await startTestProxy();
  expect((await through(proxy.port, server.url)).error).toBeNull();
  expect(proxy.connections()).toBe(0);
});

test("the answer of a tunnel is not trusted more: another host's certificate is refused", async () => {
  const server = await startRawServer({ tls: authority.issue() });
  const proxy = await startTestProxy();
  const seen = await through(proxy.port, `https://images.invalid:${server.port}/x`);
  expect(seen.error).toMatchObject({ code: "tls-failure", billed: "no" });
  expect(server.complete).toHaveLength(0);
});

const refusal =
  "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 4\r\n\r\nnope";

test.each(["https", "http"])("a proxy that wants another password refuses an %s call", async (scheme) => {
  const proxy = await startTestProxy({ answer: refusal });
  const seen = await through(proxy.port, `${scheme}://images.invalid/x`);
  expect(seen.error).toMatchObject({ code: "http-proxy-refused", billed: "no", exitCode: 3 });
  expect(seen.error?.message).toContain("407");
  expect(seen.error?.message).toContain(`127.0.0.1:${proxy.port}`);
  expect(seen.head).toBeNull();
  silent(seen);
});

test.each([403, 502, 301])("a proxy that answers CONNECT with %i refuses", async (status) => {
  const proxy = await startTestProxy({ answer: `HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n` });
  const seen = await through(proxy.port, "https://images.invalid/x");
  expect(seen.error).toMatchObject({ code: "http-proxy-refused", billed: "no" });
  expect(seen.error?.message).toContain(String(status));
  expect(seen.sent).toBe(false);
});

test.each(["https", "http"])("a proxy that is not running is no connection for an %s call", async (scheme) => {
  const seen = await through(await closedPort(), `${scheme}://images.invalid/x`);
  expect(seen.error).toMatchObject({ code: "connect-failed", billed: "no", retryable: true });
  expect(seen.error?.message).toContain("through the HTTP proxy");
  silent(seen);
});

test.each([
  ["closes instead of answering CONNECT", (socket: { destroy(): void }) => socket.destroy()],
  ["answers CONNECT with garbage", (socket: { end(text: string): void }) => socket.end("\u0000\u0001\r\n\r\n")],
] as const)("a proxy that %s leaves nothing bought", async (_what, serve) => {
  const proxy = await startTestProxy({ serve });
  const { error, sent } = await through(proxy.port, "https://images.invalid/x");
  expect(error).toMatchObject({ billed: "no" });
  expect(["connect-failed", "http-proxy-refused"]).toContain(error?.code);
  expect(sent).toBe(false);
});

test("a proxy that dies after the request was sent leaves it open whether something was bought", async () => {
  const proxy = await startTestProxy();
  const server = await startRawServer({
    tls: authority.issue({ host: "images.invalid" }),
    onRequest: () => proxy.kill(),
  });
  const { error } = await through(proxy.port, `https://images.invalid:${server.port}/x`);
  expect(error).toMatchObject({ code: "connection-lost", billed: "maybe" });
});

test.each(["https", "http"])(
  "a proxy that never answers is given up in time and its connection is closed (%s)",
  async (scheme) => {
    const clock = createManualClock();
    let closed = false;
    const proxy = await startTestProxy({
      serve(socket) {
        socket.on("close", () => {
          closed = true;
        });
        clock.advance(20_000);
      },
    });
    const seen = await through(proxy.port, `${scheme}://images.invalid/x`, { ports: { clock } });
    expect(seen.error?.code).toBe(scheme === "https" ? "connect-timeout" : "timeout");
    expect(clock.sleeping()).toBe(0);
    await expect.poll(() => closed).toBe(true);
  },
);

test("an aborted call does not leave a half-made tunnel open", async () => {
  const controller = new AbortController();
  let closed = false;
  const proxy = await startTestProxy({
    serve(socket) {
      socket.on("close", () => {
        closed = true;
      });
      controller.abort();
    },
  });
  const seen = await through(proxy.port, "https://images.invalid/x", { signal: controller.signal });
  expect(seen.error).toMatchObject({ code: "interrupted", billed: "no" });
  await expect.poll(() => closed).toBe(true);
});

test("a proxy address that cannot be used is a matter of configuration", async () => {
  const seen = await ask("http://images.invalid/x", {
    ports: { proxies: { http: "socks5://someone:hush@127.0.0.1:1" } },
  });
  expect(seen.error).toMatchObject({ code: "config-invalid", billed: "no", exitCode: 3 });
  silent(seen);
});

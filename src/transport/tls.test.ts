import { expect, test } from "vitest";
import { ask } from "./testing/ask.ts";
import { createTestAuthority } from "./testing/certificate.ts";
import { startRawServer } from "./testing/raw-server.ts";

const authority = createTestAuthority();
const trusting = { ports: { ca: authority.cert } };

test("a server with a certificate of a trusted authority is spoken to", async () => {
  const server = await startRawServer({ tls: authority.issue() });
  const seen = await ask(server.url, trusting);
  expect(seen).toMatchObject({ error: null, head: { status: 200 }, sent: true });
  expect(server.complete).toHaveLength(1);
});

test("a large upload over TLS arrives whole, its last byte after onSent", async () => {
  const server = await startRawServer({ tls: authority.issue() });
  let completeThen = -1;
  const call = { method: "POST", url: server.url, headers: {}, body: Buffer.alloc(3_000_000, "x") } as const;
  const seen = await ask(call, {
    ...trusting,
    onSent() {
      completeThen = server.complete.length;
    },
  });
  expect(seen.error).toBeNull();
  expect(completeThen).toBe(0);
  expect(server.complete[0]?.body).toHaveLength(3_000_000);
});

test.each([
  ["of an authority that nobody trusts", authority.issue(), {}, /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/],
  ["that is self-signed", createTestAuthority().selfSigned, {}, /SELF_SIGNED/],
  ["that has expired", authority.issue({ expired: true }), trusting, /CERT_HAS_EXPIRED/],
  ["for another host", authority.issue({ host: "images.invalid" }), trusting, /ERR_TLS_CERT_ALTNAME_INVALID/],
] as const)("a certificate %s stops the call before a byte of the request leaves", async (_what, tls, asking, code) => {
  let requestBytes = 0;
  const server = await startRawServer({
    tls,
    onBytes(_socket, bytes) {
      requestBytes = bytes;
    },
  });
  const { error, sent } = await ask(server.url, asking);
  expect(error).toMatchObject({ code: "tls-failure", billed: "no", retryable: false, exitCode: 3 });
  expect(error?.message).toMatch(code);
  expect(sent).toBe(false);
  expect(requestBytes).toBe(0);
});

test("a server that speaks no TLS is a TLS failure", async () => {
  const server = await startRawServer({
    onConnection: (socket) => socket.once("data", () => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")),
  });
  const { error } = await ask(server.url.replace("http:", "https:"));
  expect(error).toMatchObject({ code: "tls-failure", billed: "no" });
});

test("a connection closed during the TLS greeting is no connection", async () => {
  const server = await startRawServer({ onBytes: (socket) => void socket.destroy() });
  const { error } = await ask(server.url.replace("http:", "https:"));
  expect(error).toMatchObject({ code: "connect-failed", billed: "no", retryable: true });
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type RequestBody, readBody } from "./request-body.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What a server reads of a body that a client sends. */
async function read(
  sent: string,
  limit: number,
  stopAfter: number | null,
): Promise<{ body: RequestBody; answer: string }> {
  const bodies: RequestBody[] = [];
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      bodies.push(await readBody(request, limit, stopAfter));
      response.end("read");
    };
    void answer();
  });
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP has such an address
  const { port } = server.address() as AddressInfo;
  const answer = await (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: sent })).text();
  const [body] = bodies;
  if (body === undefined) throw new Error("nothing was read");
  return { body, answer };
}

test("a body within the limit is kept whole", async () => {
  const { body } = await read("hello", 5, null);
  expect(body).toMatchObject({ received: 5, isComplete: true, isTooLarge: false });
  expect(body.bytes.toString()).toBe("hello");
});

test("a body beyond the limit is not kept, and its sender can still be answered", async () => {
  const { body, answer } = await read("x".repeat(3_000_000), 1000, null);
  expect(body).toMatchObject({ received: 3_000_000, isTooLarge: true });
  expect(body.bytes.length).toBe(0);
  expect(answer).toBe("read");
});

test("reading stops where it is told to", async () => {
  const { body } = await read("x".repeat(3_000_000), 10_000_000, 1000);
  expect(body.isComplete).toBe(false);
  expect(body.received).toBeLessThan(3_000_000);
});

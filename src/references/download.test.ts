import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createManualClock } from "../transport/testing/manual-clock.ts";
import { answer, pretendInternet, PUBLIC, tryDownload } from "./testing/pretended-internet.ts";

const picture = Buffer.from("these bytes stand for a picture");

describe("a download", () => {
  test("gives the bytes, from the address that was checked", async () => {
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(200, {}, picture)) });
    expect(await tryDownload("https://pictures.example/a.png?w=1", internet)).toEqual(picture);
    expect(internet.opened).toEqual([[PUBLIC]]);
  });

  test("sends no credentials, cookies or referring page", async () => {
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(200, {}, picture)) });
    await tryDownload("https://pictures.example/a.png", internet);
    expect(internet.requests[0]?.head).not.toMatch(/cookie|authori[sz]ation|referer|x-goog|api-key/i);
    expect(internet.requests[0]?.head).toMatch(/^GET \/a\.png HTTP/);
  });

  test("from unencrypted addresses is made when that is allowed", async () => {
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(200, {}, picture)) });
    expect(await tryDownload("http://pictures.example/a.png", internet, { policy: { urls: "http" } })).toEqual(picture);
  });

  test("is not made through an HTTP proxy, which would look the name up by itself", async () => {
    const internet = await pretendInternet();
    const proxies = { https: "http://proxy.example:3128" };
    expect(await tryDownload("https://pictures.example/a.png", internet, { proxies })).toMatch(
      /^reference-forbidden: .*HTTP proxy/,
    );
    expect([internet.resolved, internet.opened]).toEqual([[], []]);
  });

  test("is made directly where the proxy settings say so", async () => {
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(200, {}, picture)) });
    const proxies = { https: "http://proxy.example:3128", noProxy: "pictures.example" };
    expect(await tryDownload("https://pictures.example/a.png", internet, { proxies })).toEqual(picture);
  });

  test.each([404, 403, 500])("with status %i is said to have failed", async (status) => {
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(status, {}, "no")) });
    expect(await tryDownload("https://pictures.example/", internet)).toContain(
      `reference-download-failed: was not given: the server answered with status ${status}`,
    );
  });

  test("that fails in passing is tried again, three times in all", async () => {
    const answers = [503, 429, 200, 200];
    const internet = await pretendInternet({
      onRequest: (socket) => socket.end(answer(answers.shift() ?? 500, {}, picture)),
    });
    expect(await tryDownload("https://pictures.example/", internet)).toEqual(picture);
    expect(internet.requests).toHaveLength(3);
  });

  test("that is refused for good is not tried again", async () => {
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(404, {}, "no")) });
    await tryDownload("https://pictures.example/", internet);
    expect(internet.requests).toHaveLength(1);
  });

  test("of a name that has turned inwards meanwhile is not tried again", async () => {
    const names = { "rebinding.example": [[PUBLIC], ["127.0.0.1"]] };
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(503, {})) }, names);
    expect(await tryDownload("https://rebinding.example/", internet)).toMatch(/^reference-forbidden: /);
    expect(internet.opened).toEqual([[PUBLIC]]);
  });

  test("that breaks off is not taken for the whole", async () => {
    const internet = await pretendInternet({
      onRequest: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
    });
    expect(await tryDownload("https://pictures.example/", internet)).toMatch(/^reference-download-failed: /);
  });
});

const redirectTo = (location: string, status = 302) => ({
  onRequest: (socket: { end(bytes: Buffer): unknown }) => socket.end(answer(status, { location })),
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("%i to another public address is followed and checked again", async (status) => {
    let asked = 0;
    const internet = await pretendInternet({
      onRequest: (socket) => {
        asked += 1;
        socket.end(asked === 1 ? answer(status, { location: "https://b.example/x" }) : answer(200, {}, picture));
      },
    });
    expect(await tryDownload("https://a.example/", internet)).toEqual(picture);
    expect(internet.resolved).toEqual(["a.example", "b.example"]);
  });

  test.each([
    "https://127.0.0.1/",
    "https://[::ffff:7f00:1]/",
    "//localhost/",
    "http://example.com/",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "https://169.254.169.254/latest/",
    "https://user:secret@example.com/",
    "https://example.com:6379/",
  ])("to %s is not followed", async (location) => {
    const internet = await pretendInternet(redirectTo(location));
    expect(await tryDownload("https://a.example/", internet)).toMatch(
      /^reference-forbidden: was redirected to an address that /,
    );
    expect(internet.requests).toHaveLength(1);
  });

  test("to a name that leads inwards is not followed", async () => {
    const internet = await pretendInternet(redirectTo("https://inside.example/"), { "inside.example": ["127.0.0.1"] });
    expect(await tryDownload("https://a.example/", internet)).toMatch(/^reference-forbidden: /);
    expect(internet.requests).toHaveLength(1);
  });

  test("to a name that changes its address after the first request is judged by the new one", async () => {
    const names = { "rebinding.example": [[PUBLIC], ["127.0.0.1"]] };
    const internet = await pretendInternet(redirectTo("https://rebinding.example/again"), names);
    expect(await tryDownload("https://rebinding.example/", internet)).toMatch(/^reference-forbidden: /);
    expect(internet.opened).toEqual([[PUBLIC]]);
  });

  test("without end are followed three times", async () => {
    const internet = await pretendInternet(redirectTo("https://a.example/again"));
    expect(await tryDownload("https://a.example/", internet)).toContain("redirected more than 3 times");
    expect(internet.requests).toHaveLength(4);
  });

  test("to nowhere are refused", async () => {
    const internet = await pretendInternet({ onRequest: (socket) => socket.end(answer(302, {})) });
    expect(await tryDownload("https://a.example/", internet)).toContain("redirected to nowhere");
  });
});

describe("bounds", () => {
  test("a size that is announced as too large is refused before the body", async () => {
    const internet = await pretendInternet({
      onRequest: (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\nx"),
    });
    expect(await tryDownload("https://a.example/", internet)).toMatch(/^reference-too-large: has 10000\.0 MB/);
  });

  test("an endless body is refused at the limit", async () => {
    const internet = await pretendInternet({
      onRequest: (socket) => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        const more = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
          if (!socket.destroyed) socket.once("drain", more);
        };
        more();
      },
    });
    expect(await tryDownload("https://a.example/", internet)).toMatch(/^reference-too-large: /);
  });

  test("a compressed body is counted unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const internet = await pretendInternet({
      onRequest: (socket) => socket.end(answer(200, { "content-encoding": "gzip" }, bomb)),
    });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await tryDownload("https://a.example/", internet)).toMatch(/^reference-too-large: /);
  });

  test("a body that comes byte by byte is given up when the time is over", async () => {
    const clock = createManualClock();
    const internet = await pretendInternet(
      {
        onRequest: (socket) => {
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
          const next = (): void => {
            if (socket.destroyed) return;
            socket.write("x");
            clock.advance(5_000);
            setImmediate(next);
          };
          next();
        },
      },
      {},
      clock,
    );
    expect(await tryDownload("https://a.example/", internet, {}, clock)).toMatch(/^reference-download-failed: /);
    expect(clock.now()).toBeLessThan(100_000);
  });

  test("a name that is never looked up is given up when the time is over", async () => {
    const clock = createManualClock();
    const internet = {
      ...(await pretendInternet()),
      resolve: () => {
        setImmediate(() => clock.advance(60_000));
        return new Promise<never>(() => undefined);
      },
    };
    expect(await tryDownload("https://a.example/", internet, {}, clock)).toBe(
      "reference-download-failed: did not arrive in time.",
    );
  });

  test("redirects share one time limit", async () => {
    const clock = createManualClock();
    const internet = await pretendInternet(
      {
        onRequest: (socket) => {
          clock.advance(25_000);
          socket.end(answer(302, { location: "https://a.example/" }));
        },
      },
      {},
      clock,
    );
    expect(await tryDownload("https://a.example/", internet, {}, clock)).toMatch(/^reference-download-failed: /);
    expect(internet.requests.length).toBeLessThanOrEqual(3);
  });
});

import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import type { EmulatorClock } from "./clock.ts";
import type { FaultAction } from "./faults/fault-actions.ts";
import type { LoggedRequest } from "./index.ts";
import { pictureRequest, useEmulator } from "./testing/asking.ts";

/** A clock whose waits end at once and are remembered; waits without an end stay. */
const waitedMs: number[] = [];
const clock: EmulatorClock = {
  nowMs: () => 1_790_000_000_000,
  wait: (ms, signal) => {
    if (ms > 0) waitedMs.push(ms);
    if (ms < 1_000_000_000) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
  },
};

const emulator = useEmulator({ clock });

interface Received {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
  readonly chunks: number;
  /** "end": the answer ended in good order; otherwise the error's code. */
  readonly ending: string;
}

/** Sends a request for a picture and keeps whatever came; leaves after `leaveAfterBytes`. */
function receive(
  actions: FaultAction[],
  leaveAfterBytes = Number.POSITIVE_INFINITY,
  leaveOnHeaders = false,
): Promise<Received> {
  waitedMs.length = 0;
  emulator().plan([{ action: actions }]);
  return new Promise((resolve) => {
    let received: Received = { status: null, headers: {}, bytes: Buffer.alloc(0), chunks: 0, ending: "" };
    const finish = (ending: string): void => resolve({ ...received, ending });
    const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3.1-flash-image:generateContent`;
    const sent = request(
      url,
      { method: "POST", headers: { "x-goog-api-key": "AIza-any" }, agent: false },
      (response) => {
        received = { ...received, status: response.statusCode ?? null, headers: response.headers };
        if (leaveOnHeaders) {
          sent.destroy();
          finish("left");
        }
        response.on("data", (chunk: Buffer) => {
          received = { ...received, bytes: Buffer.concat([received.bytes, chunk]), chunks: received.chunks + 1 };
          if (received.bytes.length < leaveAfterBytes) return;
          sent.destroy();
          finish("left");
        });
        response.on("end", () => finish("end"));
        response.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? "error"));
      },
    );
    sent.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? "error"));
    sent.end(JSON.stringify(pictureRequest("A cat")));
  });
}

function lastEntry(): LoggedRequest | undefined {
  return emulator().requests().at(-1);
}

describe("a cut answer", () => {
  test("ends after the bytes asked for, and is billed", async () => {
    const received = await receive([{ type: "cut", afterBytes: 1000 }]);
    expect([received.status, received.bytes.length, received.ending]).toEqual([200, 1000, "ECONNRESET"]);
    expect(lastEntry()).toMatchObject({ bodyComplete: true, answerComplete: false, billed: true, imageCount: 1 });
  });

  test("without a byte of answer is billed all the same", async () => {
    const received = await receive([{ type: "drop" }]);
    expect([received.status, received.ending]).toEqual([null, "ECONNRESET"]);
    expect(lastEntry()).toMatchObject({ bodyComplete: true, answerComplete: false, billed: true });
  });

  test("during the upload is not", async () => {
    const received = await receive([{ type: "upload-reset" }]);
    expect(received.ending).toBe("ECONNRESET");
    expect(lastEntry()).toMatchObject({ bodyComplete: false, billed: false, faults: ["upload-reset"], status: null });
  });
});

describe("a stalled answer", () => {
  test.each(["before-headers", "after-headers", "mid-body"] as const)(
    "%s goes on after the time asked for",
    async (where) => {
      const received = await receive([{ type: "stall", where, forMs: 7000 }]);
      expect([received.status, received.ending]).toEqual([200, "end"]);
      expect(waitedMs).toContain(7000);
      expect(lastEntry()).toMatchObject({ answerComplete: true });
    },
  );

  test("for good sends half of the body and nothing more", async () => {
    const received = await receive([{ type: "stall", where: "mid-body", afterBytes: 500 }], 500);
    expect(received.bytes.length).toBe(500);
    await vi.waitFor(() => expect(lastEntry()).toMatchObject({ answerComplete: false, billed: true }));
  });

  test("for good after the headers shows the headers", async () => {
    expect((await receive([{ type: "stall", where: "after-headers" }], 1, true)).status).toBe(200);
  });
});

describe("slow and strange answers", () => {
  test("are paced by the bytes per second asked for", async () => {
    const received = await receive([{ type: "slow", bytesPerSecond: 1_000_000 }]);
    expect(received.ending).toBe("end");
    expect(waitedMs.filter((ms) => ms === 50)).toHaveLength(Math.ceil(received.bytes.length / 50_000));
  });

  test("come in tiny pieces and are whole", async () => {
    const received = await receive([{ type: "chunks", bytes: 5000 }]);
    expect(() => JSON.parse(received.bytes.toString()) as unknown).not.toThrow();
  });

  test("wait before they begin", async () => {
    await receive([{ type: "delay", ms: 1234 }]);
    expect(waitedMs).toContain(1234);
  });

  test("announce more bytes than there are", async () => {
    const received = await receive([{ type: "content-length", delta: 10 }]);
    expect(Number(received.headers["content-length"])).toBe(received.bytes.length + 10);
    expect(received.ending).toBe("ECONNRESET");
    await vi.waitFor(() => expect(lastEntry()).toMatchObject({ status: 200, answerComplete: false }));
  });

  test("announce an encoding that is not used", async () => {
    expect((await receive([{ type: "content-encoding", value: "br" }])).headers["content-encoding"]).toBe("br");
  });

  test("never end until the caller leaves, and then the emulator stops", async () => {
    const received = await receive([{ type: "endless" }], 1_000_000);
    expect(received.bytes.length).toBeGreaterThanOrEqual(1_000_000);
    await vi.waitFor(() => expect(lastEntry()).toMatchObject({ answerComplete: false }));
  });

  test("are followed by bytes that belong to nothing", async () => {
    emulator().plan([{ action: { type: "extra-bytes", bytes: 40 } }]);
    const { port } = new URL(emulator().url);
    const body = JSON.stringify(pictureRequest("A cat"));
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(
      `POST /v1beta/models/gemini-3.1-flash-image:generateContent HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    await vi.waitFor(() => expect(text).toMatch(/\r\n0\r\n\r\nx{40}$/));
    socket.destroy();
  });

  test("unfold a thousandfold", async () => {
    const received = await receive([{ type: "gzip-bomb", megabytes: 64 }]);
    expect(received.headers["content-encoding"]).toBe("gzip");
    expect(received.bytes.length).toBeLessThan(200_000);
  });
});

test("an emulator that is closed destroys what is open", async () => {
  const { startEmulator } = await import("./index.ts");
  const other = await startEmulator();
  other.plan([{ action: { type: "stall", where: "before-headers" } }]);
  const ending = new Promise((resolve) => {
    const sent = request(`${other.url}/v1beta/models/gemini-3.1-flash-image:generateContent`, { method: "POST" });
    sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    sent.end(JSON.stringify(pictureRequest("A cat")));
  });
  await vi.waitFor(() => expect(other.faults().met).toBe(1));
  await other.close();
  expect(await ending).toBe("ECONNRESET");
});

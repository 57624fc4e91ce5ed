// One request and its answer on a fresh connection: how far it has come, which deadline runs, when it is over.
// The way there is connection.ts', the answer's bytes are receive.ts', the words of its faults are faults.ts'.

import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../core/clock.ts";
import type { HttpCall, HttpHead } from "../core/http-call.ts";
import type { Way } from "./connection.ts";
import { type Fault, faultError, type Phase, type Subject } from "./faults.ts";
import { receive } from "./receive.ts";

/** NAT gateways forget silent connections; undici's first probe comes after 60 s. Reliability facts §1.3, 2026-11-22. */
const KEEP_ALIVE_PROBE_MS = 30_000;

export interface ExchangeInput {
  readonly call: HttpCall;
  readonly way: Way;
  readonly clock: Clock;
  readonly subject: Subject;
  readonly signal: AbortSignal | undefined;
  readonly maxBytes: number;
  readonly onHead: (head: HttpHead) => (chunk: Buffer) => void;
  readonly onSent: (() => void) | undefined;
}

/** Resolves when the answer ended cleanly, with the bytes of its body as they were handed to the callback. */
export function exchange(input: ExchangeInput): Promise<{ bytes: number }> {
  const { call, way, clock, subject, signal } = input;
  return new Promise((resolve, reject) => {
    let phase: Phase = "connecting";
    let isOver = false;
    let ownsSocket = false;
    let response: IncomingMessage | undefined;
    const cleanups: (() => void)[] = [];
    const over = new AbortController();
    const connecting = new AbortController();
    const giveUp = new AbortController();

    const settle = (act: () => void): void => {
      if (isOver) return;
      isOver = true;
      over.abort();
      connecting.abort();
      signal?.removeEventListener("abort", onAbort);
      // A proxy agent's connection that is still being made belongs to nobody else who could close it.
      if (!ownsSocket) giveUp.abort();
      for (const clean of cleanups) clean();
      act();
    };
    const fail = (fault: Fault): void => settle(() => reject(faultError(fault, phase, subject)));
    const throwOut = (error: unknown): void => settle(() => reject(error));
    const onAbort = (): void => fail({ kind: "aborted", reason: signal?.reason });

    const watchIdle = (): (() => void) => {
      let lastByteAt = clock.monotonic();
      const check = (): void => {
        if (isOver) return;
        const quietMs = clock.monotonic() - lastByteAt;
        if (quietMs >= subject.idleMs) fail({ kind: "deadline", deadline: "idle" });
        else after(clock, subject.idleMs - quietMs, over, check);
      };
      after(clock, subject.idleMs, over, check);
      return () => {
        lastByteAt = clock.monotonic();
      };
    };

    const onResponse = (incoming: IncomingMessage): void => {
      response = incoming;
      if (phase === "waiting") phase = "receiving";
      const release = receive(incoming, {
        maxBytes: input.maxBytes,
        proxied: way.proxy !== null,
        onHead: input.onHead,
        onBytes: watchIdle(),
        onEnd: (bytes) => settle(() => resolve({ bytes })),
        onFault: fail,
        onThrow: throwOut,
        isOver: () => isOver,
      });
      cleanups.push(release);
    };

    const upload = (target: ClientRequest): void => {
      connecting.abort();
      phase = "uploading";
      const sendRest = (rest: Uint8Array | null): void => {
        if (isOver) return;
        try {
          input.onSent?.();
        } catch (error) {
          throwOut(error);
          return;
        }
        // While a ledger was synced the connection may have broken: the kernel is asked once more, a whole turn of the loop,
        // because what breaks before the last byte is provably not billed. The callback may have aborted the call, too.
        setImmediate(() => setImmediate(sendLast, rest));
      };
      const sendLast = (rest: Uint8Array | null): void => {
        if (isOver) return;
        phase = response ? "receiving" : "waiting";
        if (rest) target.end(rest);
        else target.end();
      };
      const { body } = call;
      if (!body || body.length < 2) {
        sendRest(body);
        return;
      }
      // The last byte waits until the kernel has taken all others: until then the server cannot act on the request, however
      // late Node reports what has been written (over TLS it does, one turn of the loop). Reliability facts §7.4.
      target.write(body.subarray(0, -1), (error) => {
        if (!error) sendRest(body.subarray(-1));
      });
    };

    if (signal?.aborted) {
      onAbort();
      return;
    }
    let opened: ClientRequest;
    try {
      opened = way.open({ method: call.method, headers: headersOf(call) }, giveUp.signal);
    } catch (error) {
      fail({ kind: "unsendable", error });
      return;
    }
    cleanups.push(() => void opened.destroy());
    signal?.addEventListener("abort", onAbort, { once: true });
    after(clock, subject.totalMs, over, () => fail({ kind: "deadline", deadline: "total" }));
    after(clock, subject.connectMs, connecting, () => fail({ kind: "deadline", deadline: "connect" }));

    opened.on("socket", (socket) => {
      ownsSocket = true;
      whenUp(socket, () => {
        if (isOver) return;
        socket.setNoDelay(true);
        socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
        upload(opened);
      });
    });
    opened.on("response", onResponse);
    opened.on("error", (error) => {
      // Bytes after a complete answer are somebody else's mistake: the answer stands.
      if (!response?.complete) fail({ kind: "network", error });
    });
    opened.on("close", () => {
      if (!response) fail({ kind: "network", error: null });
    });
    // https-proxy-agent's word on CONNECT; http-proxy-agent says it without a status.
    opened.on("proxyConnect", (answer: { readonly statusCode?: number }) => {
      ownsSocket = true;
      const status = answer.statusCode ?? 200;
      if (status !== 200) fail({ kind: "proxy-status", status });
    });
  });
}

/**
 * Acts when the time is over, unless `until` is aborted first. A process that was stopped for a while wakes with the timer due
 * and the answer waiting in the kernel, so the kernel is asked once more before.
 */
function after(clock: Clock, ms: number, until: AbortController, act: () => void): void {
  const lookOnce = (): void => {
    setImmediate(() => {
      if (!until.signal.aborted) act();
    });
  };
  clock.sleep(ms, until.signal).then(lookOnce, () => undefined);
}

/** Acts when bytes can be sent: connected, and over TLS with the certificate verified. */
function whenUp(socket: Socket, act: () => void): void {
  // The attempt has failed already and its error is on the way.
  if (socket.destroyed) return;
  if ("encrypted" in socket) {
    if ("secureConnecting" in socket && socket.secureConnecting === true) socket.once("secureConnect", act);
    else act();
  } else if (socket.connecting) {
    socket.once("connect", act);
  } else {
    act();
  }
}

function headersOf(call: HttpCall): Record<string, string> {
  // gzip triples the cost of a picture answer: performance facts, 2026-11.
  const headers: Record<string, string> = { "accept-encoding": "identity", ...call.headers };
  if (call.body) headers["content-length"] = String(call.body.length);
  return headers;
}

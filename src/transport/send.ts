// The one way out to the network: a call in, the answer's bytes out as they arrive. Whether to call again is retry.ts'
// business, what the answer means is google/wire's.

import type { Clock } from "../core/clock.ts";
import type { HttpCall, HttpHead } from "../core/http-call.ts";
import type { Deadlines } from "../core/plan.ts";
import { ToolError } from "../core/tool-error.ts";
import { createTextCollector } from "./collect.ts";
import { type ConnectionSettings, wayTo } from "./connection.ts";
import { exchange } from "./exchange.ts";
import { withServerTimeout } from "./server-timeout.ts";

/** 512 MiB: several times the largest answer seen (a 4K picture with drafts). An answer beyond it is not one. */
const DEFAULT_MAX_BYTES = 536_870_912;
const DEFAULT_SMALL_BYTES = 4_194_304;
const DEFAULT_SMALL_DEADLINES: Deadlines = { connectMs: 10_000, totalMs: 60_000, idleMs: 30_000 };

export interface SendOptions {
  readonly deadlines: Deadlines;
  /** Aborts the call. A signal aborted with a ToolError keeps that error's code. */
  readonly signal?: AbortSignal;
  /**
   * False for a call that buys nothing: no `X-Server-Timeout` is added, and its faults say that nothing was billed: a late or
   * lost answer becomes `connect-timeout` or `connect-failed`. Default true.
   */
  readonly paid?: boolean;
  /** Most bytes of the body, unpacked. Default 512 MiB; more is `answer-too-large`. */
  readonly maxBytes?: number;
  /**
   * The head has come, of whatever status; a redirect is a head like any other and is not followed. Returns who takes the body:
   * called at once for every chunk, which it must use before it returns. What either of them throws ends the call and is what
   * `send` rejects with.
   */
  onHead(head: HttpHead): (chunk: Buffer) => void;
  /**
   * Called immediately before the last byte of the request goes out: until it returns, the server cannot have acted on the
   * request; from then on it may. The place for a durable record. What it throws ends the call unsent.
   */
  onSent?(): void;
}

export interface SmallOptions {
  /** Default: connect 10 s, total 60 s, idle 30 s. */
  readonly deadlines?: Deadlines;
  readonly signal?: AbortSignal;
  /** Default false, see {@link SendOptions.paid}. */
  readonly paid?: boolean;
  /** Default 4 MiB; more is `answer-too-large`. */
  readonly maxBytes?: number;
}

/** A whole small answer, of whatever status. */
export interface SmallAnswer extends HttpHead {
  /** UTF-8. */
  readonly body: string;
}

export interface Transport {
  /**
   * Sends one call over a fresh connection and never twice. Resolves when the answer ended cleanly, with the length of its body.
   * Rejects with `connect-failed`, `connect-timeout`, `tls-failure`, `http-proxy-refused`, `upload-interrupted` (nothing can
   * have been bought), `timeout`, `connection-lost`, `answer-too-large`, `answer-incomplete`, `foreign-answer` (may have been),
   * `interrupted` (says which), or `config-invalid`.
   */
  send(call: HttpCall, options: SendOptions): Promise<{ bytes: number }>;
  /** For lists, tokens and the like: the whole answer as text. Rejects as `send` does. */
  sendSmall(call: HttpCall, options?: SmallOptions): Promise<SmallAnswer>;
}

export interface TransportPorts extends ConnectionSettings {
  readonly clock: Clock;
}

/** The transport of one run. Holds no connection and needs no closing. */
export function createTransport(ports: TransportPorts): Transport {
  const transport: Transport = {
    async send(call, options) {
      const { deadlines } = options;
      const paid = options.paid ?? true;
      const url = urlOf(call);
      const way = await wayTo(url, ports);
      return exchange({
        call: paid && call.method === "POST" ? withServerTimeout(call, deadlines.totalMs) : call,
        way,
        clock: ports.clock,
        subject: { host: url.host, proxy: way.proxy, paid, ...deadlines },
        signal: options.signal,
        maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
        onHead: (head) => options.onHead(head),
        onSent: options.onSent ? () => options.onSent?.() : undefined,
      });
    },
    async sendSmall(call, options = {}) {
      const maxBytes = options.maxBytes ?? DEFAULT_SMALL_BYTES;
      const collector = createTextCollector(maxBytes);
      let head: HttpHead = { status: 0, headers: {} };
      await transport.send(call, {
        deadlines: options.deadlines ?? DEFAULT_SMALL_DEADLINES,
        paid: options.paid ?? false,
        maxBytes,
        ...(options.signal ? { signal: options.signal } : {}),
        onHead(seen) {
          head = seen;
          return (chunk) => collector.write(chunk);
        },
      });
      return { ...head, body: collector.text() };
    },
  };
  return transport;
}

function urlOf(call: HttpCall): URL {
  const url = URL.canParse(call.url) ? new URL(call.url) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.username || url.password) {
    throw new ToolError("config-invalid", { message: "A request's address is not a plain http or https address." });
  }
  return url;
}

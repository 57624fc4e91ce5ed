// An internet that is not there: names lead to the addresses that a test gives them, and whatever is connected to is one server
// on loopback. Which addresses would have been connected to is kept; nothing is ever sent to them.

import type { Clock } from "../../core/clock.ts";
import { createTransport } from "../../transport/send.ts";
import { createImpatientClock } from "../../transport/testing/impatient-clock.ts";
import { type RawBehaviour, type RawRequest, startRawServer } from "../../transport/testing/raw-server.ts";
import { type DownloadLimits, type DownloadNetwork, download } from "../download.ts";

/** An address of the public internet; nothing is sent to it. */
export const PUBLIC = "93.184.215.14";

export interface PretendedInternet extends DownloadNetwork {
  /** Addresses that a connection was opened for, one list for each request. */
  readonly opened: readonly (readonly string[])[];
  /** Names that were looked up. */
  readonly resolved: readonly string[];
  readonly requests: readonly RawRequest[];
}

/** `names`: the addresses of a name, or several answers that come one after the other. Every other name is public. */
export async function pretendInternet(
  behaviour: RawBehaviour = {},
  names: Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>> = {},
  clock: Clock = createImpatientClock(),
): Promise<PretendedInternet> {
  const server = await startRawServer(behaviour);
  const opened: (readonly string[])[] = [];
  const resolved: string[] = [];
  const transport = createTransport({ clock });
  return {
    opened,
    resolved,
    requests: server.complete,
    resolve(host) {
      const asked = resolved.filter((name) => name === host).length;
      resolved.push(host);
      const answers = names[host] ?? [PUBLIC];
      const given = answers[Math.min(asked, answers.length - 1)];
      return Promise.resolve(typeof given === "object" ? given : answers.flat());
    },
    open(addresses) {
      opened.push(addresses);
      return {
        send: (call, options) => {
          const { pathname, search, host } = new URL(call.url);
          const url = `http://127.0.0.1:${server.port}${pathname}${search}`;
          return transport.send({ ...call, url, headers: { ...call.headers, "x-asked-for": host } }, options);
        },
      };
    },
  };
}

const usual: DownloadLimits = { policy: { urls: "https" }, maxBytes: 1_000_000, timeoutMs: 60_000 };

/** The download's bytes, or what it was refused with: `code: message`. */
export async function tryDownload(
  address: string,
  network: DownloadNetwork,
  limits: Partial<DownloadLimits> = {},
  clock: Clock = createImpatientClock(),
): Promise<Buffer | string> {
  try {
    return await download(address, { ...usual, ...limits }, network, clock);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return `${String(error.code)}: ${error.message}`;
  }
}

/** A whole HTTP answer. */
export function answer(status: number, headers: Readonly<Record<string, string>>, body: string | Buffer = ""): Buffer {
  const lines = Object.entries({ "content-length": String(Buffer.byteLength(body)), ...headers });
  const head = `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

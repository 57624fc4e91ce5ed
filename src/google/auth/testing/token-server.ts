// For tests: a token server on loopback, and a sender that takes every call for Google there and refuses all others.
// A call for https://sts.googleapis.com/v1/token arrives as /sts.googleapis.com/v1/token.

import { createServer, type IncomingHttpHeaders, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpCall, SendSmall, SmallAnswer } from "../../../core/http-call.ts";
import { isLoopbackHost } from "../../../core/loopback.ts";
import { ToolError } from "../../../core/tool-error.ts";

interface TokenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TokenReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON. */
  readonly body: unknown;
}

export interface TokenServer {
  readonly url: string;
  readonly requests: TokenRequest[];
  readonly send: SendSmall;
  /** How the next requests are answered; default: a token that counts up. */
  answer(reply: (request: TokenRequest) => TokenReply): void;
  close(): Promise<void>;
}

export async function startTokenServer(): Promise<TokenServer> {
  const requests: TokenRequest[] = [];
  let count = 0;
  const usual = (): TokenReply => {
    count += 1;
    return { body: { access_token: `token-${count}`, expires_in: 3599, token_type: "Bearer" } };
  };
  let reply: (request: TokenRequest) => TokenReply = usual;
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    incoming.on("end", () => {
      const asked = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
      requests.push(asked);
      const { status = 200, headers = {}, body: content } = reply(asked);
      const isText = typeof content === "string";
      outgoing.writeHead(status, { "content-type": isText ? "text/html" : "application/json", ...headers });
      outgoing.end(isText ? content : JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has such an address
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    requests,
    send: (call) => sendOverHttp(call, url),
    answer: (next) => {
      reply = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendOverHttp(call: HttpCall, serverUrl: string): Promise<SmallAnswer> {
  const asked = new URL(call.url);
  const url = isLoopbackHost(asked.hostname)
    ? asked
    : new URL(`${serverUrl}/${asked.host}${asked.pathname}${asked.search}`);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new ToolError("connect-failed", { message: error.message }));
    const outgoing = httpRequest(url, { method: call.method, headers: call.headers, agent: false }, (incoming) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      incoming.on("end", () => {
        const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
        resolve({ status: incoming.statusCode ?? 0, headers: Object.fromEntries(headers), body });
      });
      incoming.on("error", fail);
    });
    outgoing.on("error", fail);
    outgoing.end(call.body ?? undefined);
  });
}

// The server over streamable HTTP on loopback, for hosts that start no programs. One token for each start, printed once.

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler } from "@modelcontextprotocol/server";
import type { Desk } from "./desk.ts";
import { type Refusal, refuseCaller } from "./http-guard.ts";
import { createAgentServer } from "./server.ts";
import { createSession, whenIdle } from "./session.ts";

const PATH = "/mcp";
const MOST_CONNECTIONS = 64;
const HEADERS_WITHIN_MS = 10_000;
const BODY_WITHIN_MS = 30_000;

export interface HttpServing {
  readonly url: string;
  /** Good until this server ends. */
  readonly token: string;
  /** Takes no further calls and resolves when those that run are answered. */
  close(): Promise<void>;
}

/** Rejects with Node's error when the port cannot be had; 0 takes a free one. */
export async function serveHttp(desk: Desk, port: number): Promise<HttpServing> {
  const session = createSession();
  const token = randomBytes(32).toString("base64url");
  const handler = createMcpHandler(() => createAgentServer(desk, session), {
    legacy: "stateless",
    onerror: (error) => desk.tell(`Not understood: ${error.message}`),
  });
  const pass = getRequestListener((request) => handler.fetch(request), { overrideGlobalObjects: false });
  let boundPort = port;
  const server = createServer((request, response) => {
    const refusal = refuseCaller(
      {
        method: request.method ?? "",
        target: request.url ?? "",
        headers: request.headers,
        rawHeaders: request.rawHeaders,
      },
      { port: boundPort, token, path: PATH },
    );
    if (refusal === null) void pass(request, response);
    else refuse(refusal, request, response);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.requestTimeout = BODY_WITHIN_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address === "object" && address !== null) boundPort = address.port;
  return {
    url: `http://127.0.0.1:${boundPort}${PATH}`,
    token,
    close: async () => {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      await whenIdle(session);
      await handler.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse({ status, reason }: Refusal, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(status, {
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
    connection: "close",
  });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_600, message: reason } }));
}

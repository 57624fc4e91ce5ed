// A server of bare sockets that misbehaves as a test wants, and counts the requests that arrived complete: what a bill would say.

import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { onTestFinished } from "vitest";

export interface RawRequest {
  /** Request line and headers as they came. */
  readonly head: string;
  readonly body: Buffer;
}

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Requests of which the whole body arrived. */
  readonly complete: readonly RawRequest[];
  /** Bytes that arrived on all connections. */
  received(): number;
  connections(): number;
}

export interface RawBehaviour {
  /** The whole request is there. Default: an empty 200. */
  readonly onRequest?: (socket: Socket, request: RawRequest) => void;
  /** Bytes of one connection so far; may destroy it. */
  readonly onBytes?: (socket: Socket, bytes: number) => void;
  /** A connection was made. */
  readonly onConnection?: (socket: Socket) => void;
  /** Speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Listens on 127.0.0.1 until the test is over. */
export async function startRawServer(behaviour: RawBehaviour = {}): Promise<RawServer> {
  const complete: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let received = 0;
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    behaviour.onConnection?.(socket);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let answered = false;
    socket.on("data", (chunk: Buffer) => {
      received += chunk.length;
      bytes += chunk.length;
      behaviour.onBytes?.(socket, bytes);
      if (answered) return;
      chunks.push(chunk);
      const request = parse(chunks);
      if (!request) return;
      answered = true;
      complete.push(request);
      if (behaviour.onRequest) behaviour.onRequest(socket, request);
      else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  };
  const server: Server = behaviour.tls
    ? createTlsServer({ key: behaviour.tls.key, cert: behaviour.tls.cert }, accept)
    : createServer(accept);
  server.on("tlsClientError", () => undefined);
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `${behaviour.tls ? "https" : "http"}://127.0.0.1:${port}/v1/models/m:generateContent`,
    port,
    complete,
    received: () => received,
    connections: () => connections,
  };
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A port of 127.0.0.1 where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  return port;
}

function parse(chunks: Buffer[]): RawRequest | null {
  const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  chunks.splice(0, chunks.length, whole);
  const end = whole.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = whole.toString("latin1", 0, end);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const body = whole.subarray(end + 4);
  return body.length >= length ? { head, body: body.subarray(0, length) } : null;
}

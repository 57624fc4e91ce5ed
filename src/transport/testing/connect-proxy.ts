// An HTTP proxy of bare sockets: CONNECT tunnels and absolute-form requests to 127.0.0.1, as a test wants it.

import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { listen } from "./raw-server.ts";

export interface TestProxy {
  readonly port: number;
  /** Request heads that the proxy was sent, its own and not what went through a tunnel. */
  readonly heads: readonly string[];
  connections(): number;
  /** Resets every connection. */
  kill(): void;
}

export interface ProxyBehaviour {
  /** Answers instead of connecting; bytes as they go on the wire. */
  readonly answer?: string;
  /** Does with the connection what it likes instead of serving it. */
  readonly serve?: (socket: Socket, head: string) => void;
}

/** Listens on 127.0.0.1 until the test is over. */
export async function startTestProxy(behaviour: ProxyBehaviour = {}): Promise<TestProxy> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    connections += 1;
    keep(socket);
    socket.once("data", (first: Buffer) => {
      // What comes before the target is connected waits.
      socket.pause();
      const text = first.toString("latin1");
      const head = text.slice(0, text.indexOf("\r\n\r\n"));
      heads.push(head);
      if (behaviour.answer !== undefined) {
        socket.end(behaviour.answer);
        return;
      }
      if (behaviour.serve) {
        socket.resume();
        behaviour.serve(socket, head);
        return;
      }
      const port = Number(/^(?:CONNECT [^ ]*?|[A-Z]+ http:\/\/[^/ ]*?):(\d+)/.exec(head)?.[1]);
      const target = connect(port, "127.0.0.1", () => {
        if (head.startsWith("CONNECT")) socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        else target.write(first);
        socket.pipe(target);
        target.pipe(socket);
      });
      keep(target);
    });
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port,
    heads,
    connections: () => connections,
    kill() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}

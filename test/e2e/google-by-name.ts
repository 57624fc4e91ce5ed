// Google under its own names: an HTTP proxy whose tunnels end in this process, with certificates of a test authority, and
// lead to the emulator. The command is given no base URL, so the hosts that it asks for are the ones that it would ask.

import { writeFileSync } from "node:fs";
import { createServer as createHttpServer, request } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { afterAll } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { createTestAuthority } from "../../src/transport/testing/certificate.ts";
import { newFolder } from "./run-command.ts";

export interface GoogleByName {
  /** `127.0.0.1:<port>` of the proxy. */
  readonly proxyAddress: string;
  /** Environment of a command that reaches Google through the proxy and trusts its certificates. */
  readonly environment: Readonly<Record<string, string>>;
  /** Host and port of every tunnel, in order. */
  readonly tunnels: readonly string[];
  /** Forgets the tunnels. */
  clear(): void;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((settle) => {
    server.listen(0, "127.0.0.1", settle);
  });
  return (server.address() as AddressInfo).port;
}

/** Opens the way to the emulator; it ends with the test file. */
export async function openGoogleByName(emulator: Emulator): Promise<GoogleByName> {
  const authority = createTestAuthority();
  const contexts = new Map<string, SecureContext>();
  const tunnels: string[] = [];
  const endOfTunnels = createHttpsServer({
    SNICallback: (host, done) => {
      const context = contexts.get(host) ?? createSecureContext(authority.issue({ host }));
      contexts.set(host, context);
      done(null, context);
    },
  });
  endOfTunnels.on("request", (incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const path = `/${headers.host ?? "unknown"}${url ?? "/"}`;
    const onward = request(emulator.url + path, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => void outgoing.destroy());
    incoming.pipe(onward);
  });
  const proxy = createHttpServer();
  proxy.on("connect", (asked, socket, first) => {
    tunnels.push(asked.url ?? "");
    socket.on("error", () => {});
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (first.length > 0) socket.unshift(first);
    endOfTunnels.emit("connection", socket);
  });
  const port = await listen(proxy);
  afterAll(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const authorityFile = join(newFolder(), "authority.pem");
  writeFileSync(authorityFile, authority.cert);
  const proxyAddress = `127.0.0.1:${port}`;
  return {
    proxyAddress,
    environment: { HTTPS_PROXY: `http://${proxyAddress}`, NODE_EXTRA_CA_CERTS: authorityFile },
    tunnels,
    clear: () => void tunnels.splice(0),
  };
}

// The server over stdin and stdout: one host, one connection. Ends when the host goes away, after what is on its way is safe.

import type { Readable, Writable } from "node:stream";
import { config } from "zod";
import { serveStdio as serve, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { Desk } from "./desk.ts";
import { createAgentServer } from "./server.ts";
import { createSession, whenIdle } from "./session.ts";

/** More than the longest arguments that any tool takes. */
const LONGEST_MESSAGE_BYTES = 4 * 1024 * 1024;

export async function serveStdio(
  desk: Desk,
  { stdin, stdout }: { readonly stdin: Readable; readonly stdout: Writable },
  interruption: AbortSignal,
): Promise<void> {
  // The checks of messages are not compiled: a host sends few of each kind, and waits for the first answer.
  config({ jitless: true });
  const session = createSession();
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: LONGEST_MESSAGE_BYTES });
  const handle = serve(() => createAgentServer(desk, session), {
    transport,
    onerror: (error) => desk.tell(`Not understood: ${error.message}`),
  });
  await new Promise<void>((resolve) => {
    const { onclose } = transport;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport has no listeners, only this
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    if (interruption.aborted) resolve();
    else interruption.addEventListener("abort", () => resolve(), { once: true });
  });
  await handle.close();
  await whenIdle(session);
}

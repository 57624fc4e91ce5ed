// The edge to the process: streams, signals, environment and clock become a context, the exit code becomes the process's.
// Nothing happens until main is called, and nothing heavy is imported here: see the rule main-starts-light.

import { fileURLToPath } from "node:url";
import type { Context, Output } from "./context.ts";
import { runProgram } from "./program.ts";

/** A stuck handle must not keep a finished command alive. */
const EXIT_GRACE_MS = 2_000;

/** The stream is made by the first use: that takes a millisecond, and most commands say nothing on standard error. */
function outputOf(open: () => NodeJS.WriteStream, onFault: (code: string) => void): Output {
  let opened: NodeJS.WriteStream | null = null;
  const stream = () => (opened ??= watched(open(), onFault));
  return {
    write: (text) => void stream().write(text),
    get isTerminal() {
      return stream().isTTY;
    },
    get columns() {
      return stream().isTTY && stream().columns > 0 ? stream().columns : 80;
    },
  };
}

function watched(stream: NodeJS.WriteStream, onFault: (code: string) => void): NodeJS.WriteStream {
  // `image-gen models | head -1` is no fault, and a picture on its way must still be saved.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // EIO: the terminal itself is gone.
    if (error.code !== "EPIPE" && error.code !== "EIO") onFault(error.code ?? error.message);
  });
  return stream;
}

/**
 * Data that cannot be written (a full disk behind `>`) ends the command at once, before the result counts as delivered:
 * the same command again then gets it and buys nothing. Nobody loses anything when only diagnostics cannot be written.
 */
function endWithoutStdout(code: string): void {
  process.stderr.write(
    `✗ Standard output cannot be written (${code}). Nothing that was made is lost: free some space, then run the same command again (a picture is not bought twice), or see \`image-gen history\`.\n`,
  );
  process.exit(10);
}

async function readStdin(limitBytes: number): Promise<Uint8Array | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    length += piece.byteLength;
    if (length > limitBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * The first Ctrl-C asks to stop, the second one gives up what is on its way: whoever presses it twice means it.
 * A program that sends SIGTERM does not wait, so that gives up at once. Whatever still hangs then is ended by force.
 */
function watchSignals(): Pick<Context, "interruption" | "abandonment"> {
  const interruption = new AbortController();
  const abandonment = new AbortController();
  for (const [signal, reason, exitCode] of [
    ["SIGINT", "SIGINT", 130],
    ["SIGTERM", "SIGTERM", 143],
    // The terminal is gone: nobody is there to wait for, and nobody to press Ctrl-C again.
    ["SIGHUP", "SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (abandonment.signal.aborted) process.exit(exitCode);
      if (reason === "SIGTERM" || interruption.signal.aborted) {
        abandonment.abort(reason);
        setTimeout(() => process.exit(exitCode), EXIT_GRACE_MS).unref();
      }
      interruption.abort(reason);
    });
  }
  return { interruption: interruption.signal, abandonment: abandonment.signal };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Beside the launcher of this command. */
function programFile(name: "sender" | "thumbnail"): string {
  return fileURLToPath(new URL(`../../bin/${name}.cjs`, import.meta.url));
}

/** Runs the command line of this process. Called by bin/image-gen.cjs, which knows the version. */
export async function main(version: string): Promise<void> {
  const context: Context = {
    version,
    environment: process.env,
    workingDirectory: process.cwd(),
    stdout: outputOf(() => process.stdout, endWithoutStdout),
    stderr: outputOf(
      () => process.stderr,
      () => undefined,
    ),
    readStdin,
    rawStreams: () => ({ stdin: process.stdin, stdout: process.stdout }),
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep },
    every: (intervalMs, tick) => {
      const timer = setInterval(tick, intervalMs);
      return () => clearInterval(timer);
    },
    ...watchSignals(),
    startSender: async () => (await import("../sender/start-sender.ts")).startSender(programFile("sender")),
    shrink: async (paths, longestBase64) => {
      const { startShrinking } = await import("../mcp/start-shrinking.ts");
      return await startShrinking(programFile("thumbnail"))(paths, longestBase64);
    },
  };
  process.exitCode = await runProgram(process.argv.slice(2), context);
  setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
}

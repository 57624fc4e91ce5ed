// Context: everything a command touches of the world, handed in, so that tests need no process.

import type { Readable, Writable } from "node:stream";
import type { Clock } from "../core/clock.ts";
import type { ImageGenOptions } from "../generate/options.ts";
import type { Shrink } from "../mcp/thumbnail.ts";
import type { SenderProcess } from "../sender/detached-image-gen.ts";
import type { DrawingLibrary } from "./opening/drawing-library.ts";

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal in cells; 80 when it is none. Read anew each time: terminals are resized. */
  readonly columns: number;
}

export interface RawStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

export interface Context {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Data. */
  readonly stdout: Output;
  /** Progress and diagnostics. */
  readonly stderr: Output;
  /** All of standard input, at most `limitBytes`; `null` when there is more. */
  readStdin(limitBytes: number): Promise<Uint8Array | null>;
  /** Both streams themselves, for a command that speaks a protocol over them. */
  rawStreams(): RawStreams;
  readonly clock: Clock;
  /** Calls `tick` again and again until the returned function is called. */
  every(intervalMs: number, tick: () => void): () => void;
  /** Aborted by Ctrl-C (`SIGINT`) and `SIGTERM`; the reason is the signal's name. */
  readonly interruption: AbortSignal;
  /** Aborted by a second Ctrl-C, and by `SIGTERM` at once: what is on its way is given up. */
  readonly abandonment: AbortSignal;
  /** Makes pictures small, in a process of its own. Without it agents get no thumbnails. */
  readonly shrink?: Shrink;
  /** Starts the process that sends. Without it, and with `--foreground`, the command sends by itself. */
  readonly startSender?: () => Promise<SenderProcess>;
  /** Replaces the library in tests. */
  readonly createImageGen?: (options: ImageGenOptions) => DrawingLibrary | Promise<DrawingLibrary>;
}

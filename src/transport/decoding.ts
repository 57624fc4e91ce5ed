// Answers in gzip, deflate or brotli, which only a box in the middle makes: we ask for `identity`.
// Unpacked as they arrive; how much may come out is the caller's to count.

import type { Transform } from "node:stream";

/** `null`: the body is as it is. */
type Encoding = "gzip" | "deflate" | "br";

/** What a `content-encoding` header means; `unknown` for one that cannot be unpacked. */
export function encodingOf(header: string | undefined): Encoding | "unknown" | null {
  switch ((header ?? "").trim().toLowerCase()) {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return "gzip";
    case "deflate":
      return "deflate";
    case "br":
      return "br";
    default:
      return "unknown";
  }
}

export interface Unpacker {
  /** False when the source should pause until `onDrain`. */
  write(chunk: Buffer): boolean;
  end(): void;
  destroy(): void;
}

export interface UnpackerEvents {
  readonly onData: (chunk: Buffer) => void;
  readonly onDrain: () => void;
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/** Loads zlib only now: nearly no answer needs it. */
export async function createUnpacker(encoding: Encoding, events: UnpackerEvents): Promise<Unpacker> {
  const zlib = await import("node:zlib");
  const options = { chunkSize: 65_536 };
  let stream: Transform | null = null;
  const open = (first: Buffer): Transform => {
    const opened =
      encoding === "gzip"
        ? zlib.createGunzip(options)
        : encoding === "br"
          ? zlib.createBrotliDecompress(options)
          : // "deflate" is zlib's format, but some servers mean the bare one. RFC 9110 §8.4.1.2.
            ((first[0] ?? 0) & 0x0f) === 8
            ? zlib.createInflate(options)
            : zlib.createInflateRaw(options);
    opened.on("data", events.onData);
    opened.on("drain", events.onDrain);
    opened.on("end", events.onEnd);
    opened.on("error", events.onError);
    return opened;
  };
  return {
    write: (chunk) => (stream ??= open(chunk)).write(chunk),
    end() {
      // Not one byte came: an empty body is empty in every encoding.
      if (stream === null) events.onEnd();
      else stream.end();
    },
    destroy: () => stream?.destroy(),
  };
}

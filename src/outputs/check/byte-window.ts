// A few bytes gathered over any chunk borders: what the structure checks read headers with.

export interface ByteWindow {
  /** Takes bytes until `size` are gathered; returns how many were taken. */
  fill(bytes: Uint8Array, start: number, size: number): number;
  readonly length: number;
  readonly bytes: Buffer;
  clear(): void;
}

export function createByteWindow(capacity: number): ByteWindow {
  const bytes = Buffer.alloc(capacity);
  let length = 0;
  return {
    fill(source, start, size) {
      const taken = Math.min(size - length, source.length - start);
      bytes.set(source.subarray(start, start + taken), length);
      length += taken;
      return taken;
    },
    get length() {
      return length;
    },
    bytes,
    clear() {
      length = 0;
    },
  };
}

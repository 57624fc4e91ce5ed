// The memory of chunks that were used, given back while more of them come. Node 20 allocates each chunk anew outside the heap, and
// V8 counts that only beyond 64 MB: a long body of bytes, which makes no other objects, stays in memory as a whole until then
// (measured 2026-11-24: 20 MB of a clip, 20 MiB more). A collection of young objects lets go of them; what brings one about is
// that young objects are made. It costs some milliseconds for all of a clip, and no setting of the process is touched.

const EVERY_BYTES = 2_097_152;
/** Together more than the megabyte that V8 gives young objects at first. */
const OBJECTS = 20_000;

/** Wraps what takes chunks; behaves as it does. */
export function lettingGo(take: (chunk: Buffer) => void): (chunk: Buffer) => void {
  let since = 0;
  return (chunk) => {
    take(chunk);
    since += chunk.byteLength;
    if (since < EVERY_BYTES) return;
    since = 0;
    makeYoungObjects();
  };
}

/** Kept for a moment, or the compiler would not make them at all. */
const held: { last: object | null } = { last: null };

function makeYoungObjects(): void {
  for (let index = 0; index < OBJECTS; index += 1) held.last = { index, more: [index, index, index, index] };
  held.last = null;
}

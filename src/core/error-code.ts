// The code of a Node.js error, such as ENOENT or ERR_OUT_OF_RANGE.

/** `undefined` for anything that has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

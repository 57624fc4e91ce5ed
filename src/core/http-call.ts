// HttpCall: one request as google/endpoints and google/auth build it and transport sends it.

export interface HttpCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** Absolute; never with a key in it. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** What the server said before the body. Header names in lower case, repeated headers joined with a comma. */
export interface HttpHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole answer of a small free call (token, models list), its body as text. */
export interface SmallAnswer extends HttpHead {
  readonly body: string;
}

/**
 * Sends a call that costs nothing and whose answer is small. Does not retry, does not follow redirects, bounds the body,
 * and throws a ToolError (`connect-failed`, `tls-failure`, `timeout`…) when no complete answer came.
 */
export type SendSmall = (
  call: HttpCall,
  limits?: {
    /** Whole call. Default: the sender's own. */
    readonly timeoutMs?: number;
  },
) => Promise<SmallAnswer>;

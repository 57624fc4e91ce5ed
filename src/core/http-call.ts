// HttpCall: one request as google/endpoints and google/auth build it and transport sends it.

export interface HttpCall {
  readonly method: "GET" | "POST";
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

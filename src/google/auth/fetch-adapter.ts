// Lets Google's auth library send through our own HTTP: a function shaped like `fetch` over the sender that is handed in.
// Remembers the last exchange, because the library's errors carry whole requests and are never passed on.

import type { HttpCall, SendSmall, SmallAnswer } from "../../core/http-call.ts";
import { Secret } from "../../core/secret.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";

/** What happened in one call: an answer, or the sender's error. */
export interface Exchange {
  /** Host that was asked, for messages. */
  readonly host: string;
  readonly answer: SmallAnswer | null;
  readonly error: ToolError | null;
}

export interface FetchAdapter {
  readonly fetch: typeof fetch;
  lastExchange(): Exchange | null;
}

export interface FetchAdapterOptions {
  readonly send: SendSmall;
  /**
   * Takes the place of Google's token address. The library 10.9.1 ignores a key file's `token_uri`
   * (dependencies facts §3, tried); the file's address must have been checked.
   */
  readonly tokenUri: string | null;
  /** Told of what goes out and must be masked if a server echoes it. */
  readonly onSecret: (secret: Secret) => void;
}

const GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token";
/** One token call. */
const TIMEOUT_MS = 30_000;
const SECRET_PARAMETERS = ["assertion", "subject_token", "refresh_token", "client_secret"];
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

export function createFetchAdapter({ send, tokenUri, onSecret }: FetchAdapterOptions): FetchAdapter {
  let last: Exchange | null = null;

  async function sendAsFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const asked = input instanceof Request ? input.url : String(input);
    const url = asked === GOOGLE_TOKEN_URL && tokenUri !== null ? tokenUri : asked;
    const { host } = new URL(url);
    const call = toCall(url, init, onSecret);
    let answer: SmallAnswer;
    try {
      answer = await send(call, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      last = { host, answer: null, error: isToolError(error) ? error : new ToolError("internal") };
      throw error;
    }
    last = { host, answer, error: null };
    return toResponse(answer);
  }

  return { fetch: sendAsFetch, lastExchange: () => last };
}

function toCall(url: string, init: RequestInit, onSecret: (secret: Secret) => void): HttpCall {
  const headers: Record<string, string> = {};
  for (const [name, value] of new Headers(init.headers)) headers[name] = value;
  const { body } = init;
  if (body instanceof URLSearchParams) {
    // As fetch itself does for a form.
    headers["content-type"] ??= "application/x-www-form-urlencoded;charset=UTF-8";
    for (const name of SECRET_PARAMETERS) {
      const value = body.get(name);
      if (value !== null && value !== "") onSecret(new Secret(value, name));
    }
  }
  return { method: init.method?.toUpperCase() === "POST" ? "POST" : "GET", url, headers, body: toBytes(body) };
}

function toBytes(body: RequestInit["body"]): Uint8Array | null {
  if (body === undefined || body === null) return null;
  if (typeof body === "string" || body instanceof URLSearchParams) return new TextEncoder().encode(String(body));
  if (body instanceof Uint8Array) return body;
  throw new ToolError("internal", { message: "Google's auth library sent a body of an unexpected kind." });
}

function toResponse({ status, headers, body }: SmallAnswer): Response {
  // The body is decoded already, so no other header may be believed by the library.
  const contentType = headers["content-type"] ?? "application/json";
  return new Response(WITHOUT_BODY.has(status) ? null : body, {
    status: status >= 200 && status <= 599 ? status : 502,
    headers: { "content-type": /^[\u0020-\u007e]*$/.test(contentType) ? contentType : "application/json" },
  });
}

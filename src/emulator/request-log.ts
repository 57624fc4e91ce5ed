// What arrived and what it bought: the emulator's log, which is what a bill would say, and its sums.
// Never holds a credential's value. Leaves prices to prices.ts.

import type { CredentialTrace } from "./credentials.ts";
import type { Purchase } from "./reply.ts";

/** One request, complete or not. */
export interface LoggedRequest {
  /** 1, 2, 3 … in the order of arrival. */
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Service that it was for; null when no service has such a path. */
  readonly service: string | null;
  /** Host prefix, or null at the root. */
  readonly host: string | null;
  readonly httpMethod: string;
  /** Path after the prefix, with the query; credentials in the query are replaced. */
  readonly path: string;
  /** "generateContent", "listModels", "token", …; null for an unknown path. */
  readonly rpc: string | null;
  readonly model: string | null;
  /** Kind and last four characters of the first credential. */
  readonly credential: CredentialTrace | null;
  readonly credentialCount: number;
  /** Bytes of the body that arrived. */
  readonly bodyBytes: number;
  /** True when the body arrived to its end: from here on Google would bill. */
  readonly bodyComplete: boolean;
  /** Hex SHA-256 of the complete body: the same twice is the same request twice. */
  readonly bodySha256: string | null;
  /** The body as text; only when the emulator was started with `keepBodies`. */
  readonly body: string | null;
  /** Request headers without credentials; only when the emulator was started with `keepBodies`. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** Status that was answered; null while nothing was. */
  readonly status: number | null;
  /** True when the whole answer was written and the caller was still there. */
  readonly answerComplete: boolean;
  /** Types of the planned faults that it met. */
  readonly faults: readonly string[];
  /** Pictures made for it, drafts included. */
  readonly imageCount: number;
  readonly imageSize: string | null;
  /** Seconds of clips ordered by it. */
  readonly videoSeconds: number;
  /** True when the body arrived whole and the model made a picture or a text for it, whatever then became of the answer. */
  readonly billed: boolean;
  /** True where each picture costs money; false on subscription routes (CLIProxyAPI, Code Assist). */
  readonly metered: boolean;
  /** List price of what it bought, in micro-dollars. */
  readonly microUsd: number;
}

/** Sums over the log. */
export interface Bill {
  /** Requests that arrived. */
  readonly requests: number;
  /** Of these, the ones whose body arrived whole. */
  readonly complete: number;
  readonly billed: number;
  readonly images: number;
  /** Billed on metered routes, in micro-dollars. */
  readonly microUsd: number;
  /** List price of what was used on subscription routes, in micro-dollars. */
  readonly unmeteredMicroUsd: number;
}

/** What is known of a request when its headers have come. */
type Arrival = Pick<
  LoggedRequest,
  "time" | "service" | "host" | "httpMethod" | "path" | "rpc" | "model" | "credential" | "credentialCount" | "headers"
>;

/** What becomes known later. */
type Progress = Partial<
  Pick<
    LoggedRequest,
    "model" | "bodyBytes" | "bodyComplete" | "bodySha256" | "body" | "status" | "answerComplete" | "faults"
  >
>;

/** The log of one emulator. */
export interface RequestLog {
  open(arrival: Arrival): number;
  update(id: number, progress: Progress): void;
  /** Notes what the request bought. */
  charge(id: number, purchase: Purchase): void;
  requests(): readonly LoggedRequest[];
  bill(): Bill;
  clear(): void;
}

/** An empty log. */
export function createRequestLog(): RequestLog {
  const entries = new Map<number, LoggedRequest>();
  let count = 0;
  const change = (id: number, fields: Partial<LoggedRequest>): void => {
    const entry = entries.get(id);
    if (entry !== undefined) entries.set(id, { ...entry, ...fields });
  };
  const requests = (): readonly LoggedRequest[] => [...entries.values()];
  return {
    open: (arrival) => {
      count += 1;
      entries.set(count, {
        id: count,
        ...arrival,
        bodyBytes: 0,
        bodyComplete: false,
        bodySha256: null,
        body: null,
        status: null,
        answerComplete: false,
        faults: [],
        imageCount: 0,
        imageSize: null,
        videoSeconds: 0,
        billed: false,
        metered: arrival.service !== "cliproxyapi" && arrival.service !== "cloudcode-pa",
        microUsd: 0,
      });
      return count;
    },
    update: change,
    charge: (id, purchase) => {
      change(id, {
        billed: true,
        imageCount: purchase.imageCount,
        imageSize: purchase.imageSize,
        videoSeconds: purchase.videoSeconds ?? 0,
        microUsd: purchase.microUsd,
      });
    },
    requests,
    bill: () => sumUp(requests()),
    clear: () => {
      entries.clear();
    },
  };
}

function sumUp(entries: readonly LoggedRequest[]): Bill {
  const sum = (value: (entry: LoggedRequest) => number): number =>
    entries.reduce((total, entry) => total + value(entry), 0);
  return {
    requests: entries.length,
    complete: sum((entry) => (entry.bodyComplete ? 1 : 0)),
    billed: sum((entry) => (entry.billed ? 1 : 0)),
    images: sum((entry) => entry.imageCount),
    microUsd: sum((entry) => (entry.metered ? entry.microUsd : 0)),
    unmeteredMicroUsd: sum((entry) => (entry.metered ? 0 : entry.microUsd)),
  };
}

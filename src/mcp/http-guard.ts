// HTTP guard: who may speak to the server on loopback. Pages in a browser reach 127.0.0.1 too, under a name of their own
// (DNS rebinding) or from another origin, so the address, the origin and a secret token are all looked at before the body.
// Reasons: CVE-2025-66414, CVE-2025-9611, CVE-2025-49596 (reliability facts §3.3, 2026-11).

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface HttpCaller {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came: a header that is there twice is there twice. */
  readonly rawHeaders: readonly string[];
}

export interface Refusal {
  readonly status: 401 | 403 | 404;
  readonly reason: string;
}

export interface HttpGuard {
  readonly port: number;
  readonly token: string;
  readonly path: string;
}

/** `null`: may pass. */
export function refuseCaller(caller: HttpCaller, guard: HttpGuard): Refusal | null {
  const names = ["127.0.0.1", "localhost", "[::1]"].map((host) => `${host}:${guard.port}`);
  const { host, origin, authorization } = caller.headers;
  const hostHeaders = caller.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  if (!caller.target.startsWith("/") || hostHeaders.length !== 1 || !names.includes(host ?? "")) {
    return { status: 403, reason: "This server answers only under its own address on this machine." };
  }
  if (origin !== undefined && !names.some((name) => origin === `http://${name}`)) {
    return { status: 403, reason: "This server answers no page of another origin." };
  }
  const site = caller.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return { status: 403, reason: "This server answers no page of another site." };
  }
  if (!isSame(authorization ?? "", `Bearer ${guard.token}`)) {
    return {
      status: 401,
      reason: "The token that was printed at the start is missing or wrong: Authorization: Bearer <token>.",
    };
  }
  return caller.target === guard.path ? null : { status: 404, reason: `There is only ${guard.path}.` };
}

/** Takes the same time wherever the texts differ. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

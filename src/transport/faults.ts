// Faults of the network as ToolErrors: what was seen, at which point of the call, says whether anything can have been bought.
// What the provider itself answers is read in google/wire.

import { type ErrorCode, errorTable } from "../core/error-table.ts";
import { isToolError, ToolError, type ToolErrorDetails } from "../core/tool-error.ts";

/**
 * How far a call has come. `uploading`: connected, the last byte of the request still held back, so that the server cannot
 * act on it. `waiting`: the whole request may be there. `receiving`: the answer has begun.
 */
export type Phase = "connecting" | "uploading" | "waiting" | "receiving";

/** What a fault's sentences name. No URL: it may carry a query. */
export interface Subject {
  /** Host and port as the person wrote them. */
  readonly host: string;
  /** Host and port of the HTTP proxy in between, without user name and password. */
  readonly proxy: string | null;
  /** False for calls that buy nothing: lists, tokens. */
  readonly paid: boolean;
  readonly totalMs: number;
  readonly connectMs: number;
  readonly idleMs: number;
}

export type Fault =
  /** An `error` event, or an early end without one. */
  | { readonly kind: "network"; readonly error: unknown }
  | { readonly kind: "deadline"; readonly deadline: "connect" | "total" | "idle" }
  /** The caller's signal. */
  | { readonly kind: "aborted"; readonly reason: unknown }
  /** The HTTP proxy said no. */
  | { readonly kind: "proxy-status"; readonly status: number }
  | { readonly kind: "too-large"; readonly maxBytes: number }
  | { readonly kind: "encoding"; readonly encoding: string }
  /** A compressed answer that does not unpack. */
  | { readonly kind: "unpacking"; readonly error: unknown }
  /** A header or a path with characters that HTTP does not allow. */
  | { readonly kind: "unsendable"; readonly error: unknown };

/** The error for a fault. Never holds a URL, a header, a body or the text of a foreign error. */
export function faultError(fault: Fault, phase: Phase, subject: Subject): ToolError {
  const sent = phase === "waiting" || phase === "receiving";
  switch (fault.kind) {
    case "network":
      return networkFault(fault.error, phase, subject);
    case "deadline":
      return deadlineFault(fault.deadline, phase, subject);
    case "aborted":
      return abortedFault(fault.reason, sent, subject);
    case "proxy-status":
      return new ToolError("http-proxy-refused", {
        message:
          fault.status === 407
            ? `The HTTP proxy ${subject.proxy} wants a user name and password, or does not accept those it was given (407).`
            : `The HTTP proxy ${subject.proxy} refused to connect to ${subject.host} (HTTP ${fault.status}).`,
      });
    case "too-large":
      return answerFault(
        "answer-too-large",
        `The answer of ${subject.host} is longer than ${fault.maxBytes} bytes.`,
        subject,
      );
    case "encoding":
      return answerFault(
        "foreign-answer",
        `The answer came in an encoding that was not asked for (${fault.encoding.replace(/[^\w, -]/g, "").slice(0, 40)}).`,
        subject,
      );
    case "unsendable":
      // What node:http refuses to put on the wire.
      return new ToolError("config-invalid", {
        message: `The request to ${subject.host} holds a character that cannot be sent (${codeOf(fault.error) ?? "unknown"}); a key or token with a line break in it is the usual cause.`,
      });
    default:
      return answerFault(
        "answer-incomplete",
        `The compressed answer of ${subject.host} could not be unpacked (${codeOf(fault.error) ?? "damaged"}).`,
        subject,
      );
  }
}

function networkFault(error: unknown, phase: Phase, subject: Subject): ToolError {
  const code = codeOf(error);
  const shown = code === null ? "" : ` (${code})`;
  const { host } = subject;
  if (phase === "connecting") {
    const tls = code === null ? null : tlsReason(code);
    if (tls !== null)
      return new ToolError("tls-failure", { message: `${host}${throughProxy(subject)}: ${tls}${shown}.` });
    const reason = connectReasons[code ?? ""] ?? "the connection was not made";
    return new ToolError("connect-failed", {
      message: `Could not connect to ${host}${throughProxy(subject)}: ${reason}${shown}.`,
    });
  }
  if (phase === "uploading") {
    return new ToolError("upload-interrupted", {
      message: `The connection to ${host} broke while the request was being sent${shown}.`,
    });
  }
  const where = phase === "waiting" ? "before an answer came" : "in the middle of the answer";
  const what = code?.startsWith("HPE_")
    ? `What ${host} answered is not HTTP`
    : `The connection to ${host} broke ${where}`;
  return answerFault("connection-lost", `${what}${shown}.`, subject);
}

function deadlineFault(deadline: "connect" | "total" | "idle", phase: Phase, subject: Subject): ToolError {
  const { host } = subject;
  if (phase === "connecting") {
    const withinMs = deadline === "connect" ? subject.connectMs : subject.totalMs;
    return new ToolError("connect-timeout", {
      message: `No connection to ${host}${throughProxy(subject)} within ${seconds(withinMs)}.`,
    });
  }
  if (phase === "uploading") {
    return new ToolError("upload-interrupted", {
      message: `The request could not be handed over to ${host} within ${seconds(subject.totalMs)}.`,
    });
  }
  const message =
    deadline === "idle"
      ? `The answer of ${host} stopped: nothing more came for ${seconds(subject.idleMs)}.`
      : `No complete answer from ${host} within ${seconds(subject.totalMs)}.`;
  return answerFault("timeout", message, subject);
}

/** A signal aborted with a ToolError keeps its code: `terminated` for a SIGTERM. */
function abortedFault(reason: unknown, sent: boolean, subject: Subject): ToolError {
  const code: ErrorCode = isToolError(reason) ? reason.code : "interrupted";
  if (sent && subject.paid) {
    return new ToolError(code, { message: "Stopped while the request was on its way.", billed: "maybe" });
  }
  return new ToolError(code, {
    message: sent ? "Stopped while waiting for an answer." : "Stopped before the request was sent.",
    billed: "no",
    nextStep: "Nothing was paid; run the same command again when you like.",
  });
}

/**
 * A fault after the whole request was sent. For a call that buys nothing the doubt about money is out of place:
 * a lost or late answer then is the passing fault that has the same remedy.
 */
function answerFault(code: ErrorCode, message: string, subject: Subject): ToolError {
  if (subject.paid) return new ToolError(code, { message });
  const free: ToolErrorDetails = { message, billed: "no", cause: message };
  if (code === "timeout") return new ToolError("connect-timeout", free);
  if (code === "connection-lost") return new ToolError("connect-failed", free);
  return new ToolError(code, {
    ...free,
    nextStep: errorTable[code].nextStep.replace("do not simply repeat", "this call costs nothing"),
  });
}

const connectReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such name is known",
  EAI_AGAIN: "the name could not be looked up at the moment",
  ECONNREFUSED: "nothing is listening there",
  ECONNRESET: "the connection was closed at once",
  EPIPE: "the connection was closed at once",
  ENETUNREACH: "the network cannot be reached",
  EHOSTUNREACH: "the host cannot be reached",
  ENETDOWN: "the network is down",
  ETIMEDOUT: "there was no reply",
  EADDRNOTAVAIL: "this machine has no address for it",
  EACCES: "this machine does not allow it",
  EPERM: "this machine does not allow it",
};

// Codes of OpenSSL's certificate verification as Node names them. Source: Node 20 documentation, tls "X509 certificate error codes", 2026-11.
const certificateReasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate comes from an authority that this machine does not trust",
  UNABLE_TO_GET_ISSUER_CERT: "the certificate comes from an authority that this machine does not know",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate comes from an authority that this machine does not know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate comes from an authority that this machine does not know",
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet",
  CERT_REVOKED: "the certificate has been revoked",
  HOSTNAME_MISMATCH: "the certificate was issued for another host",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate was issued for another host",
};

const CERTIFICATE_CODE =
  /^(?:CERT_|CRL_|UNABLE_TO_|ERROR_IN_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|ERR_TLS_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_)/;

/** Why TLS failed, or `null` for a fault that has nothing to do with it. */
function tlsReason(code: string): string | null {
  const known = certificateReasons[code];
  if (known !== undefined) return known;
  if (CERTIFICATE_CODE.test(code)) return "the certificate could not be verified";
  return code === "EPROTO" || code.startsWith("ERR_SSL_") ? "it does not speak TLS as expected" : null;
}

/** The short code of a foreign error, if it has one that looks like a code. */
function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" && /^[A-Z][A-Z0-9_]{1,59}$/.test(error.code) ? error.code : null;
}

function throughProxy({ proxy }: Subject): string {
  return proxy === null ? "" : ` through the HTTP proxy ${proxy}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}

// A reference's bytes, wherever they come from, and what it is called in messages.

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../core/clock.ts";
import type { Reference } from "../core/request.ts";
import type { ProxySettings } from "../transport/proxy.ts";
import { checkUrl } from "./check-url.ts";
import { readDataUrl } from "./data-url.ts";
import { type DownloadNetwork, download, systemNetwork } from "./download.ts";
import type { ReferencePolicy } from "./policy.ts";
import { readReferenceFile } from "./read-file.ts";
import { readReferenceStream } from "./read-stream.ts";
import { megabytes, refuse } from "./refuse.ts";

export interface SourceSettings {
  readonly policy: ReferencePolicy;
  /** Absolute; relative paths start here. */
  readonly workingDirectory: string;
  /**
   * What becomes of an address. It is always checked as it is written; `left-out`: not downloaded, for a plan alone;
   * `stand-in`: not downloaded either, something of ours is sent in its place, for a rehearsal.
   */
  readonly downloads: "fetch" | "left-out" | "stand-in";
  /** Whole download of one reference. */
  readonly downloadTimeoutMs: number;
  readonly proxies?: ProxySettings;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Default: the real network. */
  readonly network?: DownloadNetwork;
}

/** Reliability facts §3.1, 2026-11-22. */
const MOST_DOWNLOAD_BYTES = 20_000_000;

/**
 * The bytes, or `null` for an address that is left alone.
 *
 * @throws ToolError when the reference cannot or must not be read.
 */
export async function readSource(
  source: Reference,
  settings: SourceSettings,
  maxBytes: number,
): Promise<Buffer | null> {
  if (source instanceof Uint8Array) return checkedBytes(source, maxBytes);
  if (isStream(source)) return await readReferenceStream(source, maxBytes);
  if (typeof source !== "string" && !(source instanceof URL)) {
    return refuse("reference-unreadable", "is neither a path, an address, bytes nor a stream.");
  }
  const text = source instanceof URL ? source.href : source;
  const { policy, workingDirectory, clock } = settings;
  switch (schemeOf(text)) {
    case "data":
      return readDataUrl(text, maxBytes);
    case "file":
      return await readReferenceFile(pathOf(text), { files: policy.files, workingDirectory, maxBytes });
    case null:
      return await readReferenceFile(text, { files: policy.files, workingDirectory, maxBytes });
    default: {
      if (settings.downloads !== "fetch") {
        checkUrl(text, policy);
        return null;
      }
      const limits = {
        policy,
        maxBytes: Math.min(maxBytes, MOST_DOWNLOAD_BYTES),
        timeoutMs: settings.downloadTimeoutMs,
        ...(settings.proxies ? { proxies: settings.proxies } : {}),
        ...(settings.signal ? { signal: settings.signal } : {}),
      };
      return await download(text, limits, settings.network ?? systemNetwork(clock), clock);
    }
  }
}

function isStream(source: unknown): source is AsyncIterable<Uint8Array> {
  return typeof source === "object" && source !== null && Symbol.asyncIterator in source;
}

/** `null` for a path. One letter before a colon is a drive of Windows'; `a:b.png` without slashes is a file's name. */
function schemeOf(text: string): string | null {
  const scheme = /^\s*([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase() ?? null;
  if (scheme === null || scheme === "data" || scheme === "file") return scheme;
  return /^\s*[a-z][a-z0-9+.-]+:\/\//i.test(text) || /^(?:https?|ftp|gopher|blob|javascript|ws|wss)$/.test(scheme)
    ? scheme
    : null;
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return refuse("reference-unreadable", "is not a file: address of this machine.");
  }
}

function checkedBytes(source: Uint8Array, maxBytes: number): Buffer {
  const { byteLength } = source;
  if (byteLength === 0) return refuse("reference-unreadable", "is empty.");
  if (byteLength > maxBytes) {
    return refuse("reference-too-large", `has ${megabytes(byteLength)}; at most ${megabytes(maxBytes)} are read.`);
  }
  return Buffer.from(source.buffer, source.byteOffset, byteLength);
}

/** What a message calls it. Never a URL's query, which may hold a key, nor the data of a `data:` URL. */
export function nameOfSource(source: unknown, position: number): string {
  if (source instanceof Uint8Array) return `number ${position + 1} (bytes)`;
  if (isStream(source)) return `number ${position + 1} (a stream)`;
  if (typeof source !== "string" && !(source instanceof URL)) return `number ${position + 1}`;
  const text = source instanceof URL ? source.href : source;
  switch (schemeOf(text)) {
    case "data":
      return `number ${position + 1} (a data: URL)`;
    case "file":
    case null:
      return text.length > 200 ? `…${text.slice(-200)}` : text;
    default:
      return URL.canParse(text) ? addressOf(new URL(text)) : `number ${position + 1} (an address)`;
  }
}

function addressOf({ protocol, host, pathname }: URL): string {
  const address = `${protocol}//${host}${pathname}`;
  return address.length > 200 ? `${address.slice(0, 200)}…` : address;
}

/** The last part of a file's name or an address; what a document is called in the request. */
export function shortNameOf(source: Reference, position: number): string {
  const text = source instanceof URL ? source.href : source;
  if (typeof text !== "string" || schemeOf(text) === "data") return `document ${position + 1}`;
  const isAddress = schemeOf(text) !== null && URL.canParse(text);
  return basename(isAddress ? new URL(text).pathname : text) || `document ${position + 1}`;
}

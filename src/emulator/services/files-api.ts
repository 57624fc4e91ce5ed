// The Files API of generativelanguage: resumable upload in its two steps, get, list, delete. Nothing here is billed.
// Leaves what is kept to files/file-store.ts. Steps and fields: facts on Google's APIs, section 6; where the facts give no
// wording for a refusal, it is in Google's manner.

import type { IncomingHttpHeaders } from "node:http";
import { type Call, parseBody } from "../call.ts";
import type { Credential } from "../credentials.ts";
import { describeFile, type FileFate, fileLimits, type KeptFile, type Upload } from "../files/file-store.ts";
import { googleErrorReply, refuse } from "../google-error.ts";
import { objectAt, ownValue, textAt } from "../json.ts";
import { emptyReply, jsonReply, Refusal, type Reply, unknownUrlReply } from "../reply.ts";
import { uploadRequest } from "../requests/file-schema.ts";
import { readMessage } from "../requests/proto-schema.ts";
import { checkQuery, requireJson } from "./generation.ts";
import type { ServiceContext } from "./service-context.ts";

/** Whose the files are: a key's own project's; all tokens are of one project. */
export function ownerOf({ kind, value }: Credential): string {
  return kind === "key" ? `key ${value}` : "tokens";
}

/** What the service says to a file that is not there, has expired or is somebody else's. */
export function refuseFile(id: string): never {
  return refuse({ code: 403, message: `You do not have permission to access the File ${id} or it may not exist.` });
}

/** True for a call that brings bytes to an address that `start` has given: the address itself is the permission. */
export function isPiece(call: Pick<Call, "target" | "query">): boolean {
  return call.target.rpc === "uploadFile" && call.query.has("upload_id");
}

/** Answers a call on files with a good credential. */
export function answerFiles(call: Call, credential: Credential, context: ServiceContext): Reply {
  const { rpc, file } = call.target;
  const owner = ownerOf(credential);
  const nowMs = context.clock.nowMs();
  if (rpc === "uploadFile") return startUpload(call, owner, context);
  if (rpc === "listFiles") return listFiles(call, owner, context);
  if (file === null) return unknownUrlReply(call.route.path);
  checkQuery(call.query);
  const kept = context.files.find(file, owner, nowMs) ?? refuseFile(file);
  if (rpc === "getFile") return jsonReply(200, describeFile(kept, nowMs));
  context.files.remove(kept.id);
  return jsonReply(200, {});
}

function startUpload(call: Call, owner: string, context: ServiceContext): Reply {
  const header = (name: string): string => headerOf(call.headers, name);
  const { files } = context;
  checkQuery(call.query);
  if (header("x-goog-upload-protocol") !== "resumable")
    invalid("Invalid upload protocol; only resumable is supported.");
  const command = header("x-goog-upload-command");
  if (command !== "start") {
    invalid(`Invalid upload command: an upload begins with start${command === "" ? "" : `, not ${command}`}.`);
  }
  const sizeBytes = wholeOf(header("x-goog-upload-header-content-length"));
  if (sizeBytes === null || sizeBytes === 0) invalid("X-Goog-Upload-Header-Content-Length must be a positive number.");
  const described = objectAt(
    readMessage(requireJson(parseBody(call.body), call.body), uploadRequest, "gemini"),
    "file",
  );
  const mimeType = textAt(described, "mimeType") ?? header("x-goog-upload-header-content-type");
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mimeType)) invalid(`Unsupported MIME type: ${mimeType}`);
  const told = ownValue(described, "sizeBytes");
  if (told !== undefined && Number(told) !== sizeBytes)
    invalid("file.sizeBytes and X-Goog-Upload-Header-Content-Length differ.");
  if (sizeBytes > fileLimits.mostBytes)
    invalid(`File size ${sizeBytes} exceeds the limit: ${fileLimits.mostBytes} bytes.`);
  if (files.bytesOf(owner, context.clock.nowMs()) + sizeBytes > fileLimits.mostBytesInAll) {
    refuse({ code: 429, message: `You have exceeded your file storage quota of ${fileLimits.mostBytesInAll} bytes.` });
  }
  const fileId = chooseId(textAt(described, "name"), context);
  const displayName = textAt(described, "displayName");
  const upload = files.announce({ owner, fileId, displayName, mimeType, sizeBytes });
  return emptyReply(200, {
    "x-goog-upload-url": `${originOf(call)}/upload/v1beta/files?upload_id=${upload.id}&upload_protocol=resumable`,
    "x-goog-upload-status": "active",
    "x-goog-upload-chunk-granularity": "262144",
  });
}

/** The name that the caller wants, or a new one. */
function chooseId(wanted: string | null, context: ServiceContext): string {
  if (wanted === null || wanted === "") return `emulated${context.nextSerial()}`;
  const id = wanted.replace(/^files\//, "");
  if (!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(id))
    invalid(`* File.name: invalid resource name: ${wanted.slice(0, 100)}\n`);
  if (context.files.isTaken(id)) refuse({ code: 409, message: `File ${id} already exists.` });
  return id;
}

/** The address by which the caller came, so that it finds its way back. */
function originOf({ headers, route }: Call): string {
  const host = headers.host ?? "";
  // Behind a tunnel that ends elsewhere, the caller knows nothing but Google's name.
  if (host.endsWith(".googleapis.com")) return `https://${host}`;
  return `http://${host}${route.host === null ? "" : `/${route.host}`}`;
}

/** Takes a piece of a file; the last one makes it a file. */
export function takePiece(call: Call, fate: FileFate | null, context: ServiceContext): Reply {
  const { files, clock } = context;
  const upload = files.upload(call.query.get("upload_id") ?? "");
  if (upload === undefined) return refuseUpload(404, "Requested upload was not found.", "final");
  const commands = headerOf(call.headers, "x-goog-upload-command")
    .split(",")
    .map((word) => word.trim());
  if (commands.length === 1 && commands[0] === "query") return progressReply(upload);
  if (commands.length === 1 && commands[0] === "cancel") {
    files.forget(upload);
    return emptyReply(200, { "x-goog-upload-status": "cancelled" });
  }
  const finalizes = commands.includes("finalize");
  const brings = commands.includes("upload");
  if (commands.some((word) => word !== "upload" && word !== "finalize") || commands.length > 2) {
    return refuseUpload(400, `Invalid upload command: ${commands.join(", ").slice(0, 100)}.`);
  }
  if (brings) {
    const offset = wholeOf(headerOf(call.headers, "x-goog-upload-offset"));
    if (offset !== upload.received) {
      return refuseUpload(400, `Invalid upload offset: expected ${upload.received}, got ${offset ?? "none"}.`);
    }
    if (upload.received + call.body.length > upload.sizeBytes) {
      return refuseUpload(400, `Upload exceeds the announced size of ${upload.sizeBytes} bytes.`);
    }
    if (!finalizes && call.body.length % 262_144 !== 0) {
      return refuseUpload(400, "Every piece but the last must be a multiple of 262144 bytes.");
    }
    upload.pieces.push(call.body);
    upload.received += call.body.length;
  }
  if (!finalizes) return progressReply(upload);
  if (upload.received !== upload.sizeBytes) {
    files.forget(upload);
    return refuseUpload(
      400,
      `Upload has ${upload.received} of the ${upload.sizeBytes} bytes that were announced.`,
      "final",
    );
  }
  const nowMs = clock.nowMs();
  const kept: KeptFile = files.finalize(upload, fate, nowMs);
  return jsonReply(200, { file: describeFile(kept, nowMs) }, { "x-goog-upload-status": "final" });
}

function progressReply({ received }: Upload): Reply {
  return emptyReply(200, { "x-goog-upload-status": "active", "x-goog-upload-size-received": String(received) });
}

/** The status tells whether the upload can go on. */
function refuseUpload(code: number, message: string, status: "active" | "final" = "active"): never {
  throw new Refusal(googleErrorReply({ code, message, headers: { "x-goog-upload-status": status } }));
}

function listFiles(call: Call, owner: string, context: ServiceContext): Reply {
  checkQuery(call.query, ["pageSize", "pageToken"]);
  const nowMs = context.clock.nowMs();
  const all = context.files.list(owner, nowMs);
  const size = wholeOf(call.query.get("pageSize") ?? "10") ?? 0;
  const from = wholeOf(call.query.get("pageToken") ?? "0");
  if (size > 100) invalid("* ListFilesRequest.page_size: must be at most 100.\n");
  if (from === null) return invalid("Page token is invalid.");
  const end = from + (size === 0 ? 10 : size);
  const page = all.slice(from, end).map((file) => describeFile(file, nowMs));
  return jsonReply(200, {
    ...(page.length === 0 ? {} : { files: page }),
    ...(end < all.length ? { nextPageToken: String(end) } : {}),
  });
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value.trim() : "";
}

function wholeOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function invalid(message: string): never {
  return refuse({ code: 400, message });
}

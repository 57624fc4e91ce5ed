// A request as it can be handed to another process: bytes become data: URLs, which the library takes as well.

import type { ClipRequest } from "../core/clip.ts";
import type { GenerateRequest, Reference } from "../core/request.ts";
import { ToolError } from "../core/tool-error.ts";

/**
 * @throws ToolError `internal` for a stream, which cannot leave its process: read it first.
 */
export function sendableRequest(request: GenerateRequest): GenerateRequest {
  const { references, documents } = request;
  return {
    ...request,
    ...(references ? { references: references.map(sendable) } : {}),
    ...(documents ? { documents: documents.map(sendable) } : {}),
  };
}

/** The same for a clip. */
export function sendableClip(request: ClipRequest): ClipRequest {
  const { firstFrame, lastFrame, references } = request;
  return {
    ...request,
    ...(firstFrame === undefined ? {} : { firstFrame: sendable(firstFrame) }),
    ...(lastFrame === undefined ? {} : { lastFrame: sendable(lastFrame) }),
    ...(references === undefined ? {} : { references: references.map(sendable) }),
  };
}

function sendable(source: Reference): string {
  if (typeof source === "string") return source;
  if (source instanceof URL) return source.href;
  if (!(source instanceof Uint8Array)) {
    throw new ToolError("internal", { message: "A stream cannot be handed to another process.", billed: "no" });
  }
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return `data:application/octet-stream;base64,${bytes.toString("base64")}`;
}

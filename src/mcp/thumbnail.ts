// Thumbnails: small JPEGs for the agent's eyes. The picture itself never goes over the protocol. Decoding happens in a process
// of its own with a time limit: a picture can be a bomb, and the server's memory stays small.

import type { ContentBlock } from "@modelcontextprotocol/server";

/** Base64 of a JPEG for each path, at most so long; `null` for a picture that cannot be read or made small enough. */
export type Shrink = (paths: readonly string[], longestBase64: number) => Promise<readonly (string | null)[]>;

/** For all thumbnails of one answer together, as base64. */
const ALL_THUMBNAILS_BYTES = 64_000;

/** One that is missing is no failure. */
export async function thumbnailsOf(paths: readonly string[], shrink: Shrink): Promise<ContentBlock[]> {
  if (paths.length === 0) return [];
  const share = Math.floor(ALL_THUMBNAILS_BYTES / paths.length);
  const shrunk = await shrink(paths, share).catch(() => []);
  return shrunk.flatMap((data) =>
    data === null || data.length > share
      ? []
      : [{ type: "image", data, mimeType: "image/jpeg", annotations: { audience: ["assistant"], priority: 0.3 } }],
  );
}

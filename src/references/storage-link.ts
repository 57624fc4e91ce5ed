// Objects of Cloud Storage: not read here but by Vertex AI, with the user's own rights. Only the name is looked at.

import type { InputPart } from "../core/input-part.ts";
import type { Reference } from "../core/request.ts";
import type { ReferencePolicy } from "./policy.ts";
import { refuse } from "./refuse.ts";

/** Kinds that Google's image models read (google-apis facts §1.2), by the ending of a name. */
const mimeTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  heic: "image/heic",
  heif: "image/heif",
};

/**
 * The part that links to `gs://bucket/object`, or `null` for every other reference.
 *
 * @throws ToolError `reference-unreadable`, `reference-not-usable`, or `reference-forbidden` where addresses are not allowed.
 */
export function storageLink(
  source: Reference,
  { urls }: Pick<ReferencePolicy, "urls">,
): Extract<InputPart, { kind: "link" }> | null {
  const text = source instanceof URL ? source.href : source;
  if (typeof text !== "string" || !/^\s*gs:/i.test(text)) return null;
  const uri = text.trim();
  if (urls === "none") return refuse("reference-forbidden", "is an address, and addresses are not allowed here.");
  const ending = /^gs:\/\/[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]\/[^\s?#][^\s]*\.([a-z]+)$/i.exec(uri)?.[1]?.toLowerCase();
  if (ending === undefined) {
    return refuse("reference-unreadable", "is not gs://bucket/object with an ending that tells its kind.");
  }
  const mimeType = mimeTypes[ending];
  if (mimeType === undefined) {
    return refuse("reference-not-usable", `ends in .${ending}; Vertex AI reads ${Object.keys(mimeTypes).join(", ")}.`);
  }
  return { kind: "link", mimeType, uri };
}

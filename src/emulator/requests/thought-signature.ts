// Thought signatures: an opaque text that ties a model part to its content, so that the emulator can tell whether a
// conversation comes back unchanged. Leaves demanding them to generate-content-rules.ts.

import { createHash } from "node:crypto";

const mark = Buffer.from([0x12, 0x8f, 0x01, 0x0a]);

/** The signature of a part's content (its base64 data or its text). */
export function signThought(content: string): string {
  return Buffer.concat([mark, digest(content)]).toString("base64");
}

/** What is wrong with a signature that came back: nothing, made elsewhere, or for other content. */
export function judgeSignature(signature: string, content: string): "good" | "foreign" | "changed" {
  const bytes = Buffer.from(signature, "base64");
  if (bytes.length !== mark.length + 32 || !bytes.subarray(0, mark.length).equals(mark)) return "foreign";
  return bytes.subarray(mark.length).equals(digest(content)) ? "good" : "changed";
}

function digest(content: string): Buffer {
  return createHash("sha256").update(content).digest();
}

// Pictures of a session: put into its folder under their hash, and read back only when they are still those.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replacePrivateFile } from "./private-file.ts";
import { damaged, type Session } from "./session.ts";
import type { TurnPicture } from "./turn.ts";

const endings: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
  "image/heic": "heic",
  "image/heif": "heif",
};

const picturesFolder = (folder: string): string => join(folder, "pictures");

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** `name` is unique among operations. */
export function storePicture(folder: string, bytes: Uint8Array, mimeType: string, name: string): TurnPicture {
  const sha256 = hashOf(bytes);
  const file = `${sha256}.${endings[mimeType] ?? "bin"}`;
  const path = join(picturesFolder(folder), file);
  mkdirSync(picturesFolder(folder), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) replacePrivateFile(path, bytes, name);
  return { file, sha256, mimeType, bytes: bytes.byteLength };
}

/** @throws ToolError `session-damaged` when the picture is gone or has become another. */
export function readStoredPicture({ name, folder }: Pick<Session, "name" | "folder">, picture: TurnPicture): Buffer {
  const path = join(picturesFolder(folder), picture.file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw damaged(
      name,
      `its picture ${path} cannot be read (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  if (hashOf(bytes) !== picture.sha256) throw damaged(name, `its picture ${path} is not the one that was kept`);
  return bytes;
}

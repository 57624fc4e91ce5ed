// What a picture file says of itself, read back: kind, pixels, whether it is whole, its C2PA mark, and the record of how
// it was made, from the file beside it or from inside.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { asArray, asObject, asText, parseObject } from "../core/json-field.ts";
import type { PictureFormat } from "../core/plan.ts";
import { ToolError } from "../core/tool-error.ts";
import { createPictureCheck } from "./check/picture-check.ts";
import { withFile } from "./embed/container.ts";
import { readEmbedded } from "./embed/embed-part.ts";
import { fieldsOfRecord } from "./embed/record-fields.ts";
import type { EmbeddedFields } from "./embed/xmp-packet.ts";
import { metadataName } from "./naming.ts";

const PIECE_BYTES = 256 * 1024;
/** Records are a few kB; a file of this size beside a picture is something else. */
const LONGEST_RECORD = 16 * 2 ** 20;

/** How a picture was made, as far as its record says. */
export interface PictureRecord {
  readonly source: "sidecar" | "embedded";
  /** Absolute path of the record; `null` for one inside the picture. */
  readonly path: string | null;
  readonly operation: string | null;
  readonly createdAt: string | null;
  readonly rehearsal: boolean;
  readonly prompt: string | null;
  readonly model: string | null;
  readonly costUsd: string | null;
  /** The picture's bytes are those that the record vouches for; `null` when it does not say. */
  readonly unchanged: boolean | null;
  /** The whole record; `null` when the picture had no room for it. */
  readonly record: Readonly<Record<string, unknown>> | null;
}

export interface Inspection {
  /** Absolute. */
  readonly path: string;
  readonly format: PictureFormat;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  /** What is wrong with the file's structure, half a sentence; `null` for a whole picture. */
  readonly damage: string | null;
  /** A C2PA provenance mark is there. Whether its signature holds is not checked. */
  readonly hasC2pa: boolean;
  /** The one beside the picture goes first; both are there after `--embed-metadata`. */
  readonly records: readonly PictureRecord[];
}

/** @throws ToolError `file-unreadable` or `not-a-picture`. */
export function inspectPicture(file: string, workingDirectory: string): Inspection {
  const path = resolve(workingDirectory, file);
  const { sha256, bytes, finding } = readWhole(path);
  const { format, width, height, damage, hasProvenance } = finding;
  if (format === null) {
    throw new ToolError("not-a-picture", {
      message: `${path} is no picture: ${finding.foreignKind === null ? damage : `it is ${finding.foreignKind}`}.`,
    });
  }
  const embedded = damage === null ? readEmbedded(path, format) : null;
  return {
    path,
    format,
    mimeType: `image/${format}`,
    width,
    height,
    bytes,
    sha256,
    damage,
    hasC2pa: hasProvenance,
    records: [...readSidecar(metadataName(path), sha256), ...(embedded === null ? [] : [describeEmbedded(embedded)])],
  };
}

function readWhole(path: string) {
  try {
    if (!statSync(path).isFile()) throw new Error("it is no ordinary file");
    const hash = createHash("sha256");
    const check = createPictureCheck();
    const bytes = withFile(path, (file) => {
      for (let at = 0; at < file.size; at += PIECE_BYTES) {
        const piece = file.read(at, PIECE_BYTES);
        hash.update(piece);
        check.write(piece);
      }
      return file.size;
    });
    return { bytes, sha256: hash.digest("hex"), finding: check.end() };
  } catch (error) {
    throw new ToolError("file-unreadable", {
      message: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    });
  }
}

/** The record beside the picture; none when what is there is no record of a picture. */
function readSidecar(path: string, sha256: string): PictureRecord[] {
  let text: string;
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > LONGEST_RECORD) return [];
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  const record = parseObject(text);
  // Another program's file may have the name.
  if (record === null || asText(record["operation"]) === null) return [];
  const hashes = asArray(record["images"]).flatMap((image) => asText(asObject(image)?.["sha256"]) ?? []);
  const unchanged = hashes.length === 0 ? null : hashes.includes(sha256);
  return [{ source: "sidecar", path, ...describeFields(fieldsOfRecord(record, "")), unchanged, record }];
}

function describeEmbedded(fields: EmbeddedFields): PictureRecord {
  return {
    source: "embedded",
    path: null,
    ...describeFields(fields),
    // A record inside the picture cannot hold the hash of the file that it is in.
    unchanged: null,
    record: fields.record === null ? null : parseObject(fields.record),
  };
}

function describeFields({ operation, createdAt, rehearsal, prompt, model, costUsd }: EmbeddedFields) {
  return { operation, createdAt, rehearsal, prompt, model, costUsd };
}

// Embedding: a finished picture gets its record inside, without a decoded and re-encoded pixel. The bytes of the old file
// are copied range by range into a part file of their own, which is hashed, checked and synced as every other.

import type { PictureFormat } from "../../core/plan.ts";
import { type FinishedPart, openPartAt, type PartPlace } from "../part-file.ts";
import { type Container, type Piece, type RandomAccess, withFile } from "./container.ts";
import { openJpeg } from "./jpeg-container.ts";
import { openPng } from "./png-container.ts";
import { openWebp } from "./webp-container.ts";
import { addToPacket, buildPacket, type EmbeddedFields, readPacket } from "./xmp-packet.ts";

const PIECE_BYTES = 256 * 1024;

const containers: Readonly<Record<PictureFormat, (file: RandomAccess) => Container>> = {
  png: openPng,
  jpeg: openJpeg,
  webp: openWebp,
};

export interface Embedding {
  /** A part file of its own beside the first, which stays; `null` when the picture was left as it is. */
  readonly part: FinishedPart | null;
  /** What the caller should know. */
  readonly notes: readonly string[];
}

/**
 * Writes the picture again with its record inside. A picture with a C2PA mark is left whole: any added byte breaks the
 * mark (dependencies facts §8, 2026-11-22), and the record beside the picture says the same.
 *
 * @throws the system's error when the disk refuses.
 */
export function embedInPart(source: FinishedPart, fields: EmbeddedFields, name: string, place: PartPlace): Embedding {
  const { format, hasProvenance } = source.finding;
  if (format === null) return left("Its kind of file takes no embedded metadata.");
  if (hasProvenance) {
    return left(
      "The picture carries the provider's C2PA provenance mark, which any embedded metadata would break: it was left as received, and the record beside it says the same.",
    );
  }
  return withFile(source.path, (file) => {
    const container = containers[format](file);
    const { packet, notes } = fittingPacket(container, fields);
    if (packet === null) return { part: null, notes };
    const part = openPartAt(place, name);
    try {
      for (const piece of container.withPacket(packet)) copyPiece(file, piece, (bytes) => part.write(bytes));
      const finished = part.finish();
      if (finished.finding.damage !== null)
        throw new Error(`embedding damaged the picture: ${finished.finding.damage}`);
      return { part: finished, notes };
    } finally {
      part.discard();
    }
  });
}

/** The record inside a picture file; `null` when there is none of ours. The file must have passed the structure check. */
export function readEmbedded(path: string, format: PictureFormat): EmbeddedFields | null {
  const { packet } = withFile(path, (file) => containers[format](file));
  return packet === null ? null : readPacket(packet);
}

function left(note: string): Embedding {
  return { part: null, notes: [note] };
}

function fittingPacket(
  container: Container,
  fields: EmbeddedFields,
): { readonly packet: Buffer | null; readonly notes: readonly string[] } {
  const build = (some: EmbeddedFields): Buffer | null => {
    const text = container.hasPacket
      ? container.packet === null
        ? null
        : addToPacket(container.packet, some)
      : buildPacket(some);
    return text === null ? null : Buffer.from(text);
  };
  const whole = build(fields);
  if (whole === null) {
    return {
      packet: null,
      notes: ["The picture came with metadata that cannot be added to: it was left as received."],
    };
  }
  if (whole.length <= container.packetLimit) return { packet: whole, notes: [] };
  const brief = build({ ...fields, record: null });
  if (brief && brief.length <= container.packetLimit) {
    return {
      packet: brief,
      notes: [
        "The whole record has no room inside this picture: prompt, model and cost are embedded, the rest is beside it.",
      ],
    };
  }
  const briefest = build({ ...fields, record: null, prompt: null });
  if (briefest && briefest.length <= container.packetLimit) {
    return {
      packet: briefest,
      notes: ["The prompt is too long to be embedded in this kind of picture: the record beside it holds it."],
    };
  }
  return { packet: null, notes: ["The picture's own metadata leave no room for more: it was left as received."] };
}

function copyPiece(file: RandomAccess, piece: Piece, write: (bytes: Buffer) => void): void {
  if ("bytes" in piece) {
    write(piece.bytes);
    return;
  }
  for (let at = piece.from; at < piece.to; at += PIECE_BYTES) {
    write(file.read(at, Math.min(PIECE_BYTES, piece.to - at)));
  }
}

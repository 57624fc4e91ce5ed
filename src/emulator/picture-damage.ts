// Pictures and base64 spoiled on purpose, as planned faults ask for it.
// Leaves drawing to pictures/ and the choice of fault to answer-shape.ts.

import { once } from "node:events";
import { crc32, createDeflate } from "node:zlib";
import type { PictureDamage } from "./answer-shape.ts";
import type { Base64Damage } from "./faults/fault-actions.ts";
import { unreachable } from "./json.ts";

/** The bytes sent in place of a good picture. */
export async function damagePicture(bytes: Buffer, damage: PictureDamage): Promise<Buffer> {
  switch (damage.how) {
    case "truncated":
      return bytes.subarray(
        0,
        damage.keep === null ? Math.max(0, bytes.length - damage.dropBytes) : Math.floor(bytes.length * damage.keep),
      );
    case "not-a-picture":
      return otherBytes(damage.content);
    case "bomb":
      return bombPng(damage.side);
  }
  return unreachable(damage);
}

function otherBytes(content: "svg" | "html" | "zip"): Buffer {
  if (content === "svg") return Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  if (content === "html") return Buffer.from("<!doctype html><title>not a picture</title>");
  return Buffer.concat([Buffer.from("PK\u0005\u0006", "latin1"), Buffer.alloc(18)]);
}

/** A one-bit PNG of side × side black pixels: valid, tiny, and gigabytes when unfolded. */
async function bombPng(side: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 9 });
  const packed: Buffer[] = [];
  deflate.on("data", (chunk: Buffer) => packed.push(chunk));
  const rows = Buffer.alloc((1 + Math.ceil(side / 8)) * 64);
  for (let row = 0; row < side; row += 64) {
    const isWritten = deflate.write(rows.subarray(0, (rows.length / 64) * Math.min(64, side - row)));
    if (!isWritten) await once(deflate, "drain");
  }
  deflate.end();
  await once(deflate, "end");
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.writeUInt8(1, 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk("IHDR", header),
    pngChunk("IDAT", Buffer.concat(packed)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** Base64 text, spoiled as asked. */
export function damageBase64(text: string, how: Base64Damage): string {
  const middle = Math.floor(text.length / 8) * 4;
  switch (how) {
    case "garbage":
      return `${text.slice(0, middle)}!?*%${text.slice(middle + 4)}`;
    case "url-safe":
      return text.replaceAll("+", "-").replaceAll("/", "_");
    case "newlines":
      return text.replace(/.{76}/g, "$&\r\n");
    case "padding":
      return `${text.replace(/=+$/, "")}===`;
    case "empty":
      return "";
    case "one-byte":
      return text.slice(0, 1);
  }
  return unreachable(how);
}

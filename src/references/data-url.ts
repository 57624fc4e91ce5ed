// The bytes of a `data:` URL (RFC 2397). Its media type is not believed: the bytes tell what they are.

import { megabytes, refuse } from "./refuse.ts";

/**
 * @throws ToolError `reference-unreadable` or `reference-too-large`.
 */
export function readDataUrl(url: string, maxBytes: number): Buffer {
  const comma = url.indexOf(",");
  if (comma === -1) return refuse("reference-unreadable", "has no comma, so it holds no data.");
  if (url.length - comma > maxBytes * 3) {
    return refuse("reference-too-large", `holds more than ${megabytes(maxBytes)}, the most that is read.`);
  }
  const isBase64 = /;\s*base64\s*$/i.test(url.slice(0, comma));
  const bytes = isBase64 ? decodeBase64(url.slice(comma + 1)) : decodePercent(url.slice(comma + 1));
  if (bytes.byteLength > maxBytes) {
    return refuse(
      "reference-too-large",
      `holds ${megabytes(bytes.byteLength)}; at most ${megabytes(maxBytes)} are read.`,
    );
  }
  return bytes.byteLength === 0 ? refuse("reference-unreadable", "is empty.") : bytes;
}

function decodeBase64(data: string): Buffer {
  const text = data.replace(/%(?:2b|2f|3d)/gi, (code) => decodeURIComponent(code)).replace(/\s/g, "");
  if (/[^A-Za-z0-9+/_=-]/.test(text) || !/^[^=]*={0,2}$/.test(text) || text.replace(/=+$/, "").length % 4 === 1) {
    return refuse("reference-unreadable", "holds base64 that cannot be decoded.");
  }
  return Buffer.from(text, "base64");
}

function decodePercent(data: string): Buffer {
  const utf8 = Buffer.from(data).toString("latin1");
  const bytes = utf8.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, "latin1");
}

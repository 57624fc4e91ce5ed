// XMP packet: the record of a picture as XML that readers of picture metadata know, and read back again.
// Standard properties say what everybody asks (words, program, made by a model); our own namespace holds the rest.
// Where the packet goes in a file is the containers' business. Source: Adobe XMP specification, part 1, 2012 (ISO 16684-1).

/** What is said of a picture inside the picture. `null`: not known. */
export interface EmbeddedFields {
  readonly prompt: string | null;
  readonly model: string | null;
  readonly operation: string | null;
  /** What the picture cost in US dollars, as text: `0.134`. */
  readonly costUsd: string | null;
  /** ISO 8601. */
  readonly createdAt: string | null;
  readonly rehearsal: boolean;
  /** SHA-256 of the bytes as the provider sent them: what this file was made of. */
  readonly receivedSha256: string | null;
  /** Name and version of the program. */
  readonly program: string;
  /** The whole record as JSON text; `null` when there was no room for it. */
  readonly record: string | null;
}

/** Names our properties for all time; a name and not an address. */
const NAMESPACE = "urn:image-gen:xmp:1:";
/** IPTC's word for pictures that a model made. Source: cv.iptc.org/newscodes/digitalsourcetype, 2023. */
const MADE_BY_A_MODEL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

const PACKET_HEAD = '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>';
const PACKET_TAIL = '<?xpacket end="w"?>';

/** A packet of its own. */
export function buildPacket(fields: EmbeddedFields): string {
  const standard = [
    fields.prompt === null
      ? ""
      : `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escape(fields.prompt)}</rdf:li></rdf:Alt></dc:description>`,
    `<xmp:CreatorTool>${escape(fields.program)}</xmp:CreatorTool>`,
    fields.createdAt === null ? "" : `<xmp:CreateDate>${escape(fields.createdAt)}</xmp:CreateDate>`,
    `<Iptc4xmpExt:DigitalSourceType>${MADE_BY_A_MODEL}</Iptc4xmpExt:DigitalSourceType>`,
  ].join("");
  const description =
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ' +
    `xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">${standard}</rdf:Description>`;
  return (
    `${PACKET_HEAD}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
    `${description}${ownDescription(fields)}</rdf:RDF></x:xmpmeta>${PACKET_TAIL}`
  );
}

/**
 * The packet that a picture came with, with our properties added: what the provider wrote there stays, to the letter.
 * `null` when it is no packet that can be added to, or already holds a record of ours.
 */
export function addToPacket(packet: string, fields: EmbeddedFields): string | null {
  if (packet.includes(NAMESPACE)) return null;
  const rdf = /<\/([A-Za-z_][\w.-]*):RDF\s*>/.exec(packet);
  // Our description is written with the prefix that everybody uses; another one would need a parser.
  if (rdf?.[1] !== "rdf") return null;
  return packet.slice(0, rdf.index) + ownDescription(fields) + packet.slice(rdf.index);
}

function ownDescription(fields: EmbeddedFields): string {
  const values: readonly (readonly [string, string | null])[] = [
    ["Prompt", fields.prompt],
    ["Model", fields.model],
    ["Operation", fields.operation],
    ["CostUsd", fields.costUsd],
    ["CreatedAt", fields.createdAt],
    ["Rehearsal", String(fields.rehearsal)],
    ["ReceivedSha256", fields.receivedSha256],
    ["Program", fields.program],
    ["Record", fields.record],
  ];
  const elements = values.map(([name, value]) =>
    value === null ? "" : `<imagegen:${name}>${escape(value)}</imagegen:${name}>`,
  );
  return `<rdf:Description rdf:about="" xmlns:imagegen="${NAMESPACE}">${elements.join("")}</rdf:Description>`;
}

/** Our properties in a packet, also after another program has written it anew; `null` when it has none. */
export function readPacket(packet: string): EmbeddedFields | null {
  const prefix = new RegExp(`xmlns:([A-Za-z_][\\w.-]*)\\s*=\\s*["']${NAMESPACE}["']`).exec(packet)?.[1];
  if (prefix === undefined) return null;
  const field = (name: string): string | null => {
    const tag = `${prefix.replaceAll(".", "\\.")}:${name}`;
    const element = new RegExp(`<${tag}>([^<]*)</${tag}\\s*>`).exec(packet)?.[1];
    const attribute = new RegExp(`\\s${tag}\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`).exec(packet);
    const text = element ?? attribute?.[1] ?? attribute?.[2];
    return text === undefined ? null : unescape(text);
  };
  return {
    prompt: field("Prompt"),
    model: field("Model"),
    operation: field("Operation"),
    costUsd: field("CostUsd"),
    createdAt: field("CreatedAt"),
    rehearsal: field("Rehearsal") === "true",
    receivedSha256: field("ReceivedSha256"),
    program: field("Program") ?? "",
    record: field("Record"),
  };
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Text as XML holds it. What XML cannot hold at all (most control characters, lone surrogates) becomes U+FFFD. */
function escape(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, "\uFFFD")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      // XML parsers turn a bare carriage return into a line feed.
      .replaceAll("\r", "&#13;")
  );
}

function unescape(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex, decimal, name) => {
      if (typeof name === "string") return entities[name.toLowerCase()] ?? whole;
      const code = typeof hex === "string" ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
    },
  );
}

// All references of a request: read, checked and ready to be sent, several at once, none of them decoded twice, and every
// mistake of all of them together.

import { createHash } from "node:crypto";
import type { InputPart } from "../core/input-part.ts";
import type { DocumentReport, Reference, ReferenceReport } from "../core/request.ts";
import { isToolError, type Problem } from "../core/tool-error.ts";
import { readDocument } from "./document.ts";
import { type EncodedPicture, type EncodeLimits, encodePicture } from "./encode-picture.ts";
import { createQueue } from "./queue.ts";
import { storageLink } from "./storage-link.ts";
import { nameOfSource, readSource, shortNameOf, type SourceSettings } from "./read-source.ts";

export interface LoadInput {
  readonly references: readonly Reference[];
  readonly documents: readonly Reference[];
  readonly limits: EncodeLimits;
  readonly sources: SourceSettings;
}

export interface LoadedReferences {
  readonly references: readonly ReferenceReport[];
  readonly documents: readonly DocumentReport[];
  /** Documents, then pictures, each in the order given. What was not downloaded is missing. */
  readonly parts: readonly InputPart[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** The largest request is as large. */
const MOST_FILE_BYTES = 100_000_000;
/** Far more text than any model reads; the plan compares with the model's own limit. */
const MOST_DOCUMENT_BYTES = 4_000_000;
/** Read and decoded at the same time. */
const AT_ONCE = 3;
/** More are not even looked at. */
const MOST_REFERENCES = 100;

interface Loaded<Report> {
  readonly report: Report;
  readonly part: InputPart | null;
  readonly notices: readonly string[];
}

/** What is wrong with a reference is among the problems. Rejects only when the signal was aborted, with its error. */
export async function loadReferences(input: LoadInput): Promise<LoadedReferences> {
  const queue = createQueue(AT_ONCE);
  const encode = rememberPictures(input.limits);
  const [documents, pictures] = await Promise.all([
    loadAll("--doc", input.documents, queue, (source, index) => loadDocument(source, index, input.sources)),
    loadAll("--image", input.references, queue, (source) => loadPicture(source, input.sources, encode)),
  ]);
  return {
    references: pictures.loaded.map(({ report }) => report),
    documents: documents.loaded.map(({ report }) => report),
    parts: [...documents.loaded, ...pictures.loaded].flatMap(({ part }) => part ?? []),
    problems: [...pictures.problems, ...documents.problems],
    warnings: [...pictures.loaded, ...documents.loaded].flatMap(({ notices }) => notices),
  };
}

const NOT_DOWNLOADED = "is not downloaded in a rehearsal: something else stands in its place.";

/** A plain grey square. */
async function standInPicture(): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  return await sharp({ create: { width: 512, height: 512, channels: 3, background: "#808080" } })
    .png()
    .toBuffer();
}

type Encode = (bytes: Buffer) => Promise<EncodedPicture>;

/** The same bytes under two names are decoded once. */
function rememberPictures(limits: EncodeLimits): Encode {
  const known = new Map<string, Promise<EncodedPicture>>();
  return (bytes) => {
    const key = createHash("sha256").update(bytes).digest("hex");
    const encoding = known.get(key) ?? encodePicture(bytes, limits);
    known.set(key, encoding);
    return encoding;
  };
}

async function loadPicture(
  source: Reference,
  settings: SourceSettings,
  encode: Encode,
): Promise<Loaded<ReferenceReport>> {
  const link = storageLink(source, settings.policy);
  if (link !== null) {
    const { mimeType, uri } = link;
    return { report: { sha256: null, mimeType, width: null, height: null, uri }, part: link, notices: [] };
  }
  const content = await readSource(source, settings, MOST_FILE_BYTES);
  if (content === null && settings.downloads === "left-out") {
    const report = { sha256: null, mimeType: null, width: null, height: null };
    return { report, part: null, notices: [] };
  }
  const { bytes, sha256, mimeType, width, height, notices } = await encode(content ?? (await standInPicture()));
  return {
    report: { sha256, mimeType, width, height },
    part: { kind: "picture", mimeType, bytes },
    notices: content === null ? [NOT_DOWNLOADED] : notices,
  };
}

async function loadDocument(
  source: Reference,
  index: number,
  settings: SourceSettings,
): Promise<Loaded<DocumentReport>> {
  const content = await readSource(source, settings, MOST_DOCUMENT_BYTES);
  const name = shortNameOf(source, index);
  if (content === null && settings.downloads === "left-out") {
    const report = { name, sha256: null, bytes: null };
    return { report, part: null, notices: [] };
  }
  const { text, ...report } = readDocument(content ?? Buffer.from(`(${NOT_DOWNLOADED})`), name);
  return { report, part: { kind: "text", text }, notices: content === null ? [NOT_DOWNLOADED] : [] };
}

interface AllLoaded<Report> {
  readonly loaded: readonly Loaded<Report>[];
  readonly problems: readonly Problem[];
}

async function loadAll<Report>(
  field: "--image" | "--doc",
  sources: readonly Reference[],
  queue: ReturnType<typeof createQueue>,
  load: (source: Reference, index: number) => Promise<Loaded<Report>>,
): Promise<AllLoaded<Report>> {
  if (!Array.isArray(sources)) {
    const message = `${field} wants a list, even for one.`;
    return { loaded: [], problems: [{ code: "value-not-allowed", field, message }] };
  }
  if (sources.length > MOST_REFERENCES) {
    const message = `${field} names ${sources.length} things; no model takes more than ${MOST_REFERENCES}.`;
    return { loaded: [], problems: [{ code: "too-many-references", field, message, given: String(sources.length) }] };
  }
  const loaded: Loaded<Report>[] = [];
  const problems: Problem[] = [];
  const settled = await Promise.allSettled(sources.map((source, index) => queue(() => load(source, index))));
  for (const [index, result] of settled.entries()) {
    const name = nameOfSource(sources[index], index);
    if (result.status === "fulfilled") {
      const notices = result.value.notices.map((notice) => `${field} ${name} ${notice}`);
      loaded.push({ ...result.value, notices });
    } else {
      problems.push(problemOf(result.reason, field, name));
    }
  }
  return { loaded, problems };
}

function problemOf(error: unknown, field: string, name: string): Problem {
  if (!isToolError(error) || error.exitCode !== 2) throw error;
  return { code: error.code, field, message: `${field} ${name} ${error.message}`, given: name };
}

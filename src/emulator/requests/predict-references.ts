// The pictures of a request to Imagen's editing model: what each is for, which configuration that takes, which masks and
// subjects there are. Names: facts on Google's APIs, section 7, and the enumerations of @google/genai 2.32.0.

import { refuse } from "../google-error.ts";
import { isJsonObject, type Json, type JsonObject, listAt, objectAt, ownValue, textAt } from "../json.ts";
import type { GivenPicture } from "../pictures/thumbnails.ts";
import type { PixelSize } from "../pixel-table.ts";
import { readPictureHeader } from "./picture-header.ts";

export type ReadPicture = GivenPicture & { readonly size: PixelSize | null };

const masked: readonly (string | null)[] = [
  "EDIT_MODE_INPAINT_REMOVAL",
  "EDIT_MODE_INPAINT_INSERTION",
  "EDIT_MODE_OUTPAINT",
];

/** Which type of reference a configuration is for. */
const configurations: readonly (readonly [string, string])[] = [
  ["maskImageConfig", "REFERENCE_TYPE_MASK"],
  ["styleImageConfig", "REFERENCE_TYPE_STYLE"],
  ["subjectImageConfig", "REFERENCE_TYPE_SUBJECT"],
  ["controlImageConfig", "REFERENCE_TYPE_CONTROL"],
];
const subjects = ["DEFAULT", "PERSON", "ANIMAL", "PRODUCT"].map((name) => `SUBJECT_TYPE_${name}`);
const controls = ["DEFAULT", "CANNY", "SCRIBBLE", "FACE_MESH"].map((name) => `CONTROL_TYPE_${name}`);

/** Stops with 400 at the first reference that is wrong. */
export function readReferences(references: readonly JsonObject[], editMode: string | null): ReadPicture[] {
  const ids = new Set<unknown>();
  const pictures: ReadPicture[] = [];
  const sizes = new Map<string, PixelSize>();
  let masks = 0;
  let raws = 0;
  for (const [index, reference] of references.entries()) {
    const path = `instances[0].referenceImages[${index}]`;
    const id = ownValue(reference, "referenceId");
    if (typeof id !== "number" || ids.has(id)) invalid(`${path}.referenceId: must be set and unique.`);
    ids.add(id);
    const type = textAt(reference, "referenceType");
    if (type === null) invalid(`${path}.referenceType: must be set.`);
    checkConfigurations(reference, type, path);
    if (type === "REFERENCE_TYPE_RAW") raws += 1;
    if (type === "REFERENCE_TYPE_MASK") masks += 1;
    const picture = ownValue(reference, "referenceImage");
    if (type === "REFERENCE_TYPE_MASK" && !isMaskGiven(reference, picture, path)) continue;
    if (!isJsonObject(picture)) return invalid(`${path}.referenceImage: must be set.`);
    const read = readImage(picture, `${path}.referenceImage`);
    if (read.size !== null) sizes.set(type, read.size);
    pictures.push(read);
  }
  if (masked.includes(editMode) && (masks !== 1 || raws !== 1)) {
    invalid(`parameters.editMode: ${editMode} requires one raw reference image and one mask.`);
  }
  checkMaskSize(sizes);
  return pictures;
}

/** SDK 2.32.0 at MaskReferenceImage: a mask has the dimensions of the raw picture. */
function checkMaskSize(sizes: ReadonlyMap<string, PixelSize>): void {
  const [raw, mask] = [sizes.get("REFERENCE_TYPE_RAW"), sizes.get("REFERENCE_TYPE_MASK")];
  if (raw === undefined || mask === undefined) return;
  if (raw.width === mask.width && raw.height === mask.height) return;
  invalid("instances[0].referenceImages: the mask must have the same dimensions as the raw image.");
}

function checkConfigurations(reference: JsonObject, type: string, path: string): void {
  for (const [name, itsType] of configurations) {
    if (ownValue(reference, name) !== undefined && type !== itsType) {
      invalid(`${path}.${name}: is only supported with ${itsType}.`);
    }
  }
  oneOf(objectAt(reference, "subjectImageConfig"), "subjectType", subjects, `${path}.subjectImageConfig`);
  oneOf(objectAt(reference, "controlImageConfig"), "controlType", controls, `${path}.controlImageConfig`);
}

function oneOf(config: JsonObject, name: string, allowed: readonly string[], path: string): void {
  const given = textAt(config, name);
  if (given === null || allowed.includes(given)) return;
  invalid(`${path}.${name}: "${given}" is not supported. Supported values are: ${allowed.join(", ")}.`);
}

/** Whether the caller gives the mask itself; the model makes all others. */
function isMaskGiven(reference: JsonObject, picture: Json | undefined, path: string): boolean {
  const config = objectAt(reference, "maskImageConfig");
  const mode = textAt(config, "maskMode");
  const classes = listAt(config, "maskClasses");
  if (mode === null) invalid(`${path}.maskImageConfig.maskMode: must be set.`);
  if (mode === "MASK_MODE_SEMANTIC" && (classes.length < 1 || classes.length > 5)) {
    invalid(`${path}.maskImageConfig.maskClasses: 1 to 5 classes are required with MASK_MODE_SEMANTIC.`);
  }
  if (mode !== "MASK_MODE_SEMANTIC" && classes.length > 0) {
    invalid(`${path}.maskImageConfig.maskClasses: is only supported with MASK_MODE_SEMANTIC.`);
  }
  if (classes.some((id) => typeof id !== "number" || id < 0)) {
    invalid(`${path}.maskImageConfig.maskClasses: must be class ids.`);
  }
  const dilation = ownValue(config, "dilation");
  if (typeof dilation === "number" && (dilation < 0 || dilation > 1)) {
    invalid(`${path}.maskImageConfig.dilation: must be in the range [0, 1].`);
  }
  const isGiven = mode === "MASK_MODE_USER_PROVIDED";
  if (!isGiven && isJsonObject(picture)) {
    invalid(`${path}.referenceImage: is only supported with MASK_MODE_USER_PROVIDED.`);
  }
  return isGiven;
}

export function readImage(image: JsonObject, path: string): ReadPicture {
  const data = textAt(image, "bytesBase64Encoded");
  const uri = textAt(image, "gcsUri");
  if (data === null) {
    if (uri === null || !uri.startsWith("gs://"))
      return invalid(`${path}: either bytesBase64Encoded or gcsUri must be set.`);
    return { mimeType: textAt(image, "mimeType") ?? "image/png", bytes: null, size: null };
  }
  const bytes = Buffer.from(data, "base64");
  const header = readPictureHeader(bytes);
  if (
    header === null ||
    !["image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"].includes(header.mimeType)
  ) {
    return invalid(`${path}.bytesBase64Encoded: Image format is not supported or the image is damaged.`);
  }
  if (bytes.length > 10 * 1024 * 1024) invalid(`${path}.bytesBase64Encoded: Image is larger than 10 MB.`);
  return { mimeType: header.mimeType, bytes, size: header.size };
}

function invalid(message: string): never {
  return refuse({ code: 400, message });
}

// What a well-formed predict request asks of an Imagen model, and whether that model has it: counts, ratios, sizes, the mark and
// the seed, references and masks, enlarging. Leaves drawing to services/predict.ts.
// Google's own wording is not in the facts; these are sentences in its manner, each naming the field.

import { refuse } from "../google-error.ts";
import type { ImagenModel } from "../imagen-table.ts";
import { isJsonObject, type JsonObject, listAt, objectAt, ownValue, textAt } from "../json.ts";
import type { GivenPicture } from "../pictures/thumbnails.ts";
import { nearestRatio, type PixelSize, pixelsOf } from "../pixel-table.ts";
import { type ReadPicture, readImage, readReferences } from "./predict-references.ts";

/** Pictures as ordered. */
export interface ImagenOrder {
  readonly model: ImagenModel;
  readonly prompt: string;
  /** 1 to 4. */
  readonly sampleCount: number;
  readonly size: string;
  readonly pixels: PixelSize;
  readonly mimeType: "image/png" | "image/jpeg";
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
  /** Pictures that were sent, in their order. */
  readonly given: readonly GivenPicture[];
  readonly includesReason: boolean;
  /** Where the pictures are left; null: in the answer. */
  readonly storageUri: string | null;
}

const ratios = ["1:1", "3:4", "4:3", "9:16", "16:9"];
const people = ["allow_all", "allow_adult", "dont_allow"];
const safety = ["block_low_and_above", "block_medium_and_above", "block_only_high", "block_none"];
const languages = ["auto", "en", "ja", "ko", "hi", "zh", "pt", "es"];
const editOnly = ["editMode", "editConfig"];
const upscaleOnly = ["mode", "upscaleConfig"];
const drawingOnly = [
  "aspectRatio",
  "sampleImageSize",
  "negativePrompt",
  "guidanceScale",
  "seed",
  "addWatermark",
  "language",
  "enhancePrompt",
];
const unusable: Readonly<Record<ImagenModel["task"], readonly string[]>> = {
  generate: [...editOnly, ...upscaleOnly],
  edit: [...upscaleOnly, "sampleImageSize", "enhancePrompt"],
  upscale: [...drawingOnly, ...editOnly],
};

/** Reads a request (as the schema returned it) into an order; stops with 400 when the model cannot do it. */
export function readImagenOrder(request: JsonObject, model: ImagenModel): ImagenOrder {
  const instances = listAt(request, "instances").filter(isJsonObject);
  const [instance] = instances;
  if (instance === undefined) return invalid("instances: at least one instance is required.");
  if (instances.length > 1) invalid(`instances: ${instances.length} instances were given; ${model.id} takes one.`);
  const parameters = objectAt(request, "parameters");
  const foreign = Object.keys(parameters).find((name) => unusable[model.task].includes(name));
  if (foreign !== undefined) invalid(`parameters.${foreign}: is not supported by ${model.id}.`);
  const prompt = textAt(instance, "prompt") ?? "";
  if (prompt.trim() === "" && model.task !== "upscale") invalid("instances[0].prompt: Text prompt is required.");
  const storageUri = textAt(parameters, "storageUri");
  if (storageUri !== null && !/^gs:\/\/[^/\s]{3,}(?:\/\S*)?$/.test(storageUri)) {
    invalid(`parameters.storageUri: "${storageUri}" is not a Cloud Storage URI.`);
  }
  checkChoices(parameters, model);
  checkSeed(parameters);
  const pictures = readPictures(instance, parameters, model);
  const raw = pictures.find(({ size }) => size !== null)?.size ?? null;
  return {
    model,
    prompt,
    sampleCount: sampleCountOf(parameters),
    ...shapeOf(parameters, model, raw),
    ...readOutput(objectAt(parameters, "outputOptions")),
    given: pictures,
    includesReason: ownValue(parameters, "includeRaiReason") === true,
    storageUri,
  };
}

function invalid(message: string): never {
  return refuse({ code: 400, message });
}

function oneOf(parameters: JsonObject, name: string, allowed: readonly string[]): void {
  const given = textAt(parameters, name);
  if (given === null || allowed.some((value) => value.toLowerCase() === given.toLowerCase())) return;
  invalid(`parameters.${name}: "${given}" is not supported. Supported values are: ${allowed.join(", ")}.`);
}

function checkChoices(parameters: JsonObject, model: ImagenModel): void {
  oneOf(parameters, "aspectRatio", ratios);
  oneOf(parameters, "personGeneration", people);
  oneOf(parameters, "safetySetting", safety);
  oneOf(parameters, "language", languages);
  const guidance = ownValue(parameters, "guidanceScale");
  if (typeof guidance === "number" && (guidance < 0 || guidance > 500)) {
    invalid("parameters.guidanceScale: must be in the range [0, 500].");
  }
  if (textAt(parameters, "sampleImageSize") !== null) {
    if (model.sizes.length === 0) invalid(`parameters.sampleImageSize: is not supported by ${model.id}.`);
    oneOf(parameters, "sampleImageSize", model.sizes);
  }
  if (textAt(parameters, "negativePrompt") !== null && !model.takesNegativePrompt) {
    invalid(`parameters.negativePrompt: is not supported by ${model.id}.`);
  }
}

function checkSeed(parameters: JsonObject): void {
  const seed = ownValue(parameters, "seed");
  if (typeof seed !== "number") return;
  if (seed < 0 || seed > 2 ** 32 - 1) invalid("parameters.seed: must be in the range [0, 4294967295].");
  if (ownValue(parameters, "addWatermark") !== false) {
    invalid("parameters.seed: Seed is not supported when watermark is enabled. Set addWatermark to false.");
  }
}

function sampleCountOf(parameters: JsonObject): number {
  const count = ownValue(parameters, "sampleCount");
  if (typeof count !== "number") return 1;
  if (count < 1 || count > 4) invalid(`parameters.sampleCount: ${count} is not in the range [1, 4].`);
  return count;
}

function shapeOf(
  parameters: JsonObject,
  model: ImagenModel,
  raw: PixelSize | null,
): Pick<ImagenOrder, "size" | "pixels"> {
  if (model.task === "upscale") {
    const factor = textAt(objectAt(parameters, "upscaleConfig"), "upscaleFactor") ?? "";
    if (textAt(parameters, "mode") !== "upscale") invalid('parameters.mode: must be "upscale".');
    if (!["x2", "x3", "x4"].includes(factor)) {
      invalid(
        `parameters.upscaleConfig.upscaleFactor: "${factor}" is not supported. Supported values are: x2, x3, x4.`,
      );
    }
    const { width, height } = raw ?? { width: 512, height: 512 };
    const times = Number(factor.slice(1));
    return { size: "1K", pixels: { width: width * times, height: height * times } };
  }
  const size = (textAt(parameters, "sampleImageSize") ?? "1K").toUpperCase();
  const ratio = textAt(parameters, "aspectRatio") ?? (raw === null ? "1:1" : nearestRatio(raw, ratios));
  return { size, pixels: pixelsOf(model.id, ratio, size) ?? invalid(`No picture of ${ratio} at ${size}.`) };
}

function readOutput(output: JsonObject): Pick<ImagenOrder, "mimeType" | "quality"> {
  const mimeType = textAt(output, "mimeType") ?? "image/png";
  const quality = ownValue(output, "compressionQuality");
  if (mimeType !== "image/png" && mimeType !== "image/jpeg") {
    return invalid(
      `parameters.outputOptions.mimeType: "${mimeType}" is not supported. Supported values are: image/png, image/jpeg.`,
    );
  }
  if (typeof quality !== "number") return { mimeType, quality: 75 };
  if (quality < 0 || quality > 100)
    invalid("parameters.outputOptions.compressionQuality: must be in the range [0, 100].");
  return { mimeType, quality: Math.max(1, quality) };
}

function readPictures(instance: JsonObject, parameters: JsonObject, model: ImagenModel): ReadPicture[] {
  const image = ownValue(instance, "image");
  const references = listAt(instance, "referenceImages").filter(isJsonObject);
  if (model.task === "upscale") {
    if (!isJsonObject(image)) return invalid("instances[0].image: an image is required.");
    return [readImage(image, "instances[0].image")];
  }
  if (model.task === "generate") {
    if (references.length > 0) invalid(`instances[0].referenceImages: is not supported by ${model.id}.`);
    if (image !== undefined) invalid(`instances[0].image: is not supported by ${model.id}.`);
    return [];
  }
  if (references.length === 0) invalid("instances[0].referenceImages: at least one reference image is required.");
  return readReferences(references, textAt(parameters, "editMode"));
}

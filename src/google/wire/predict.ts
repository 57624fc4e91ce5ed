// The body of a predict call to Imagen: drawing, editing, enlarging. Equal to what Google's SDK sends for the same request, but
// for the prompt of an enlargement, which Google's reference has and the SDK leaves out (test/contract/predict-body.test.ts).
// Source: google-apis facts §7, 2026-11-22; @google/genai 2.32.0.

import type { InputPart } from "../../core/input-part.ts";
import type { EditMode, MaskMode, PlannedPredict, ReferenceRole } from "../../core/predict-options.ts";
import type { PersonGeneration, PlannedRequest } from "../../core/request.ts";
import { plainBytes } from "./body-bytes.ts";

export interface PredictOptions {
  readonly request: PlannedRequest & { readonly predict: PlannedPredict };
  /** False where the model draws one size only. */
  readonly sendsSize: boolean;
  /** Format to ask for; `null`: the model's own, PNG. */
  readonly mimeType: "image/png" | "image/jpeg" | null;
  /** Reference pictures in their order. Default: none. */
  readonly inputs?: readonly InputPart[];
}

type WirePicture =
  /** Bytes that `bodyBytes` writes as base64, or words that stand for them. */
  | { readonly bytesBase64Encoded: Uint8Array | string; readonly mimeType: string }
  | { readonly gcsUri: string; readonly mimeType: string };

interface ReferenceImage {
  readonly referenceType: string;
  readonly referenceId: number;
  readonly referenceImage?: WirePicture;
  readonly maskImageConfig?: {
    readonly maskMode: string;
    readonly maskClasses?: readonly number[];
    readonly dilation?: number;
  };
  readonly styleImageConfig?: { readonly styleDescription: string };
  readonly subjectImageConfig?: { readonly subjectType: string; readonly subjectDescription?: string };
  readonly controlImageConfig?: { readonly controlType: string; readonly computeControl?: boolean };
}

/** JSON as it goes on the wire; fields that were not asked for are absent. */
export interface PredictBody {
  readonly instances: readonly [
    {
      readonly prompt: string;
      readonly image?: WirePicture;
      readonly referenceImages?: readonly ReferenceImage[];
    },
  ];
  readonly parameters: Readonly<Record<string, unknown>>;
}

const personGenerationOnWire: Readonly<Record<PersonGeneration, string>> = {
  "allow-all": "allow_all",
  "allow-adult": "allow_adult",
  "allow-none": "dont_allow",
};
const editModeOnWire: Readonly<Record<EditMode, string>> = {
  default: "EDIT_MODE_DEFAULT",
  "inpaint-insertion": "EDIT_MODE_INPAINT_INSERTION",
  "inpaint-removal": "EDIT_MODE_INPAINT_REMOVAL",
  outpaint: "EDIT_MODE_OUTPAINT",
  "controlled-editing": "EDIT_MODE_CONTROLLED_EDITING",
  style: "EDIT_MODE_STYLE",
  bgswap: "EDIT_MODE_BGSWAP",
  "product-image": "EDIT_MODE_PRODUCT_IMAGE",
};
const maskModeOnWire: Readonly<Record<MaskMode | "given", string>> = {
  given: "MASK_MODE_USER_PROVIDED",
  background: "MASK_MODE_BACKGROUND",
  foreground: "MASK_MODE_FOREGROUND",
  semantic: "MASK_MODE_SEMANTIC",
};
const rolesOnWire: Readonly<Record<Exclude<ReferenceRole, "mask">, Omit<ReferenceImage, "referenceId">>> = {
  raw: { referenceType: "REFERENCE_TYPE_RAW" },
  style: { referenceType: "REFERENCE_TYPE_STYLE" },
  subject: subject("DEFAULT"),
  "subject-person": subject("PERSON"),
  "subject-animal": subject("ANIMAL"),
  "subject-product": subject("PRODUCT"),
  control: control("DEFAULT"),
  "control-canny": control("CANNY"),
  "control-scribble": control("SCRIBBLE"),
  "control-face-mesh": control("FACE_MESH"),
};

function subject(type: string): Omit<ReferenceImage, "referenceId"> {
  return {
    referenceType: "REFERENCE_TYPE_SUBJECT",
    subjectImageConfig: { subjectType: `SUBJECT_TYPE_${type}` },
  };
}

function control(type: string): Omit<ReferenceImage, "referenceId"> {
  return {
    referenceType: "REFERENCE_TYPE_CONTROL",
    controlImageConfig: { controlType: `CONTROL_TYPE_${type}` },
  };
}

/** One picture a call: each has a hold, a spool file and an outcome of its own. The reason of a filter is always asked for. */
export function encodePredict(options: PredictOptions): PredictBody {
  const { request, sendsSize, mimeType, inputs = [] } = options;
  const { task, negativePrompt, watermark, editMode, upscale } = request.predict;
  const { safetySetting, guidanceScale, enhancePrompt, language, storageUri } = request.predict;
  const pictures = inputs.flatMap(encodePicture);
  const [first] = pictures;
  const prompt = request.sentPrompt ?? request.prompt;
  return {
    instances: [
      {
        prompt,
        ...(task === "upscale" && first ? { image: first } : {}),
        ...(task === "edit" ? { referenceImages: encodeReferences(request.predict, pictures) } : {}),
      },
    ],
    parameters: {
      sampleCount: 1,
      ...(request.aspectRatio === null ? {} : { aspectRatio: request.aspectRatio }),
      ...(request.size === null || !sendsSize ? {} : { sampleImageSize: request.size }),
      ...(negativePrompt === null ? {} : { negativePrompt }),
      ...(guidanceScale === undefined ? {} : { guidanceScale }),
      ...(request.seed === null ? {} : { seed: request.seed }),
      ...(watermark ? {} : { addWatermark: false }),
      ...(request.personGeneration === null
        ? {}
        : { personGeneration: personGenerationOnWire[request.personGeneration] }),
      ...(safetySetting === undefined ? {} : { safetySetting: safetySetting.replaceAll("-", "_") }),
      includeRaiReason: true,
      ...(language === undefined ? {} : { language }),
      ...(enhancePrompt === undefined ? {} : { enhancePrompt }),
      ...(storageUri === undefined ? {} : { storageUri }),
      ...(mimeType === null ? {} : { outputOptions: { mimeType } }),
      ...(editMode === null ? {} : { editMode: editModeOnWire[editMode] }),
      ...(upscale === null ? {} : { mode: "upscale", upscaleConfig: { upscaleFactor: upscale } }),
    },
  };
}

function encodePicture(input: InputPart): WirePicture[] {
  const { kind } = input;
  if (kind === "picture") return [{ bytesBase64Encoded: plainBytes(input.bytes), mimeType: input.mimeType }];
  if (kind === "link") return [{ gcsUri: input.uri, mimeType: input.mimeType }];
  return kind === "shown" ? [{ bytesBase64Encoded: input.words, mimeType: input.mimeType }] : [];
}

/** Numbered from 1 in the order given: `[1]` in a prompt means the first. A mask that the model makes comes last. */
function encodeReferences(predict: PlannedPredict, pictures: readonly WirePicture[]): ReferenceImage[] {
  const { roles, maskMode, maskDilation, maskClasses } = predict;
  const mask = (mode: MaskMode | "given"): Omit<ReferenceImage, "referenceId"> => ({
    referenceType: "REFERENCE_TYPE_MASK",
    maskImageConfig: {
      maskMode: maskModeOnWire[mode],
      ...(maskClasses === undefined ? {} : { maskClasses }),
      ...(maskDilation === null ? {} : { dilation: maskDilation }),
    },
  });
  const given = pictures.map((referenceImage, index) => {
    const role = roles[index] ?? "raw";
    const reference = role === "mask" ? mask("given") : describe(rolesOnWire[role], predict);
    return { ...reference, referenceId: index + 1, referenceImage };
  });
  return maskMode === null ? given : [...given, { ...mask(maskMode), referenceId: given.length + 1 }];
}

/** With what the caller says of pictures of its kind. */
function describe(
  reference: Omit<ReferenceImage, "referenceId">,
  { styleDescription, subjectDescription, computeControl }: PlannedPredict,
): Omit<ReferenceImage, "referenceId"> {
  const { referenceType, subjectImageConfig, controlImageConfig } = reference;
  if (referenceType === "REFERENCE_TYPE_STYLE" && styleDescription !== undefined) {
    return { ...reference, styleImageConfig: { styleDescription } };
  }
  if (subjectImageConfig && subjectDescription !== undefined) {
    return { ...reference, subjectImageConfig: { ...subjectImageConfig, subjectDescription } };
  }
  if (controlImageConfig && computeControl !== undefined) {
    return { ...reference, controlImageConfig: { ...controlImageConfig, computeControl } };
  }
  return reference;
}

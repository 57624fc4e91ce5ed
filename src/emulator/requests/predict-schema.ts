// Every field of Imagen's predict request. Leaves the meaning of the values to predict-rules.ts.
// Source: facts on Google's APIs, section 7; names of the configurations of references as @google/genai 2.32.0 sends them.

import type { FieldDescription, MessageDescription } from "./proto-schema.ts";

const text: FieldDescription = { kind: "string" };
const flag: FieldDescription = { kind: "bool" };
const whole: FieldDescription = { kind: "int32" };
const decimal: FieldDescription = { kind: "float" };

function message(name: string, fields: Readonly<Record<string, FieldDescription>>): MessageDescription {
  return { messageName: `google.cloud.aiplatform.v1.schema.predict.${name}`, fields };
}

const image = message("instance.Image", {
  bytes_base64_encoded: { kind: "bytes", oneof: "data" },
  gcs_uri: { kind: "string", oneof: "data" },
  mime_type: text,
});

const referenceImage = message("instance.ReferenceImage", {
  reference_type: {
    kind: {
      enumName: "google.cloud.aiplatform.v1.schema.predict.instance.ReferenceType",
      values: [
        "REFERENCE_TYPE_UNSPECIFIED",
        "REFERENCE_TYPE_RAW",
        "REFERENCE_TYPE_MASK",
        "REFERENCE_TYPE_CONTROL",
        "REFERENCE_TYPE_STYLE",
        "REFERENCE_TYPE_SUBJECT",
      ],
    },
  },
  reference_id: whole,
  reference_image: { kind: image },
  mask_image_config: {
    kind: message("instance.MaskImageConfig", {
      mask_mode: {
        kind: {
          enumName: "google.cloud.aiplatform.v1.schema.predict.instance.MaskMode",
          values: [
            "MASK_MODE_DEFAULT",
            "MASK_MODE_USER_PROVIDED",
            "MASK_MODE_BACKGROUND",
            "MASK_MODE_FOREGROUND",
            "MASK_MODE_SEMANTIC",
          ],
        },
      },
      mask_classes: { kind: "int32", repeated: true },
      dilation: decimal,
    }),
  },
  control_image_config: {
    kind: message("instance.ControlImageConfig", { control_type: text, compute_control: flag }),
  },
  style_image_config: { kind: message("instance.StyleImageConfig", { style_description: text }) },
  subject_image_config: {
    kind: message("instance.SubjectImageConfig", { subject_type: text, subject_description: text }),
  },
});

const instance = message("instance.ImageGenerationInstance", {
  prompt: text,
  image: { kind: image },
  reference_images: { kind: referenceImage, repeated: true },
});

const parameters = message("params.ImageGenerationParams", {
  sample_count: whole,
  aspect_ratio: text,
  sample_image_size: text,
  negative_prompt: text,
  guidance_scale: decimal,
  seed: { kind: "int64" },
  add_watermark: flag,
  person_generation: text,
  safety_setting: text,
  include_rai_reason: flag,
  include_safety_attributes: flag,
  language: text,
  output_options: { kind: message("params.OutputOptions", { mime_type: text, compression_quality: whole }) },
  enhance_prompt: flag,
  storage_uri: text,
  edit_mode: {
    kind: {
      enumName: "google.cloud.aiplatform.v1.schema.predict.params.EditMode",
      values: [
        "EDIT_MODE_DEFAULT",
        "EDIT_MODE_INPAINT_REMOVAL",
        "EDIT_MODE_INPAINT_INSERTION",
        "EDIT_MODE_OUTPAINT",
        "EDIT_MODE_CONTROLLED_EDITING",
        "EDIT_MODE_STYLE",
        "EDIT_MODE_BGSWAP",
        "EDIT_MODE_PRODUCT_IMAGE",
      ],
    },
  },
  edit_config: { kind: message("params.EditConfig", { base_steps: whole }) },
  mode: text,
  upscale_config: {
    kind: message("params.UpscaleConfig", {
      upscale_factor: text,
      enhance_input_image: flag,
      image_preservation_factor: decimal,
    }),
  },
});

/** The body of predict for Imagen. */
export const predictRequest: MessageDescription = {
  messageName: "google.cloud.aiplatform.v1.PredictRequest",
  fields: {
    instances: { kind: instance, repeated: true },
    parameters: { kind: parameters },
    labels: { kind: { mapOf: "string" } },
  },
};

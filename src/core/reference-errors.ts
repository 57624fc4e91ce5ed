// The rows of the error table for reference pictures and documents. All of them are found before anything is bought.

import type { ErrorRow } from "./error-row.ts";

const usage = { exit: 2, billed: "no", retryable: false } as const;

export const referenceErrors = {
  "reference-unreadable": {
    ...usage,
    cause: "A reference picture or document cannot be read.",
    nextStep: "Check that the path is right and names a file that you may read.",
  },
  "reference-forbidden": {
    ...usage,
    cause: "A reference lies where nothing may be read from.",
    nextStep:
      "Give a file inside the allowed folders, or an https address on the public internet; or download it first.",
  },
  "reference-not-usable": {
    ...usage,
    cause: "A reference is not a whole picture of a kind that can be sent.",
    nextStep: "Give a PNG, JPEG, WebP, HEIC, AVIF or GIF picture that opens in a picture viewer.",
  },
  "reference-too-large": {
    ...usage,
    cause: "A reference is larger than what is read or sent.",
    nextStep: "Give a smaller version of it.",
  },
  "reference-download-failed": {
    ...usage,
    retryable: true,
    cause: "A reference could not be downloaded.",
    nextStep: "Check the address, try again, or download the file yourself and give its path.",
  },
  "reference-upload-failed": {
    exit: 6,
    billed: "no",
    retryable: true,
    cause: "What the request needs could not be uploaded, so the request was not sent.",
    nextStep: "Try again; pictures that are fewer and smaller go inside the request and are not uploaded.",
  },
  "too-many-references": {
    ...usage,
    cause: "The model does not take this many reference pictures.",
    nextStep: "Leave some out, or choose a model that takes more: image-gen models.",
  },
} as const satisfies Record<string, ErrorRow>;

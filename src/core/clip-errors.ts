// The rows of the error table that only clips meet: what cannot be extended, and operations that take long or are lost.

import type { ErrorRow } from "./error-row.ts";

const usage = { exit: 2, billed: "no", retryable: false } as const;
const unknown = { exit: 7, billed: "maybe", retryable: false } as const;

export const clipErrors = {
  "clip-unreadable": {
    ...usage,
    cause: "The clip to be extended cannot be read, or is no whole MP4 with pictures in it.",
    nextStep: "Give the path of an MP4 file with H.264 or H.265; the bytes decide, not the name.",
  },
  "clip-not-extendable": {
    ...usage,
    cause: "The model does not extend a clip like this one.",
    nextStep: "Give a clip of a length, size and codec that the message names.",
  },
  "clip-pending": {
    ...unknown,
    cause: "The provider is still at work on the clip; its operation is recorded and nothing is lost.",
    nextStep: "Ask again later with `video-gen resume`; it buys nothing.",
  },
  "clip-stopped": {
    ...unknown,
    cause: "The provider stopped its work on the clip: it was cancelled, ran into a limit, or wants to be told more.",
    nextStep: "Look at the provider's usage page; the same command buys another clip.",
  },
  "clip-lost": {
    ...unknown,
    cause: "The provider no longer knows the operation: it has expired, or its result was deleted.",
    nextStep: "Look at the provider's usage page, then settle it with `image-gen spend resolve`.",
  },
  "link-refused": {
    ...unknown,
    billed: "yes",
    cause:
      "The provider names a place for the clip that is not its own, so nothing was asked there with your credential.",
    nextStep: "Look at the address in the message; the operation stays recorded for `video-gen resume`.",
  },
} as const satisfies Record<string, ErrorRow>;

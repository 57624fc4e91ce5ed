// The rows of the error table for conversations.

import type { ErrorRow } from "./error-row.ts";

const usage = { exit: 2, billed: "no", retryable: false } as const;
const configuration = { exit: 3, billed: "no", retryable: false } as const;

export const sessionErrors = {
  "session-unknown": {
    ...usage,
    cause: "There is no such conversation.",
    nextStep: "See what there is: image-gen session list.",
  },
  "session-exists": {
    ...usage,
    cause: "There is a conversation of this name already.",
    nextStep: "Choose another name, or delete the old one: image-gen session delete <name>.",
  },
  "session-damaged": {
    ...usage,
    cause: "A part of the conversation on disk is missing or was changed.",
    nextStep: "Begin a new one with the last picture: --session <new name> --image <picture>.",
  },
  "session-mixed": {
    ...usage,
    cause: "A rehearsed conversation and a real one cannot go on in each other.",
    nextStep: "Choose another name for --session, or give --rehearse as before.",
  },
  "session-unwritable": {
    ...configuration,
    cause: "The folder of the conversations cannot be used.",
    nextStep: "Make it readable and writable, or choose another place with IMAGE_GEN_HOME.",
  },
} as const satisfies Record<string, ErrorRow>;

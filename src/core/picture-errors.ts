// The rows of the error table for what is done with pictures that are there already, and for what was asked of them.

import type { ErrorRow } from "./error-row.ts";

const usage = { exit: 2, billed: "no", retryable: false } as const;
const safe = { exit: 8, billed: "yes", retryable: false } as const;

export const pictureErrors = {
  "file-unreadable": {
    ...usage,
    cause: "The file cannot be read.",
    nextStep: "Check its name and that you may read it.",
  },
  "not-a-picture": {
    ...usage,
    cause: "The file is no picture of a kind that image-gen writes.",
    nextStep: "Name a PNG, JPEG or WebP file; the bytes decide, not the name.",
  },

  "request-not-matched": {
    ...safe,
    cause: "The picture is not what was asked for, and --strict makes that a failure.",
    nextStep: "Look at the picture that is named; without --strict it would be a warning.",
  },
  "background-not-flat": {
    ...safe,
    cause: "The background is not the flat colour that was asked for, so it could not be taken out cleanly.",
    nextStep: "Look at the picture as it came; try another --key-color or a simpler subject.",
  },
} as const satisfies Record<string, ErrorRow>;

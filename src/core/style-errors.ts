// The rows of the error table for styles and their variables.

import type { ErrorRow } from "./error-row.ts";

const usage = { exit: 2, billed: "no", retryable: false } as const;

export const styleErrors = {
  "style-unknown": {
    ...usage,
    cause: "There is no style of this name.",
    nextStep: "See what there is with `image-gen styles list`, or name a file that ends in .md.",
  },
  "style-invalid": {
    ...usage,
    cause: "The style's file cannot be used.",
    nextStep: "See how a style is written: image-gen styles show watercolor.",
  },
  "variable-unknown": {
    ...usage,
    cause: "A value was given for a variable that is nowhere used.",
    nextStep: "See a style's variables with `image-gen styles show <name>`.",
  },
  "variable-missing": {
    ...usage,
    cause: "A variable has no value.",
    nextStep: "Give it one: --var name=value.",
  },
} as const satisfies Record<string, ErrorRow>;

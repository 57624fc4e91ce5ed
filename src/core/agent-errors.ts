// The rows of the error table that only agents meet: where they may write, and what a person has to agree to.

import type { ErrorRow } from "./error-row.ts";

export const agentErrors = {
  "folder-not-allowed": {
    exit: 2,
    billed: "no",
    retryable: false,
    cause: "Agents write pictures only inside the folders that their person allows.",
    nextStep:
      "Choose a place inside one of the allowed folders, or leave output out. A person can allow others with the setting mcpFolders.",
  },
  "confirmation-needed": {
    exit: 4,
    billed: "no",
    retryable: false,
    cause: "The price is above what may be spent without asking, and this program cannot ask the person.",
    nextStep:
      "Choose something cheaper, or ask the person to draw it with the command line or to raise the setting mcpConfirmAboveUsd.",
  },
  "confirmation-declined": {
    exit: 4,
    billed: "no",
    retryable: false,
    cause: "The person was asked and did not agree to this price.",
    nextStep: "Do not ask again for the same picture; propose something cheaper, or go on without it.",
  },
} as const satisfies Record<string, ErrorRow>;

// What each exit status means (design §5), for help and for machines.

import type { ExitCode } from "./error-row.ts";

export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: "all pictures made and verified",
  2: "the request or the command line is wrong; nothing was sent",
  3: "credentials or configuration",
  4: "refused by a budget; nothing was sent",
  5: "refused by the provider for good",
  6: "a passing fault, nothing billed; may be tried again",
  7: "outcome unknown, perhaps billed: do not simply repeat",
  8: "paid for and safe, but not where it was wanted (savedAt)",
  9: "some of the pictures",
  10: "a fault of image-gen's own",
  130: "interrupted",
  143: "terminated",
};

// Picture result: what became of one picture of an operation.

import type { TokenUsage } from "../../core/answer.ts";
import type { ImageReport, SessionReport, StoredImageReport } from "../../core/outcome.ts";
import type { ToolError } from "../../core/tool-error.ts";

/** What became of one picture. `usage` is what the provider told of tokens, also when there is no picture. */
export interface PictureResult {
  readonly index: number;
  readonly attempts: number;
  readonly text: string | null;
  readonly usage: TokenUsage | null;
  /** Searches that the model made for it. */
  readonly searchQueries: number;
  readonly modelVersion: string | null;
  readonly responseId: string | null;
  readonly warnings: readonly string[];
  /** Where the conversation is now; absent without one. */
  readonly session?: SessionReport;
  readonly image?: ImageReport;
  /** In place of `image`. */
  readonly stored?: StoredImageReport;
  readonly error?: ToolError;
}

// The envelope that cloudcode-pa puts around generateContent, on the way out. On the way in, the answer decoder takes it off.

import type { GenerateContentBody } from "./generate-content.ts";

export interface CodeAssistOptions {
  readonly model: string;
  /** The companion project, from the caller or from `loadCodeAssist`. */
  readonly project: string;
  readonly body: GenerateContentBody;
  /** Names the request in the provider's records; the operation's id. */
  readonly userPromptId: string;
}

export interface CodeAssistBody {
  readonly model: string;
  readonly project: string;
  readonly user_prompt_id: string;
  readonly request: GenerateContentBody;
}

/**
 * `{model, project, user_prompt_id, request}`, the form of Google's own gemini-cli. Source: google-apis facts §1.6, 2026-11-22.
 * The fields by which other programs pass for Antigravity (`requestType`, `userAgent`) are left out on purpose:
 * that is against Google's terms.
 */
export function wrapCodeAssist({ model, project, body, userPromptId }: CodeAssistOptions): CodeAssistBody {
  return { model, project, user_prompt_id: userPromptId, request: body };
}

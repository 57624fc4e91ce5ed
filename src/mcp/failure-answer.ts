// A failure as an answer: the design's error document, and the same in words that an agent can act on.

import { ulid } from "ulid";
import type { ErrorReport } from "../core/tool-error.ts";
import { failureWords, reportForAgents } from "./agent-words.ts";
import { type Answer, answerWith } from "./answer.ts";
import type { Desk } from "./desk.ts";

/** For a call that failed before there was an operation. */
export function answerFailure(report: ErrorReport, { clock, rehearsal }: Desk): Answer {
  const error = reportForAgents(report);
  const operation = ulid(clock.now());
  return answerWith(
    { version: 1, status: "error", operation, rehearsal, error },
    { isError: true, words: [failureWords(error)] },
  );
}

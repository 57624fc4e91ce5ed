// What a decoded answer amounts to: a picture to keep, or a failure with its reason. The rules of the order are here;
// the words for each reason stand in finish-reasons, those for errors in the failure rules.

import type { Answer, StoredPicture } from "../../../core/answer.ts";
import type { Failure } from "../../../core/failure.ts";
import type { DecodedAnswer, ForeignReason } from "../streaming/answer-decoder.ts";
import { readBlockReason, readFinishReason } from "./finish-reasons.ts";
import { type FailureContext, readFailure } from "./read-failure.ts";

/** The picture to keep, by its index, and what should be told beside it. */
export interface ChosenPicture {
  readonly picture: number;
  readonly warning: string | null;
}

/** The picture is in the caller's bucket. */
export interface ChosenStored {
  readonly stored: StoredPicture;
}

export type Verdict = ChosenPicture | ChosenStored | Failure;

const BROKE_OFF_AFTER =
  "The answer broke off after this picture; the picture is whole, but more may have been meant to come.";

/**
 * A whole picture is always taken, whatever else the answer says. Without one, in this order: an error, a strange answer,
 * a broken one, a blocked prompt (before "no image": CLIProxyAPI adds an empty candidate to it), the reason for stopping.
 */
export function judgeAnswer(decoded: DecodedAnswer, context: FailureContext): Verdict {
  if (decoded.kind === "foreign") {
    return { code: "foreign-answer", httpStatus: 200, ...describeForeign(decoded.reason, decoded.excerpt, context) };
  }
  if (decoded.kind === "incomplete") {
    return { code: "answer-incomplete", httpStatus: 200, message: describeBreak(decoded.answer) };
  }
  const { answer, chosen } = decoded;
  if (decoded.kind === "provider-error") {
    return chosen === null ? judgeError(decoded.error, decoded.begun, context) : keep(answer, chosen, false);
  }
  if (chosen === null && answer.stored !== undefined) return { stored: answer.stored };
  return chosen === null
    ? { httpStatus: 200, ...judgeRefusal(answer, context) }
    : keep(answer, chosen, decoded.complete);
}

function keep(answer: Answer, picture: number, complete: boolean): Verdict {
  if (answer.pictures[picture]?.damaged === true) {
    return {
      code: "answer-damaged",
      httpStatus: 200,
      message: "The picture's base64 text is damaged; what could be decoded of it is kept.",
    };
  }
  return { picture, warning: complete ? null : BROKE_OFF_AFTER };
}

function judgeError(error: object, begun: boolean, context: FailureContext): Failure {
  const failure = readFailure({ ...context, status: 200, headers: {}, body: JSON.stringify(error) });
  if (!begun) return failure;
  // The status was 200 and the model at work: what that costs is not documented.
  return {
    code: "answer-incomplete",
    httpStatus: 200,
    message: "The provider broke off its answer with an error before the picture was complete.",
    ...(failure.providerMessage === undefined ? {} : { providerMessage: failure.providerMessage }),
  };
}

/** What was drawn is paid for, though nothing of it arrived: the prompt is not to blame. */
const PROBABLY_BILLED = "The picture is probably billed: look at the provider's usage page before you ask again.";

function judgeRefusal(answer: Answer, { endpoint }: FailureContext): Failure {
  const { blockReason, blockMessage, finishReason, finishMessage, text, usage } = answer;
  if (blockReason !== null) return withWords(readBlockReason(blockReason), blockMessage ?? finishMessage);
  // CLIProxyAPI issue 4144, 2026-07: Google's refusal of an old client comes as the model's own words.
  if (/version of Antigravity is no longer supported/i.test(text)) {
    return withWords({ code: "client-not-supported" }, text);
  }
  if (finishReason !== null && finishReason !== "STOP") {
    return withWords(readFinishReason(finishReason), finishMessage ?? text);
  }
  if (answer.pictures.some(({ bytes, thought }) => bytes === 0 && !thought)) {
    const lost = {
      code: "no-image",
      message: "The picture in the answer is empty.",
      nextStep: PROBABLY_BILLED,
    } as const;
    return withWords(lost, finishMessage ?? text);
  }
  const tokens = (usage?.imageTokens ?? 0) + (text === "" ? (usage?.textTokens ?? 0) : 0);
  if (finishReason === "STOP" && tokens > 0 && answer.pictures.length === 0) {
    return {
      code: "no-image",
      message: `The provider counts ${tokens} tokens of answer but no picture arrived: it was lost on the way.`,
      ...(endpoint === "cliproxyapi"
        ? {
            nextStep:
              "CLIProxyAPI is known to lose pictures on its plain route; see whether a newer version of it helps.",
          }
        : { nextStep: PROBABLY_BILLED }),
      ...(text === "" ? {} : { providerMessage: text }),
    };
  }
  if (text !== "")
    return withWords({ code: "no-image", message: "The model answered with text instead of a picture." }, text);
  return withWords(readFinishReason(finishReason), finishMessage);
}

function withWords(failure: Failure, words: string | null): Failure {
  return words === null || words === "" ? failure : { ...failure, providerMessage: words };
}

function describeBreak({ pictures }: Answer): string {
  const last = pictures.at(-1);
  return last === undefined
    ? "The answer ended before a picture began."
    : `The answer ended before the picture was complete, after ${last.bytes} bytes of it.`;
}

const foreignSentences: Readonly<Record<ForeignReason, string>> = {
  empty: "The answer is empty.",
  html: "The answer is a web page, perhaps of a company proxy or a login page.",
  "not-json": "The answer is not in the provider's form.",
  "no-answer": "The answer is JSON, but not the provider's: it holds neither candidates nor feedback on the prompt.",
};

function describeForeign(
  reason: ForeignReason,
  excerpt: string,
  { endpoint }: FailureContext,
): Pick<Failure, "message" | "providerMessage"> {
  const isUnknownCall = reason === "empty" && endpoint === "cliproxyapi";
  const message = isUnknownCall
    ? "The answer is empty; CLIProxyAPI answers so to a call that it does not know."
    : foreignSentences[reason];
  return { message, ...(excerpt === "" ? {} : { providerMessage: excerpt }) };
}

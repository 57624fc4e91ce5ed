// Clip wire: how a model's clips are ordered, and how the answers are read. One entry per form; which model has which stands in
// its row.

import type { OpenPicture } from "../../core/answer.ts";
import type { ClipPlan, ClipWire } from "../../core/clip.ts";
import type { Failure } from "../../core/failure.ts";
import { createInteractionDecoder, readInteractionId } from "../../google/wire/interaction-answer.ts";
import {
  failureOfInteraction,
  failureOfWords,
  isUnknownInteraction,
} from "../../google/wire/failures/interaction-failure.ts";
import { encodeInteraction } from "../../google/wire/interaction-request.ts";
import {
  createOperationDecoder,
  type OperationAnswer,
  type OperationDecoder,
  readOperationName,
} from "../../google/wire/operation-answer.ts";
import { failureOfOperation } from "../../google/wire/failures/operation-failure.ts";
import { type ClipInputs, encodePredictLongRunning } from "../../google/wire/predict-long-running.ts";

interface ClipWireForm {
  encode(plan: ClipPlan, inputs: ClipInputs): object;
  /** The provider's name of what was begun; `null` when the answer names nothing. */
  readHandle(body: string): string | null;
  createDecoder(openClip: OpenPicture): OperationDecoder;
  failureOfEnd(answer: Extract<OperationAnswer, { kind: "failed" | "empty" }>): Failure;
  /** The provider says that it does not know the handle. */
  isLost(failure: Failure): boolean;
}

export const clipWires: Readonly<Record<ClipWire, ClipWireForm>> = {
  predict: {
    encode: ({ route, request }, inputs) => encodePredictLongRunning(request, inputs, route.endpoint),
    readHandle: readOperationName,
    createDecoder: createOperationDecoder,
    failureOfEnd: (answer) =>
      answer.kind === "failed"
        ? failureOfOperation(answer.error)
        : { code: "no-image", message: "The provider finished without a clip.", httpStatus: 200 },
    isLost: () => false,
  },
  interactions: {
    encode: ({ route, request }, inputs) => encodeInteraction(request, inputs, route.model),
    readHandle: readInteractionId,
    createDecoder: createInteractionDecoder,
    failureOfEnd: (answer) =>
      answer.kind === "failed"
        ? failureOfInteraction(answer.error, answer.usage)
        : failureOfWords(answer.words, answer.usage),
    isLost: isUnknownInteraction,
  },
};

// What planned faults change inside an answer, gathered into one value that the answering rooms read.
// Leaves faults in place of an answer to faults/fault-replies.ts and faults on the wire to delivery.ts.

import type { Base64Damage, FaultAction } from "./faults/fault-actions.ts";
import type { FileFate } from "./files/file-store.ts";
import type { JsonObject } from "./json.ts";

/** A picture sent in place of the right one, or the right one spoiled. */
export type PictureDamage =
  | { readonly how: "truncated"; readonly keep: number | null; readonly dropBytes: number }
  | { readonly how: "not-a-picture"; readonly content: "svg" | "html" | "zip" }
  | { readonly how: "bomb"; readonly side: number };

/** Changes to one answer; the default changes nothing. */
export interface AnswerShape {
  readonly refusal: {
    readonly finishReason: string | null;
    readonly blockReason: string | null;
    readonly message: string | null;
  } | null;
  readonly drafts: number;
  readonly thoughtPictures: number;
  readonly textOnly: string | null;
  readonly usage: "missing" | JsonObject | null;
  readonly losesPicture: boolean;
  readonly mimeLabel: string | null;
  readonly modelVersion: string | null;
  readonly pixels: { readonly width: number; readonly height: number } | null;
  readonly damage: PictureDamage | null;
  readonly base64: Base64Damage | null;
  /** How an uploaded file becomes ready; null: as its kind does. */
  readonly file: FileFate | null;
  readonly operation: Extract<FaultAction, { type: "operation" }> | null;
  readonly text: TextShape;
}

/** Changes to how the answer is written down. */
export interface TextShape {
  readonly prettyEscapes: boolean;
  readonly proto: boolean;
  readonly nestedDepth: number;
  readonly wrapsInArray: boolean;
  readonly oddity: Extract<FaultAction, { type: "odd-json" }>["how"] | null;
  readonly streamErrorStatus: number | null;
  readonly finalChunks: number;
  readonly separator: string;
}

const plain: AnswerShape = {
  refusal: null,
  drafts: 0,
  thoughtPictures: 0,
  textOnly: null,
  usage: null,
  losesPicture: false,
  mimeLabel: null,
  modelVersion: null,
  pixels: null,
  damage: null,
  base64: null,
  file: null,
  operation: null,
  text: {
    prettyEscapes: false,
    proto: false,
    nestedDepth: 0,
    wrapsInArray: false,
    oddity: null,
    streamErrorStatus: null,
    finalChunks: 1,
    separator: "\n\n",
  },
};

/** The shape that a list of faults gives to an answer; later ones win. */
export function shapeOf(actions: readonly FaultAction[]): AnswerShape {
  let shape = plain;
  for (const action of actions)
    shape = { ...shape, ...contentChange(action), text: { ...shape.text, ...textChange(action) } };
  return shape;
}

function contentChange(action: FaultAction): Partial<AnswerShape> {
  switch (action.type) {
    case "refusal": {
      const blockReason = action.blockReason ?? null;
      const finishReason = action.finishReason ?? (blockReason === null ? "IMAGE_SAFETY" : null);
      return { refusal: { finishReason, blockReason, message: action.message ?? null } };
    }
    case "drafts":
      return { drafts: action.count ?? 1 };
    case "thought-pictures":
      return { thoughtPictures: action.count ?? 1 };
    case "text-only":
      return { textOnly: action.text ?? "Which kind of picture would you like? Please tell me more about the scene." };
    case "usage":
      return { usage: action.usage };
    case "lost-picture":
      return { losesPicture: true };
    case "mime-label":
      return { mimeLabel: action.mimeType };
    case "model-version":
      return { modelVersion: action.value };
    case "wrong-size":
      return { pixels: { width: action.width, height: action.height } };
    case "truncated-picture":
      return {
        damage: {
          how: "truncated",
          keep: action.keep ?? (action.dropBytes === undefined ? 0.5 : null),
          dropBytes: action.dropBytes ?? 0,
        },
      };
    case "not-a-picture":
      return { damage: { how: "not-a-picture", content: action.content ?? "html" } };
    case "picture-bomb":
      return { damage: { how: "bomb", side: action.side ?? 50_000 } };
    case "file-state":
      return { file: { processingMs: action.processingMs ?? 0, fails: action.fails === "yes" } };
    case "damaged-base64":
      return { base64: action.how ?? "garbage" };
    case "operation":
      return { operation: action };
    default:
      return {};
  }
}

function textChange(action: FaultAction): Partial<TextShape> {
  switch (action.type) {
    case "pretty-escapes":
      return { prettyEscapes: true };
    case "proto":
      return { proto: true };
    case "nested":
      return { nestedDepth: action.depth ?? 100_000 };
    case "wrap-array":
      return { wrapsInArray: true };
    case "odd-json":
      return { oddity: action.how };
    case "stream-error":
      return { streamErrorStatus: action.status ?? 503 };
    case "no-final-chunk":
      return { finalChunks: 0 };
    case "two-final-chunks":
      return { finalChunks: 2 };
    case "separators":
      return { separator: action.value };
    default:
      return {};
  }
}

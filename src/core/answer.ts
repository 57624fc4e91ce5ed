// Answer: what a provider said, after the bytes of pictures were taken out. Written by google/wire, read by generate and spend.

/** Takes the decoded bytes of one picture while they arrive. Synchronous: a disk is faster than the network. */
export interface PictureSink {
  write(bytes: Uint8Array): void;
  /** No more bytes. Not called when the answer breaks off in the middle of the picture. */
  end(): void;
}

/** Opens the place for the answer's next picture; `index` counts from 0 in order of arrival, drafts and thoughts included. */
export type OpenPicture = (index: number) => PictureSink;

/** One picture in the answer. Its bytes went to the sink with the same index. */
export interface AnswerPicture {
  readonly index: number;
  /** As the provider labels it; the bytes decide. */
  readonly mimeType: string | null;
  /** Part of the model's thinking, never the result. */
  readonly thought: boolean;
  readonly bytes: number;
  /** The base64 text held something that is not base64. */
  readonly damaged: boolean;
}

/**
 * Tokens by modality, as billed. `imageTokens` counts drafts too. `textTokens`: candidates that are not pictures.
 * Source: `usageMetadata`, google-apis facts §1.3.
 */
export interface TokenUsage {
  readonly promptTokens: number;
  /** The part of `promptTokens` that reference pictures made. */
  readonly promptImageTokens: number;
  readonly imageTokens: number;
  readonly textTokens: number;
  readonly thoughtTokens: number;
  /** What the provider says it served: `standard`, `flex`, `priority`; `null` when it does not say. */
  readonly servedTier: "standard" | "flex" | "priority" | null;
}

/** One part of the model's turn, for sending it back in a conversation: every field as received. */
export interface AnswerPart {
  /** Without the picture's bytes; `thoughtSignature` and whatever else the provider writes are in it, to the letter. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Index of the part's picture among `pictures`, and its label; `null` when it holds none. */
  readonly picture: { readonly index: number; readonly mimeType: string | null } | null;
}

/** A picture that the provider has left in the caller's bucket instead of sending it. */
export interface StoredPicture {
  /** `gs://bucket/object` */
  readonly uri: string;
  readonly mimeType: string | null;
}

export interface Answer {
  readonly pictures: readonly AnswerPicture[];
  /** Absent: none. Imagen alone, which is asked for one picture a call. */
  readonly stored?: StoredPicture;
  /**
   * The model's turn in order. Left out is what says nothing: empty texts and thoughts, both only without a signature.
   * Empty when the answer was broken: half a turn must not be sent back.
   */
  readonly parts: readonly AnswerPart[];
  /** Text parts that are not thoughts, joined; as received. */
  readonly text: string;
  readonly finishReason: string | null;
  readonly finishMessage: string | null;
  readonly blockReason: string | null;
  readonly blockMessage: string | null;
  /** `null` when none came or what came is not believable (negative, not a number, beyond 10^9). */
  readonly usage: TokenUsage | null;
  /** Searches that the model made, each billed by itself. Source: `groundingMetadata`, google-apis facts §1.2 and §3.1. */
  readonly searchQueries: number;
  readonly modelVersion: string | null;
  readonly responseId: string | null;
}

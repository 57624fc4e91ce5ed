// Conversation: earlier turns as they go back to the model that they came from. Written by sessions, put on the wire by google/wire.

/** One part of an earlier turn. */
export interface PastPart {
  /** Every field of the part but the picture's bytes, as received: text, thought signature, what else the provider wrote. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** `words` stand for the bytes where a request is only shown. */
  readonly picture:
    | { readonly mimeType: string; readonly bytes: Uint8Array }
    | { readonly mimeType: string; readonly words: string }
    | null;
}

export interface PastContent {
  readonly role: "user" | "model";
  readonly parts: readonly PastPart[];
}

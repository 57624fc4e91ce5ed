// Shown: what a request shows beside its prompt, and the same with links in place of the pictures that are uploaded.

import type { PastContent } from "../../core/conversation.ts";
import type { InputPart } from "../../core/input-part.ts";

export interface Shown {
  /** Documents and reference pictures. */
  readonly inputs: readonly InputPart[];
  /** Earlier turns of the conversation. */
  readonly past: readonly PastContent[];
}

/** A picture of the caller's: its bytes, or the words for them where the request is only looked at. */
export type ShownPicture = { readonly mimeType: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly words: string }
);

/** The pictures that can be uploaded, in the order of the request. The model's own are not: they go back exactly as they came. */
export function picturesOf({ inputs, past }: Shown): ShownPicture[] {
  return [
    ...past.flatMap(({ role, parts }) => (role === "user" ? parts.flatMap(({ picture }) => picture ?? []) : [])),
    ...inputs.flatMap((input) => (input.kind === "picture" || input.kind === "shown" ? [input] : [])),
  ];
}

export function withLinks({ inputs, past }: Shown, uriOf: (picture: ShownPicture) => string): Shown {
  return {
    inputs: inputs.map((input) =>
      input.kind === "picture" || input.kind === "shown"
        ? { kind: "link", mimeType: input.mimeType, uri: uriOf(input) }
        : input,
    ),
    past: past.map(({ role, parts }) => ({
      role,
      parts: parts.map((part) => {
        const { fields, picture } = part;
        if (role !== "user" || picture === null) return part;
        const fileData = { mimeType: picture.mimeType, fileUri: uriOf(picture) };
        return { fields: { ...fields, fileData }, picture: null };
      }),
    })),
  };
}

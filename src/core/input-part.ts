// InputPart: what goes into a request beside the prompt, checked and ready. The plan holds only its description.

export type InputPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "picture"; readonly mimeType: string; readonly bytes: Uint8Array }
  /** A picture that the provider fetches by itself. */
  | { readonly kind: "link"; readonly mimeType: string; readonly uri: string }
  /** Words in the place of a picture's bytes, for showing a request to a person. */
  | { readonly kind: "shown"; readonly mimeType: string; readonly words: string };

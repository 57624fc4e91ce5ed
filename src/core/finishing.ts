// Finishing: what is done with a picture between its arrival and its name, and what must be true of it.

export const pictureFormats = ["png", "jpeg", "webp"] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** The flat colour that a background is drawn in so that it can be taken out. */
export const keyColours = ["green", "magenta", "blue"] as const;
export type KeyColour = (typeof keyColours)[number];

export interface Finishing {
  /** The record goes inside the picture too. */
  readonly embedMetadata: boolean;
  /** Another ratio or size than asked for, or a background that cannot be taken out cleanly, is a failure. */
  readonly strict: boolean;
  /** The background is drawn in this colour and taken out on this machine; `null`: it stays. */
  readonly transparent: KeyColour | null;
}

// The key colours: what is asked of the model, how each is recognised in a pixel, and how it is taken out of one.
// The models draw no transparency themselves (google-apis facts §1.2, 2026-11-22), so the way is that of film studios.

import type { KeyColour } from "../../core/finishing.ts";

const named: Readonly<Record<KeyColour, string>> = {
  green: "pure green (#00FF00)",
  magenta: "pure magenta (#FF00FF)",
  blue: "pure blue (#0000FF)",
};

/** What is added to the prompt, in these words: the dry run shows them. */
export function keyPrompt(colour: KeyColour): string {
  return (
    `The background is one perfectly flat, uniform, solid ${named[colour]} surface that fills the whole frame up to every edge: ` +
    "no gradient, no shadow, no floor, no texture, no reflection, no light on it. " +
    `The subject stands free before it with crisp edges, casts no shadow, and has nothing ${colour} in it.`
  );
}

/** How much of the key colour a pixel has, −255 to 255: what it has of it beyond what grey would have. */
export function keyAmount(colour: KeyColour, red: number, green: number, blue: number): number {
  if (colour === "green") return green - Math.max(red, blue);
  if (colour === "blue") return blue - Math.max(red, green);
  return Math.min(red, blue) - green;
}

/** Takes what is left of the key colour out of a pixel in place. */
export function despill(colour: KeyColour, pixels: Uint8Array, at: number): void {
  const excess = keyAmount(colour, pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
  if (excess <= 0) return;
  for (const channel of channelsOf[colour]) pixels[at + channel] = (pixels[at + channel] ?? 0) - excess;
}

const channelsOf: Readonly<Record<KeyColour, readonly number[]>> = { green: [1], magenta: [0, 2], blue: [2] };

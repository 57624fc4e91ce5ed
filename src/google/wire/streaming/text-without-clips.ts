// The text of an answer with every clip in it left out: who begins a clip wants its name and nothing else, and a provider that
// answers with the whole clip at once has still begun one that can be asked for.

import { createPictureScanner } from "./picture-scanner.ts";

export interface TextWithoutClips {
  /** Takes any split of the body. Throws `answer-too-large` when there is more of it than of an answer without clips. */
  write(chunk: Buffer): void;
  text(): string;
}

const LIMITS = { residualBytes: 4 * 2 ** 20, pictureBytes: 512 * 2 ** 20, pictures: 4 };
const nowhere = { write: () => undefined, end: () => undefined };

export function createTextWithoutClips(): TextWithoutClips {
  const texts: string[] = [];
  const scanner = createPictureScanner({
    enveloped: false,
    openPicture: () => nowhere,
    limits: LIMITS,
    onDocument: ({ text }) => void texts.push(text),
  });
  return {
    write(chunk) {
      scanner.beginChunk(chunk);
      scanner.scan(0, chunk.length);
      scanner.endChunk();
    },
    text() {
      scanner.endDocument();
      return texts.join("");
    },
  };
}

// What an MP4 says of itself: length, pixels, codec, sound. Read from its index alone, however long the clip is.
// Whether the file is whole is check-clip.ts' business.

import type { ClipHeader } from "../../core/clip.ts";

/** An opened file. */
export interface ClipBytes {
  readonly sizeBytes: number;
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** `null` for what is no MP4 (or QuickTime file) with a picture track. Never throws for its contents. */
export async function readClipHeader(source: string | ClipBytes): Promise<ClipHeader | null> {
  const { CustomSource, FilePathSource, Input, Logging, LogLevel, MP4, QTFF } = await import("mediabunny");
  // It would write on the console what it finds in the file; what is wrong with a clip is ours to say.
  Logging.level = LogLevel.Silent;
  const input = new Input({
    formats: [MP4, QTFF],
    source:
      typeof source === "string"
        ? new FilePathSource(source)
        : new CustomSource({
            getSize: () => source.sizeBytes,
            read: async (start, end) => await source.read(start, end - start),
          }),
  });
  try {
    const [picture, sound] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
    if (picture === null) return null;
    const seconds = await input.computeDuration();
    if (!Number.isFinite(seconds) || seconds <= 0) return null;
    return {
      seconds: Math.round(seconds * 1_000) / 1_000,
      width: picture.displayWidth,
      height: picture.displayHeight,
      codec: picture.codec,
      hasAudio: sound !== null,
    };
  } catch {
    return null;
  } finally {
    input.dispose();
  }
}

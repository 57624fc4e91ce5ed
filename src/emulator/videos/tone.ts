// The sound of the emulator's clips: a quiet chord in AAC-LC, faded in and out. There is no encoder here. The three tones have 6, 9
// and 12 periods in 1024 samples, so that every frame of a steady chord is the same; FFmpeg's encoder has made one, which is
// repeated. How loud a frame is stands in eight bits near its beginning (global_gain, ISO/IEC 14496-3), in steps of 1.5 dB.

export const samplesPerFrame = 1024;
export const sampleRate = 48_000;

/** AudioSpecificConfig: AAC-LC, 48 kHz, one channel. */
export const toneConfig = Buffer.from([0x11, 0x88]);

/** 281, 422 and 562 Hz, about -22 dB; the frame was encoded on 2026-11-24 at 24 kbit/s. */
const steadyFrame = Buffer.from(
  "AP4rrUIQYAe2gGStVQAJQu1EOx/jXJ/i266T6xz8n0n8IJD8CnTyHPt+Q4T86yfzC4aS4KXQ6ZpTJRsDgA==",
  "base64",
);

/** A third of a second; 28 steps of 1.5 dB from one end of it to the other. */
const fadeFrames = 14;
const stepsPerFrame = 2;

/** The frames of as many seconds; the last one may reach beyond them. */
export function toneFrames(seconds: number): Buffer[] {
  const count = Math.ceil((seconds * sampleRate) / samplesPerFrame);
  return Array.from({ length: count }, (_, index) => {
    const fromEnd = Math.min(index, count - 1 - index);
    return quieter(Math.max(0, fadeFrames - fromEnd) * stepsPerFrame);
  });
}

/** global_gain stands behind the seven bits that say what kind of element follows and its number. */
function quieter(steps: number): Buffer {
  const frame = Buffer.from(steadyFrame);
  const head = frame.readUInt16BE(0);
  const gain = ((head >> 1) & 0xff) - steps;
  frame.writeUInt16BE((head & ~(0xff << 1)) | (gain << 1), 0);
  return frame;
}

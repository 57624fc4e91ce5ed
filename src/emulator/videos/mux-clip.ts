// The encoder's MP4 → the MP4 that is handed out: index first, colours and key frames named, and sound if there is to be any.
// Leaves pictures to clip-maker.ts and the sound's frames to tone.ts.

import type * as Mediabunny from "mediabunny";
import { sampleRate, samplesPerFrame, toneConfig, toneFrames } from "./tone.ts";

/** High definition without these words is shown in slightly wrong colours. */
const colorSpace = { primaries: "bt709", transfer: "bt709", matrix: "bt709", fullRange: false } as const;

/** Type of the unit (H.264) from which decoding can begin. */
const idrSlice = 5;

/** Packets are copied, not encoded anew. */
export async function muxClip(encoded: Buffer, withAudio: boolean): Promise<Buffer> {
  const media = await import("mediabunny");
  const input = new media.Input({ formats: [media.MP4], source: new media.BufferSource(encoded) });
  const output = new media.Output({
    format: new media.Mp4OutputFormat({ fastStart: "in-memory" }),
    target: new media.BufferTarget(),
  });
  try {
    const track = await input.getPrimaryVideoTrack();
    const config = (await track?.getDecoderConfig()) ?? null;
    if (track === null || config === null) throw new Error("the encoder made no picture track");
    const pictures = new media.EncodedVideoPacketSource("avc");
    output.addVideoTrack(pictures);
    const sound = withAudio ? new media.EncodedAudioPacketSource("aac") : null;
    if (sound !== null) output.addAudioTrack(sound);
    await output.start();
    const pictureMeta = { decoderConfig: { ...config, colorSpace } };
    for await (const { data, timestamp, duration } of new media.EncodedPacketSink(track).packets()) {
      const type = isKeyFrame(data) ? "key" : "delta";
      await pictures.add(new media.EncodedPacket(data, type, timestamp, duration), pictureMeta);
    }
    pictures.close();
    if (sound !== null) await addTone(sound, await track.computeDuration(), media);
    await output.finalize();
    return Buffer.from(output.target.buffer ?? new ArrayBuffer());
  } finally {
    input.dispose();
  }
}

/** The encoder says of every frame that one can begin with it; players that believe it show nothing after a jump. */
function isKeyFrame(packet: Uint8Array): boolean {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  for (let at = 0; at + 5 <= bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    if (((bytes[at + 4] ?? 0) & 0x1f) === idrSlice) return true;
  }
  return false;
}

async function addTone(
  sound: Mediabunny.EncodedAudioPacketSource,
  seconds: number,
  { EncodedPacket }: Pick<typeof Mediabunny, "EncodedPacket">,
): Promise<void> {
  const decoderConfig = { codec: "mp4a.40.2", sampleRate, numberOfChannels: 1, description: toneConfig };
  for (const [index, frame] of toneFrames(seconds).entries()) {
    const beginning = (index * samplesPerFrame) / sampleRate;
    // Pictures and sound end together.
    const length = Math.min(samplesPerFrame / sampleRate, seconds - beginning);
    await sound.add(new EncodedPacket(frame, "key", beginning, length), { decoderConfig });
  }
}

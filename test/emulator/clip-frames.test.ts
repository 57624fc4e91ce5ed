// The emulator's clips looked at frame by frame with a decoder that knows nothing of the encoder.

import { BufferSource, EncodedPacketSink, Input, MP4 } from "mediabunny";
import sharp from "sharp";
import { expect, test } from "vitest";
import { createPainter } from "../../src/emulator/pictures/painter.ts";
import { makeClip } from "../../src/emulator/videos/clip-maker.ts";
import { findVideoModel } from "../../src/emulator/videos/video-models.ts";
import { decodeFrames } from "./decode-frames.ts";

const lookup = findVideoModel("veo-3.1-generate-001", "vertex", false);
if (lookup.found !== "video") throw new Error("the model is gone");
const { model } = lookup;

const plain = async (background: string) => ({
  mimeType: "image/png",
  bytes: await sharp({ create: { width: 64, height: 36, channels: 3, background } })
    .png()
    .toBuffer(),
});

test("the clip begins with the first frame and ends with the last one", async () => {
  const clip = await makeClip(
    {
      model,
      backend: "vertex",
      prompt: "from red to blue",
      size: { width: 1280, height: 720 },
      resolution: "720p",
      newSeconds: 4,
      givenSeconds: 0,
      framesPerSecond: 24,
      sampleCount: 1,
      withAudio: true,
      firstFrame: await plain("#ff0000"),
      lastFrame: await plain("#0000ff"),
      references: [],
      storageUri: null,
    },
    createPainter(),
  );
  const input = new Input({ formats: [MP4], source: new BufferSource(clip) });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error("there is no track");
  const packets = [];
  const keys = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    packets.push(packet.data);
    if (packet.type === "key") keys.push(packet.timestamp);
  }
  const config = await track.getDecoderConfig();
  const frames = await decodeFrames(config?.description, packets);
  expect(frames.count).toBe(96);
  // A player jumps to these.
  expect(keys).toEqual([0, 1, 2, 3]);
  // Brightness and colours of pure red and pure blue, narrow range.
  expect(frames.first).toEqual([near(63), near(102), near(240)]);
  expect(frames.last).toEqual([near(32), near(240), near(118)]);
}, 60_000);

test("sound is as long as the pictures, and is left out when nobody wants it", async () => {
  const order = {
    model,
    backend: "vertex",
    prompt: "a bell",
    size: { width: 320, height: 180 },
    resolution: "720p",
    newSeconds: 4,
    givenSeconds: 0,
    framesPerSecond: 24,
    sampleCount: 1,
    firstFrame: null,
    lastFrame: null,
    references: [],
    storageUri: null,
  } as const;
  const painter = createPainter();
  const open = async (withAudio: boolean): Promise<Input> => {
    const clip = await makeClip({ ...order, withAudio }, painter);
    return new Input({ formats: [MP4], source: new BufferSource(clip) });
  };
  const input = await open(true);
  const sound = await input.getPrimaryAudioTrack();
  expect(sound).toMatchObject({ codec: "aac", numberOfChannels: 1, sampleRate: 48_000 });
  expect([await sound?.computeDuration(), await input.computeDuration()]).toEqual([4, 4]);
  expect(await (await open(false)).getPrimaryAudioTrack()).toBeNull();
}, 30_000);

const near = (value: number): unknown => ({
  asymmetricMatch: (other: unknown) => typeof other === "number" && Math.abs(other - value) < 6,
});

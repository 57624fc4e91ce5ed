// JPEG: markers from SOI to EOI, the frame's size, the entropy-coded data scanned for its end. Source: ITU-T T.81, 1992.

import { createByteWindow } from "./byte-window.ts";
import type { StructureCheck } from "./structure.ts";

const MARK = 0xff;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP11 = 0xeb;
/** Markers without a length: restarts and TEM. */
const standsAlone = (marker: number): boolean => (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01;
/** Frame headers, all kinds but DHT, JPG and DAC, which share their range. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

type Stage = "start" | "mark" | "marker" | "length" | "segment" | "data" | "data-mark" | "done";

/** Bytes of a segment that are looked at: a frame's size, a C2PA box's name. */
const SEGMENT_HEAD = 64;

export function createJpegCheck(): StructureCheck {
  const window = createByteWindow(2);
  const segment = createByteWindow(SEGMENT_HEAD);
  let stage: Stage = "start";
  let damage: string | null = null;
  let marker = 0;
  let left = 0;
  let width = 0;
  let height = 0;
  let hasScan = false;
  let hasProvenance = false;
  let trailingBytes = 0;

  const endSegment = (): void => {
    if (isFrame(marker)) {
      if (segment.length < 6) damage ??= "its frame header is too short";
      else {
        height = segment.bytes.readUInt16BE(1);
        width = segment.bytes.readUInt16BE(3);
        if (width === 0 || height === 0) damage ??= "its header gives no size";
      }
    }
    if (marker === APP11 && segment.bytes.subarray(0, segment.length).includes("jumb")) hasProvenance = true;
    if (marker === SOS) {
      if (width === 0) damage ??= "picture data comes before its header";
      hasScan = true;
    }
    segment.clear();
    stage = marker === SOS ? "data" : "mark";
  };

  const readMarker = (value: number): void => {
    if (value === MARK) return;
    marker = value;
    if (marker === EOI) {
      if (!hasScan) damage ??= "it has no picture data";
      stage = "done";
    } else if (standsAlone(marker)) stage = "mark";
    else if (marker === 0x00 || marker === SOI) damage ??= "a marker is out of place";
    else stage = "length";
  };

  return {
    write(bytes) {
      let at = 0;
      while (at < bytes.length && damage === null) {
        switch (stage) {
          case "start":
            at += window.fill(bytes, at, 2);
            if (window.length < 2) return;
            window.clear();
            if (window.bytes[0] !== MARK || window.bytes[1] !== SOI) damage = "it does not begin like a JPEG";
            stage = "mark";
            break;
          case "mark":
            if (bytes[at] !== MARK) damage = "a marker is missing";
            at += 1;
            stage = "marker";
            break;
          case "marker":
            readMarker(bytes[at] ?? 0);
            at += 1;
            break;
          case "length":
            at += window.fill(bytes, at, 2);
            if (window.length < 2) return;
            window.clear();
            left = window.bytes.readUInt16BE(0) - 2;
            if (left < 0) damage = "a segment's length cannot be";
            else if (left === 0) endSegment();
            else stage = "segment";
            break;
          case "segment": {
            const end = Math.min(bytes.length, at + left);
            segment.fill(bytes.subarray(at, end), 0, SEGMENT_HEAD);
            left -= end - at;
            at = end;
            if (left === 0) endSegment();
            break;
          }
          case "data": {
            const mark = bytes.indexOf(MARK, at);
            if (mark === -1) return;
            at = mark + 1;
            stage = "data-mark";
            break;
          }
          case "data-mark": {
            const value = bytes[at] ?? 0;
            at += 1;
            // A stuffed zero or a restart: the data go on. A further 0xff is fill.
            if (value === 0x00 || standsAlone(value)) stage = "data";
            else readMarker(value);
            break;
          }
          case "done":
            trailingBytes += bytes.length - at;
            return;
        }
      }
    },
    end() {
      if (stage !== "done") damage ??= "it breaks off";
      return { width, height, damage, trailingBytes, hasProvenance };
    },
  };
}

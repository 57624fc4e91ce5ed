// The 175 files of Willem van Schaik's PngSuite (2017-07-19), written anew after its list of names: what each of them tries is
// the same, the pictures are not. 161 are right, the 14 that begin with x are wrong.

import { deflateSync } from "node:zlib";
import { chunk, type ColourType, ihdr, palette, type PngForm, scanLines, signature, writePng } from "./png-writer.ts";

export interface SuiteFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const letters: Readonly<Record<string, ColourType>> = { "0g": 0, "2c": 2, "3p": 3, "4a": 4, "6a": 6 };

/** The end of a name: interlaced or not, colour type, bit depth. */
function formOf(ending: string): PngForm {
  const match = /^([ni])(\d[gcpa])(\d\d)$/.exec(ending);
  const colour = letters[match?.[2] ?? ""];
  const depth = ([1, 2, 4, 8, 16] as const).find((bits) => bits === Number(match?.[3]));
  if (colour === undefined || depth === undefined) throw new Error(`${ending} is no ending of a name.`);
  return { colour, depth, interlaced: match?.[1] === "i" };
}

const uint32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
};
const uint16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
const text = (...parts: string[]): Buffer => Buffer.from(parts.join("\0"), "utf8");

const basic = [
  "0g01",
  "0g02",
  "0g04",
  "0g08",
  "0g16",
  "2c08",
  "2c16",
  "3p01",
  "3p02",
  "3p04",
  "3p08",
  "4a08",
  "4a16",
  "6a08",
  "6a16",
];
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 32, 33, 34, 35, 36, 37, 38, 39, 40];
const depthOfSize = (size: number): string => (size <= 4 ? "3p01" : size <= 6 ? "3p02" : size <= 9 ? "3p02" : "3p04");
const gammas: Readonly<Record<string, number>> = {
  g03: 35_000,
  g04: 45_000,
  g05: 55_000,
  g07: 70_000,
  g10: 100_000,
  g25: 250_000,
};

function addition(before: readonly Buffer[], after: readonly Buffer[] = []): Partial<PngForm> {
  return { before, after };
}

/** Beginning and ending of a name, and what the file has beside pixels. */
const special: readonly (readonly [begin: string, ending: string, more: Partial<PngForm>])[] = [
  ["bga", "i4a08", {}],
  ["bga", "i4a16", {}],
  ["bga", "n6a08", {}],
  ["bga", "n6a16", {}],
  ["bgb", "n4a08", addition([chunk("bKGD", uint16(0))])],
  ["bgg", "n4a16", addition([chunk("bKGD", uint16(43_908))])],
  ["bgw", "n6a08", addition([chunk("bKGD", uint16(255, 255, 255))])],
  ["bgy", "n6a16", addition([chunk("bKGD", uint16(65_535, 65_535, 0))])],
  ["tbb", "n0g04", addition([chunk("tRNS", uint16(15)), chunk("bKGD", uint16(0))])],
  ["tbb", "n2c16", addition([chunk("tRNS", uint16(65_535, 65_535, 65_535)), chunk("bKGD", uint16(0, 0, 65_535))])],
  ["tbb", "n3p08", addition([], [chunk("tRNS", [0, 128]), chunk("bKGD", [5])])],
  ["tbg", "n2c16", addition([chunk("tRNS", uint16(1, 2, 3)), chunk("bKGD", uint16(0, 65_535, 0))])],
  ["tbg", "n3p08", addition([], [chunk("tRNS", [0]), chunk("bKGD", [9])])],
  ["tbr", "n2c08", addition([chunk("tRNS", uint16(255, 255, 255)), chunk("bKGD", uint16(255, 0, 0))])],
  ["tbw", "n0g16", addition([chunk("tRNS", uint16(65_535)), chunk("bKGD", uint16(65_535))])],
  ["tbw", "n3p08", addition([], [chunk("tRNS", [0]), chunk("bKGD", [255])])],
  ["tby", "n3p08", addition([], [chunk("tRNS", [0]), chunk("bKGD", [77])])],
  ["tm3", "n3p02", addition([], [chunk("tRNS", [0, 85, 170])])],
  ["tp0", "n0g08", {}],
  ["tp0", "n2c08", {}],
  ["tp0", "n3p08", {}],
  ["tp1", "n3p08", addition([], [chunk("tRNS", [0])])],
  ["ccw", "n2c08", addition([chunk("cHRM", uint32(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000))])],
  ["ccw", "n3p08", addition([chunk("cHRM", uint32(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000))])],
  ["cdf", "n2c08", { width: 8, height: 32, ...addition([chunk("pHYs", [...uint32(1, 4), 0])]) }],
  ["cdh", "n2c08", { width: 32, height: 8, ...addition([chunk("pHYs", [...uint32(4, 1), 0])]) }],
  ["cds", "n2c08", { width: 8, height: 8, ...addition([chunk("pHYs", [...uint32(1, 1), 0])]) }],
  ["cdu", "n2c08", addition([chunk("pHYs", [...uint32(1000, 1000), 1])])],
  ["ch1", "n3p04", addition([], [chunk("hIST", uint16(...Array.from({ length: 16 }, () => 64)))])],
  ["ch2", "n3p08", addition([], [chunk("hIST", uint16(...Array.from({ length: 256 }, () => 4)))])],
  ["cm0", "n0g04", addition([chunk("tIME", [...uint16(2000), 1, 1, 12, 34, 56])])],
  ["cm7", "n0g04", addition([chunk("tIME", [...uint16(1970), 1, 1, 0, 0, 0])])],
  ["cm9", "n0g04", addition([chunk("tIME", [...uint16(1999), 12, 31, 23, 59, 59])])],
  ["cs3", "n2c16", addition([chunk("sBIT", [13, 13, 13])])],
  ["cs3", "n3p08", addition([chunk("sBIT", [3, 3, 3])])],
  ["cs5", "n2c08", addition([chunk("sBIT", [5, 5, 5])])],
  ["cs5", "n3p08", addition([chunk("sBIT", [5, 5, 5])])],
  ["cs8", "n2c08", addition([chunk("sBIT", [8, 8, 8])])],
  ["cs8", "n3p08", addition([chunk("sBIT", [8, 8, 8])])],
  ["ct0", "n0g04", {}],
  ["ct1", "n0g04", addition([chunk("tEXt", text("Title", "PngSuite"))])],
  ["cte", "n0g04", addition([chunk("iTXt", text("Title", "\0\0en", "Title", "a title"))])],
  ["ctf", "n0g04", addition([chunk("iTXt", text("Title", "\0\0fi", "Otsikko", "otsikko"))])],
  ["ctg", "n0g04", addition([chunk("iTXt", text("Title", "\0\0el", "Τίτλος", "τίτλος"))])],
  ["cth", "n0g04", addition([chunk("iTXt", text("Title", "\0\0hi", "शीर्षक", "शीर्षक"))])],
  ["ctj", "n0g04", addition([chunk("iTXt", text("Title", "\0\0ja", "題名", "題名"))])],
  ["ctz", "n0g04", addition([chunk("zTXt", Buffer.concat([text("Title", "\0"), deflateSync(text("PngSuite"))]))])],
  ["exi", "n2c08", addition([], [chunk("eXIf", Buffer.from("MM\0*\0\0\0\x08\0\0\0\0\0\0", "latin1"))])],
  ["pp0", "n2c16", addition([chunk("PLTE", palette(8).subarray(0, 648))])],
  ["pp0", "n6a08", addition([chunk("PLTE", palette(8).subarray(0, 648))])],
  ["ps1", "n0g08", addition([chunk("sPLT", Buffer.concat([text("six-cube", "\x08"), Buffer.alloc(60)]))])],
  ["ps1", "n2c16", addition([chunk("sPLT", Buffer.concat([text("six-cube", "\x08"), Buffer.alloc(60)]))])],
  ["ps2", "n0g08", addition([chunk("sPLT", Buffer.concat([text("six-cube", "\x10"), Buffer.alloc(100)]))])],
  ["ps2", "n2c16", addition([chunk("sPLT", Buffer.concat([text("six-cube", "\x10"), Buffer.alloc(100)]))])],
  ...[0, 1, 2, 3, 4].flatMap((filter) =>
    ["n0g08", "n2c08"].map((ending) => [`f0${filter}`, ending, { filter }] as const),
  ),
  ["f99", "n0g04", { filter: 99 }],
  ...[1, 2, 4, 0].flatMap((pieces) =>
    ["n0g16", "n2c16"].map((ending) => [`oi${pieces === 0 ? 9 : pieces}`, ending, { pieces }] as const),
  ),
  ...[0, 3, 6, 9].map((level) => [`z0${level}`, "n2c08", { level }] as const),
  ...Object.entries(gammas).flatMap(([name, gamma]) =>
    ["n0g16", "n2c08", "n3p04"].map((ending) => [name, ending, addition([chunk("gAMA", uint32(gamma))])] as const),
  ),
];

export const soundFiles: readonly SuiteFile[] = [
  ...["n", "i"].flatMap((interlacing) =>
    basic.map((ending) => ({ name: `bas${interlacing}${ending}`, bytes: writePng(formOf(`${interlacing}${ending}`)) })),
  ),
  ...["n", "i"].flatMap((interlacing) =>
    sizes.map((size) => {
      const ending = `${interlacing}${depthOfSize(size)}`;
      const bytes = writePng({ ...formOf(ending), width: size, height: size });
      return { name: `s${String(size).padStart(2, "0")}${ending}`, bytes };
    }),
  ),
  ...special.map(([begin, ending, more]) => ({
    name: begin + ending,
    bytes: writePng({ ...formOf(ending), ...more }),
  })),
];

const grey = writePng(formOf("n0g04"));
const body = grey.subarray(8);
const end = chunk("IEND");

/** A picture whose header says a depth or colour type that does not exist; its pixels are sound. */
function wrongHeader(depth: number, colour: number): Buffer {
  const lines = deflateSync(scanLines({ colour: 2, depth: 8 }));
  return Buffer.concat([signature, chunk("IHDR", ihdr(32, 32, depth, colour)), chunk("IDAT", lines), end]);
}

function withSignature(...bytes: number[]): Buffer {
  return Buffer.concat([Buffer.from(bytes), body]);
}

export const corruptFiles: readonly SuiteFile[] = [
  { name: "xs1n0g01", bytes: withSignature(0x88, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { name: "xs2n0g01", bytes: withSignature(0x89, 0x51, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { name: "xs4n0g01", bytes: withSignature(0x89, 0x50, 0x4e, 0x48, 0x0d, 0x0a, 0x1a, 0x0a) },
  { name: "xs7n0g01", bytes: withSignature(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1b, 0x0a) },
  { name: "xcrn0g04", bytes: withSignature(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0d, 0x1a, 0x0d) },
  { name: "xlfn0g04", bytes: withSignature(0x89, 0x50, 0x4e, 0x47, 0x0a, 0x0a, 0x1a, 0x0a) },
  {
    name: "xhdn0g08",
    bytes: Buffer.concat([
      signature,
      chunk("IHDR", ihdr(32, 32, 8, 0), 1),
      chunk("IDAT", deflateSync(scanLines({ colour: 0, depth: 8 }))),
      end,
    ]),
  },
  { name: "xc1n0g08", bytes: wrongHeader(8, 1) },
  { name: "xc9n2c08", bytes: wrongHeader(8, 9) },
  { name: "xd0n2c08", bytes: wrongHeader(0, 2) },
  { name: "xd3n2c08", bytes: wrongHeader(3, 2) },
  { name: "xd9n2c08", bytes: wrongHeader(99, 2) },
  { name: "xdtn0g01", bytes: Buffer.concat([signature, chunk("IHDR", ihdr(32, 32, 1, 0)), end]) },
  {
    name: "xcsn0g01",
    bytes: Buffer.concat([
      signature,
      chunk("IHDR", ihdr(32, 32, 1, 0)),
      chunk("IDAT", deflateSync(scanLines({ colour: 0, depth: 1 })), 1),
      end,
    ]),
  },
];

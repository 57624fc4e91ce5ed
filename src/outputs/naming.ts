// Where pictures go and what they are called, from what the caller said. Looks at the disk only through `isFolder`.

import { basename, dirname, extname, join, resolve } from "node:path";
import { pictureFormats } from "../core/finishing.ts";
import { nearest } from "../core/nearest.ts";
import type { OutputTarget, PictureFormat } from "../core/plan.ts";
import type { Problem } from "../core/tool-error.ts";

const DEFAULT_FOLDER = "generated_images";

/** Formats by the extensions that name them. */
const extensions: Readonly<Record<string, PictureFormat>> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".webp": "webp",
};
/** What a file is called when its bytes decide. */
export const usualExtension: Readonly<Record<PictureFormat, string>> = { png: ".png", jpeg: ".jpg", webp: ".webp" };

/** Longest file name in bytes on the usual file systems. */
const LONGEST_NAME = 255;
/** Room for a number, the longest extension and `.json`. */
const NAME_RESERVE = 12;
// Device names of Windows, with or without an extension. Source: learn.microsoft.com, "Naming Files", 2026.
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?$/i;

export interface OutputWish {
  /** What the caller said: a file, a folder, or nothing. */
  readonly output: string | undefined;
  /** A format in so many words, for when no file name decides. */
  readonly format?: PictureFormat | undefined;
  /** 1 to 100, for JPEG and WebP. */
  readonly quality?: number | undefined;
  /** The picture will have transparent parts, which JPEG cannot hold: without another word it is a PNG. */
  readonly needsAlpha?: boolean;
  readonly count: number;
  /** Absolute; where relative names begin. */
  readonly workingDirectory: string;
  readonly nowMs: number;
  readonly isFolder: (path: string) => boolean;
  readonly isWindows: boolean;
}

/** The target, and what is wrong with the wish. */
export function planOutput(wish: OutputWish): { readonly target: OutputTarget; readonly problems: readonly Problem[] } {
  const place = planPlace(wish);
  const problems = [...place.problems];
  const named = place.target.format;
  if (named !== null && wish.format !== undefined && named !== wish.format) {
    problems.push(contradiction(wish.output ?? "", place.target, wish.format));
  }
  const format = named ?? wish.format ?? (wish.needsAlpha === true ? "png" : null);
  const target = { ...place.target, format, ...(wish.quality === undefined ? {} : { quality: wish.quality }) };
  return { target, problems: [...problems, ...checkFormat(wish, format, place.problems.length > 0)] };
}

function planPlace(wish: OutputWish): { readonly target: OutputTarget; readonly problems: readonly Problem[] } {
  const stem = `image_${timestamp(wish.nowMs)}`;
  const folder = (directory: string): OutputTarget => ({
    directory,
    stem,
    format: null,
    extension: null,
    numbered: true,
  });
  const { output, workingDirectory } = wish;
  if (output === undefined) return { target: folder(join(workingDirectory, DEFAULT_FOLDER)), problems: [] };
  const problems = checkName(output, wish);
  const path = resolve(workingDirectory, output);
  const extension = extname(output);
  if (/[/\\]$/.test(output) || extension === "" || wish.isFolder(path)) return { target: folder(path), problems };
  const format = extensions[extension.toLowerCase()];
  if (format === undefined) problems.push(unknownExtension(output, extension));
  return {
    target: {
      directory: dirname(path),
      stem: basename(path, extension),
      format: format ?? null,
      extension,
      numbered: wish.count > 1,
    },
    problems,
  };
}

function contradiction(output: string, { stem, extension }: OutputTarget, format: PictureFormat): Problem {
  const name = `${stem}${usualExtension[format]}`;
  return {
    code: "value-not-allowed",
    field: "--format",
    message: `--format says ${format}, but the file's name ends in ${extension}: leave one of them out.`,
    given: format,
    suggestion: output.endsWith(`${stem}${extension}`)
      ? output.slice(0, output.length - stem.length - (extension ?? "").length) + name
      : name,
  };
}

function checkFormat(wish: OutputWish, format: PictureFormat | null, hasBadName: boolean): Problem[] {
  const problems: Problem[] = [];
  const { quality } = wish;
  if (wish.format !== undefined && !pictureFormats.includes(wish.format)) {
    problems.push({
      code: "value-not-allowed",
      field: "--format",
      message: "Pictures are not written in this format.",
      given: wish.format,
      allowed: pictureFormats,
    });
  }
  if (quality !== undefined && !(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    problems.push({
      code: "value-not-allowed",
      field: "--quality",
      message: "The quality is a whole number from 1 to 100.",
      given: String(quality),
      ...(Number.isFinite(quality) ? { suggestion: String(Math.min(100, Math.max(1, Math.round(quality)))) } : {}),
    });
  }
  // A name that is wrong already may have been meant as anything.
  if (quality !== undefined && !hasBadName && format !== "jpeg" && format !== "webp") {
    problems.push({
      code: "value-not-allowed",
      field: "--quality",
      message:
        format === "png"
          ? "PNG loses nothing and has no quality to choose."
          : "A quality needs a format that has one: add --format jpeg or --format webp, or a file name that says so.",
      given: String(quality),
      allowed: ["--format jpeg", "--format webp"],
    });
  }
  if (wish.needsAlpha === true && format === "jpeg") {
    problems.push({
      code: "value-not-allowed",
      field: "--transparent",
      message: "JPEG cannot hold transparent parts.",
      given: "jpeg",
      allowed: ["png", "webp"],
      suggestion: "png",
    });
  }
  return problems;
}

/**
 * Names for picture `index`, the wanted one first; endless for numbered names, one for a named file.
 * A number whose record `isTaken` is passed over: picture and record share it.
 */
export function* pictureNames(
  target: OutputTarget,
  index: number,
  format: PictureFormat,
  isTaken: (path: string) => boolean,
): Generator<string> {
  const extension = target.extension ?? usualExtension[format];
  if (!target.numbered) {
    yield join(target.directory, `${target.stem}${extension}`);
    return;
  }
  for (let number = index; ; number += 1) {
    const path = join(target.directory, `${target.stem}_${number}${extension}`);
    if (!isTaken(metadataName(path))) yield path;
  }
}

/** The metadata file that belongs to a picture: its name with `.json` for the extension. */
export function metadataName(picturePath: string): string {
  return join(dirname(picturePath), `${basename(picturePath, extname(picturePath))}.json`);
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `20260121_140000`, local time. */
export function timestamp(nowMs: number): string {
  const now = new Date(nowMs);
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

export function checkName(output: string, wish: Pick<OutputWish, "isWindows">): Problem[] {
  const name = basename(output);
  const wrong = (message: string): Problem[] => [
    { code: "value-not-allowed", field: "--output", message, given: output.slice(0, 300) },
  ];
  if (output.trim() === "") return wrong("The output's name is empty.");
  if (output.trim() === "-") {
    return wrong("Pictures are not written to standard output, only to files; a folder called - is ./-/");
  }
  if (/^~[/\\]/.test(output)) {
    return wrong("~ was not turned into your home folder, because it stands in quotes; a folder called ~ is ./~/");
  }
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(output))
    return wrong("The output's name holds control characters.");
  if (Buffer.byteLength(name) > LONGEST_NAME - NAME_RESERVE) {
    return wrong(
      `The file name has ${Buffer.byteLength(name)} bytes; at most ${LONGEST_NAME - NAME_RESERVE} can be used.`,
    );
  }
  if (wish.isWindows && (RESERVED.test(name) || /[. ]$/.test(name) || /[<>:"|?*]/.test(name))) {
    return wrong(`Windows cannot keep a file with the name ${name}.`);
  }
  return [];
}

function unknownExtension(output: string, extension: string): Problem {
  const allowed = [".png", ".jpg", ".webp"];
  const [suggestion] = nearest(extension.toLowerCase(), allowed, 1);
  return {
    code: "value-not-allowed",
    field: "--output",
    message: `Pictures are not written as ${extension}; a folder's name needs a / at its end.`,
    given: output,
    allowed,
    ...(suggestion === undefined ? {} : { suggestion: output.slice(0, -extension.length) + suggestion }),
  };
}

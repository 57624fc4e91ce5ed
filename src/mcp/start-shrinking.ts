// Starts the process that shrinks pictures: no shell, paths over its standard input, a time limit.

import { execFile } from "node:child_process";
import { asArray, asText } from "../core/json-field.ts";
import type { Shrink } from "./thumbnail.ts";

const LONGEST_MS = 20_000;
const MOST_OUTPUT_BYTES = 1_000_000;

/** `file`: the program. Rejects when it fails or takes too long. */
export function startShrinking(file: string): Shrink {
  return async (paths, longestBase64) =>
    await new Promise((resolve, reject) => {
      const limits = { timeout: LONGEST_MS, maxBuffer: MOST_OUTPUT_BYTES, windowsHide: true };
      const child = execFile(process.execPath, [file], limits, (error, stdout) => {
        if (error) reject(error);
        else resolve(readAnswer(stdout));
      });
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(JSON.stringify({ paths, longestBase64 }));
    });
}

function readAnswer(stdout: string): (string | null)[] {
  const answer: unknown = JSON.parse(stdout);
  return asArray(answer).map(asText);
}

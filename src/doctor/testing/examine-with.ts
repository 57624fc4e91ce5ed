// Doctor run on connections to one emulator, or to any server of a test's own.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { Secret } from "../../core/secret.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/index.ts";
import type { ImageGenOptions } from "../../generate/options.ts";
import { type Check, type DoctorOptions, type DoctorReport, examine } from "../index.ts";

/** A new folder of the test file's own, removed at its end. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "image-gen-doctor-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An emulator for a test file; its planned faults end with each test. */
export async function openEmulator(options?: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options);
  afterEach(() => emulator.clearFaults());
  afterAll(() => emulator.close());
  return emulator;
}

export type Examine = (
  options: Partial<ImageGenOptions>,
  more?: Partial<Pick<DoctorOptions, "others" | "model" | "signal">>,
) => Promise<DoctorReport>;

/** Doctor with every endpoint at this emulator. */
export function examinerOf({ url }: Pick<Emulator, "url">, folder: string): Examine {
  const baseUrls = {
    cliproxyapi: `${url}/cliproxyapi`,
    generativelanguage: `${url}/generativelanguage.googleapis.com`,
    aiplatform: `${url}/aiplatform.googleapis.com`,
    "cloudcode-pa": `${url}/cloudcode-pa.googleapis.com`,
  };
  const places = { workingDirectory: folder, stateDirectory: folder };
  const nothingElse = { gcloudFolder: null, metadataHost: null };
  return async (options, more = {}) => {
    const credentials = { ...nothingElse, ...options.credentials };
    return await examine({
      options: { auth: "api-key", baseUrls, ...places, ...options, credentials },
      others: [],
      files: null,
      ...more,
    });
  };
}

export const secret = (text: string): Secret => new Secret(text, "TEST_VARIABLE");

/** Writes a credentials file and gives its path. */
export function writeKeyFile(folder: string, content: object): string {
  const path = join(folder, "key.json");
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
  return path;
}

/** All failed checks, in the order of the report. */
export function failures({ connections }: DoctorReport): Check[] {
  return connections.flatMap(({ checks }) => checks.filter(({ status }) => status === "failed"));
}

/** The checks of the chosen connection as `name: status`. */
export function statuses({ connections: [chosen] }: DoctorReport): string[] {
  return chosen?.checks.map(({ name, status }) => `${name}: ${status}`) ?? [];
}

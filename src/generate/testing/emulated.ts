// The library in front of an emulator of its own: real HTTP on loopback, a folder of its own, no waiting.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { Secret } from "../../core/secret.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/index.ts";
import { createImpatientClock } from "../../transport/testing/impatient-clock.ts";
import { createImageGen, type ImageGen } from "../create-image-gen.ts";
import type { ImageGenOptions } from "../options.ts";

export interface Emulated {
  readonly emulator: () => Emulator;
  /** Working folder of the running test, empty at its beginning. */
  readonly folder: () => string;
  /** Names in the working folder, in order. */
  readonly files: () => string[];
  /** What the library is opened with. */
  readonly settings: (options?: Partial<ImageGenOptions>) => ImageGenOptions;
  /** The library; by default with the emulator's Gemini API key on its generativelanguage. */
  readonly open: (options?: Partial<ImageGenOptions>) => ImageGen;
}

/** Call at the top of a test file. */
export function useEmulator(emulatorOptions: EmulatorOptions = {}): Emulated {
  const scratch = mkdtempSync(join(tmpdir(), "image-gen-library-"));
  let emulator: Emulator;
  let folder: string;
  beforeAll(async () => {
    emulator = await startEmulator(emulatorOptions);
  });
  beforeEach(() => {
    emulator.clearFaults();
    emulator.clearRequests();
    folder = mkdtempSync(join(scratch, "run-"));
  });
  afterAll(async () => {
    await emulator.close();
    rmSync(scratch, { recursive: true, force: true });
  });
  return {
    emulator: () => emulator,
    folder: () => folder,
    files: () => readdirSync(folder).toSorted(),
    settings,
    open: (options = {}) => createImageGen(settings(options)),
  };

  function settings(options: Partial<ImageGenOptions> = {}): ImageGenOptions {
    return {
      auth: "api-key",
      credentials: secretsOf(emulator),
      baseUrls: {
        cliproxyapi: `${emulator.url}/cliproxyapi`,
        generativelanguage: `${emulator.url}/generativelanguage.googleapis.com`,
        aiplatform: `${emulator.url}/aiplatform.googleapis.com`,
        "cloudcode-pa": `${emulator.url}/cloudcode-pa.googleapis.com`,
      },
      workingDirectory: folder,
      stateDirectory: `${folder}-state`,
      clock: createImpatientClock(),
      ...options,
    };
  }
}

const secret = (text: string): Secret => new Secret(text, "the test");

function secretsOf({ credentials }: Emulator): NonNullable<ImageGenOptions["credentials"]> {
  return {
    proxyKey: secret(credentials.proxyKey),
    apiKey: secret(credentials.apiKey),
    vertexKey: secret(credentials.vertexKey),
    accessToken: secret(credentials.accessToken),
    gcloudFolder: null,
    metadataHost: null,
  };
}

// What every service of one emulator shares: credentials, painter, time, settings. No state beyond one emulator.

import type { AnswerTools } from "../answer.ts";
import type { FileStore } from "../files/file-store.ts";
import type { EmulatorClock } from "../clock.ts";
import type { EmulatorCredentials, ServiceAccountSigner } from "../issued-credentials.ts";
import type { LatencySetting } from "../latency.ts";
import type { OperationShelf } from "../videos/operation-shelf.ts";

/** Shared by the services of one emulator. */
export interface ServiceContext extends AnswerTools {
  readonly credentials: EmulatorCredentials;
  readonly signer: ServiceAccountSigner;
  readonly clock: EmulatorClock;
  readonly latency: LatencySetting;
  /** Ids that CLIProxyAPI offers. */
  readonly proxyModels: readonly string[];
  /** "open": any or no key; "key": one is needed everywhere; "auto": open at the root, needed under /cliproxyapi/. */
  readonly proxyAccess: "auto" | "open" | "key";
  /** Long-running operations. */
  readonly operations: OperationShelf;
  /** Video models that Google has shut down answer as they did before. */
  readonly servesRetired: boolean;
  /** Users that have been through onboarding, by their token. */
  readonly onboarding: Map<string, number>;
  /** What was uploaded to the Gemini API. */
  readonly files: FileStore;
  /** 1, 2, 3 … */
  nextSerial(): number;
}

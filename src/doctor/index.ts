// Doctor: which connection can make a picture, by asking each one that has a credential. Costs nothing.

import { errorTable } from "../core/error-table.ts";
import type { AuthMethod } from "../core/route.ts";
import type { ImageGenOptions } from "../generate/options.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import { createTransport } from "../transport/send.ts";
import { systemClock } from "../transport/system-clock.ts";
import { checkFiles, type FilesToCheck } from "./check-files.ts";
import { examineConnection, type Tools } from "./examine-connection.ts";
import type { DoctorReport } from "./report.ts";

export type { Check, ConnectionReport, DoctorReport } from "./report.ts";

export interface DoctorOptions {
  /** The connection that `generate` would use, with every credential that was found. */
  readonly options: ImageGenOptions;
  /** Further ways of signing in to look at. */
  readonly others: readonly AuthMethod[];
  /** `null`: do not look, for a rehearsal. */
  readonly files: FilesToCheck | null;
}

/** Asks all connections at the same time. Never throws for what it finds. */
export async function examine({ options, others, files }: DoctorOptions): Promise<DoctorReport> {
  const clock = options.clock ?? systemClock;
  const tools: Tools = {
    clock,
    catalogue: createCatalogue(options.models),
    transport: createTransport({ clock, ...(options.proxies ? { proxies: options.proxies } : {}) }),
  };
  const { endpoint: _chosenEndpoint, ...withoutEndpoint } = options;
  const connections = await Promise.all([
    examineConnection(options, true, tools),
    ...others
      .filter((auth) => auth !== options.auth)
      .map((auth) => examineConnection({ ...withoutEndpoint, auth }, false, tools)),
  ]);
  const broken = connections[0]?.checks.find(({ status }) => status === "failed");
  return {
    version: 1,
    status: broken ? "error" : "ok",
    exitCode: broken ? errorTable[broken.code ?? "internal"].exit : 0,
    connections,
    surroundings: files === null ? [] : checkFiles(files),
  };
}

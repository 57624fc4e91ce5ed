// Doctor: which connection can make a picture, by asking each one that has a credential. Costs nothing.

import type { AuthMethod } from "../core/route.ts";
import { ToolError } from "../core/tool-error.ts";
import type { ImageGenOptions } from "../generate/options.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import { createTransport } from "../transport/send.ts";
import { systemClock } from "../transport/system-clock.ts";
import { exitCodeOf } from "./check-failure.ts";
import { checkFiles, type FilesToCheck } from "./check-files.ts";
import { checkHttpProxies } from "./check-http-proxies.ts";
import { examineConnection, type Tools } from "./examine-connection.ts";
import type { DoctorReport } from "./report.ts";

export type { FilesToCheck } from "./check-files.ts";
export type { Check, CheckStatus, ConnectionReport, DoctorReport } from "./report.ts";

export interface DoctorOptions {
  /** The connection that `generate` would use, with every credential that was found. */
  readonly options: ImageGenOptions;
  /** Further ways of signing in to look at. */
  readonly others: readonly AuthMethod[];
  /** Model that is wanted. Default: the catalogue's. */
  readonly model?: string;
  /** `null`: do not look, for a rehearsal. */
  readonly files: FilesToCheck | null;
  readonly signal?: AbortSignal;
}

/**
 * Asks all connections at the same time; what is wrong with them is in the report.
 *
 * @throws ToolError `interrupted` when the signal is aborted, `config-invalid` for a models file that cannot be used.
 */
export async function examine({ options, others, model, files, signal }: DoctorOptions): Promise<DoctorReport> {
  const clock = options.clock ?? systemClock;
  const { proxies = {} } = options;
  const tools: Tools = {
    clock,
    catalogue: createCatalogue(options.models),
    transport: createTransport({ clock, proxies }),
    signal,
    model,
  };
  const { endpoint: _chosenEndpoint, ...withoutEndpoint } = options;
  const [chosen, ...further] = await Promise.all([
    examineConnection(options, true, tools),
    ...others
      .filter((auth) => auth !== options.auth)
      .map((auth) => examineConnection({ ...withoutEndpoint, auth }, false, tools)),
  ]);
  if (signal?.aborted) throw new ToolError("interrupted", { billed: "no", nextStep: "Run doctor again." });
  const broken = chosen.checks.find(({ status }) => status === "failed");
  return {
    version: 1,
    status: broken ? "error" : "ok",
    exitCode: broken ? exitCodeOf(broken) : 0,
    chosen: { auth: chosen.auth, endpoint: chosen.endpoint, usable: chosen.usable },
    connections: [chosen, ...further],
    surroundings: files === null ? [] : [...checkFiles(files), ...checkHttpProxies(proxies)],
  };
}

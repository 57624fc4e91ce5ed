// The agents' desk from the settings of this command line.

import { dirname } from "node:path";
import type { ImageGenOptions } from "../../generate/options.ts";
import type { Desk } from "../../mcp/desk.ts";
import { findFolders } from "../../settings/folders.ts";
import type { Context } from "../context.ts";
import type { Drawing } from "./drawing-library.ts";
import type { Engine } from "./engine.ts";
import type { CommandInput } from "../handler.ts";
import { problemsFailure } from "../reports/problems-failure.ts";
import { requestOf } from "../request/request-of.ts";
import { redactorOf } from "./settings-redactor.ts";

export interface OpenDesk {
  readonly desk: Desk;
  close(): Promise<void>;
}

const MICRO = 1_000_000;

/** Not before the host is answered. */
const loadLibrary = () => import("./desk-library.ts");

export function openDesk(input: CommandInput, context: Context): OpenDesk {
  const { settings, invocation } = input;
  const { mcpFolders, mcpUrlHosts, mcpConfirmAboveUsd, maxCostUsd } = settings.values;
  const { configFile, stateDirectory } = findFolders(context.environment, context.workingDirectory);
  const { prompt: _none, ...defaults } = requestOf("", settings.values);
  let engine: Promise<Engine> | null = null;
  const open = () => {
    engine ??= openHere(input, context).catch((error: unknown) => {
      // The next call may find the mistake mended.
      engine = null;
      throw error;
    });
    return engine;
  };
  /** What budgets for a run sum over: everything that this server draws. */
  let serverRun: string | null = null;
  /** Opened for each call: budgets and prices that the person changes hold from the next call on. */
  const openDrawing = async (
    references: NonNullable<ImageGenOptions["references"]>,
    run: string,
  ): Promise<Drawing | null> => {
    const { openBudgets, openDetached } = await loadLibrary();
    const [problem, ...problems] = openBudgets(context).problems;
    if (problem) throw problemsFailure([problem, ...problems]);
    return openDetached(input, context, { run, references })?.imageGen ?? null;
  };
  const desk: Desk = {
    version: context.version,
    clock: context.clock,
    every: (intervalMs, tick) => context.every(intervalMs, tick),
    workingDirectory: context.workingDirectory,
    rehearsal: invocation.switches.has("rehearse"),
    policy: {
      folders: mcpFolders,
      urlHosts: mcpUrlHosts,
      closedFolders: [dirname(configFile), stateDirectory],
      confirmAboveMicroUsd: mcpConfirmAboveUsd === null ? null : Math.round(mcpConfirmAboveUsd * MICRO),
      maxCostUsd,
    },
    defaults,
    redact: redactorOf(settings),
    tell: (line) => context.stderr.write(`${line}\n`),
    abandonment: context.abandonment,
    library: async (references) => {
      const { options } = await open();
      const { createImageGen } = await import("../../generate/index.ts");
      serverRun ??= (await loadLibrary()).ulid(context.clock.now());
      const run = serverRun;
      const here = createImageGen({ ...options, references, run });
      return {
        plan: async (request) => await here.plan(request),
        generate: async (request, more) => {
          try {
            return await ((await openDrawing(references, run)) ?? here).generate(request, more);
          } finally {
            here.close();
          }
        },
      };
    },
    videoLibrary: async (folders) => {
      const { openAgentsVideo, openBudgets, ulid } = await loadLibrary();
      serverRun ??= ulid(context.clock.now());
      const [problem, ...problems] = openBudgets(context).problems;
      if (problem) throw problemsFailure([problem, ...problems]);
      const video = await openAgentsVideo(input, context, { folders, run: serverRun });
      await keepMemorySmall();
      return video;
    },
    shrink: context.shrink ?? (() => Promise.resolve([])),
    recover: async () => await (await loadLibrary()).recoverLeftovers(context),
    catalogue: async () => (await loadLibrary()).openCatalogue(context),
    endpoint: async () => (await loadLibrary()).endpointOf(input, context),
    examine: async (signal) => await (await loadLibrary()).examineConnections(await open(), input, context, signal),
    withLedger: async (look) => {
      const { recoverBeforeShowing, withLedgerView } = await loadLibrary();
      await recoverBeforeShowing(context);
      return await withLedgerView(context, look);
    },
    spend: async (by) => await (await loadLibrary()).spendDocument(by, context),
  };
  return {
    desk,
    close: async () => {
      await (await engine)?.close();
    },
  };
}

/**
 * Lets young memory grow slowly from here on: the server lives as long as its host, and 20 MiB are not worth the time they
 * save. Measured with Node 20, 2026-11: 128 MiB at the peak of one 4K call became 106. Not before the host is answered, and
 * not before the built files are loaded: V8 takes no code cache that was made with other flags.
 */
async function keepMemorySmall(): Promise<void> {
  // Loaded here: `initialize` is to be answered at once.
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
}

async function openHere(input: CommandInput, context: Context): Promise<Engine> {
  const engine = await (await loadLibrary()).openEngine(input, context);
  await keepMemorySmall();
  return engine;
}

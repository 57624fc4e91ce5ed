// Starts an emulator: one HTTP server on loopback, its own log, plan and credentials; no state outside.
// Leaves deciding to dispatch.ts and writing to delivery.ts.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type EmulatorClock, systemClock } from "./clock.ts";
import type { RootService } from "./dispatch.ts";
import { type ExchangeTools, serveExchange } from "./exchange.ts";
import { createFaultPlan, type FaultReport, type PlannedFault } from "./faults/fault-plan.ts";
import { readPlannedFaults } from "./faults/fault-reading.ts";
import { type EmulatorCredentials, issueCredentials } from "./issued-credentials.ts";
import { asJson } from "./json.ts";
import type { LatencySetting } from "./latency.ts";
import { createFileStore } from "./files/file-store.ts";
import { createPainter } from "./pictures/painter.ts";
import { type Bill, createRequestLog, type LoggedRequest } from "./request-log.ts";
import { defaultProxyModels } from "./services/cliproxyapi.ts";
import type { ServiceContext } from "./services/service-context.ts";
import { createOperationShelf } from "./videos/operation-shelf.ts";

/** How an emulator is to be. All fields have defaults. */
export interface EmulatorOptions {
  /** TCP port; 0 (default) takes a free one. */
  readonly port?: number;
  /** Only loopback is served. */
  readonly host?: "127.0.0.1";
  /** Time that the models take: "none" (default), "measured" as the real ones, or milliseconds. */
  readonly latency?: LatencySetting;
  /** True: faults come only from the plan, never from words in a prompt or a header. Default false. */
  readonly rehearsal?: boolean;
  /** Source of time; default the machine's clock. */
  readonly clock?: EmulatorClock;
  /** Who answers `/v1beta/models…` at the root; default "auto": told by the credential. */
  readonly rootService?: RootService;
  /** Model ids that CLIProxyAPI offers; default as with one Antigravity login. */
  readonly proxyModels?: readonly string[];
  /** Whether CLIProxyAPI wants its key; default "auto": open at the root, a key needed under `/cliproxyapi/`. */
  readonly proxyAccess?: "auto" | "open" | "key";
  /** True: video models that Google has shut down answer as they did before. Default false. */
  readonly servesRetired?: boolean;
  /** True: the log keeps request bodies and headers (credentials taken out). Default false. */
  readonly keepBodies?: boolean;
}

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:<port>`, without a final slash. */
  readonly url: string;
  readonly credentials: EmulatorCredentials;
  /** Adds planned faults. Throws a TypeError that names every mistake in them. */
  plan(faults: readonly PlannedFault[]): void;
  /** Which planned faults were met and which are still waiting. */
  faults(): FaultReport;
  clearFaults(): void;
  /** Everything that arrived, oldest first. */
  requests(): readonly LoggedRequest[];
  /** What it would cost. */
  bill(): Bill;
  clearRequests(): void;
  /** Stops at once; open connections are destroyed. */
  close(): Promise<void>;
}

/** Starts an emulator. Rejects when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? systemClock;
  const plan = createFaultPlan();
  const log = createRequestLog();
  const stopping = new AbortController();
  const server = createServer({ requestTimeout: 0, maxHeaderSize: 65_536 });
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the emulator has no TCP address");
  const url = `http://127.0.0.1:${address.port}`;
  const { credentials, signer } = issueCredentials(url);
  let serial = 0;
  const nextSerial = (): number => {
    serial += 1;
    return serial;
  };
  const context: ServiceContext = {
    credentials,
    signer,
    clock,
    painter: createPainter(),
    latency: options.latency ?? "none",
    proxyModels: options.proxyModels ?? defaultProxyModels,
    proxyAccess: options.proxyAccess ?? "auto",
    operations: createOperationShelf(),
    servesRetired: options.servesRetired === true,
    onboarding: new Map(),
    files: createFileStore(nextSerial),
    nextSerial,
    responseId: () => `emulated-${clock.nowMs().toString(36)}-${nextSerial()}`,
  };
  const tools: ExchangeTools = {
    context,
    plan,
    log,
    rootService: options.rootService ?? "auto",
    takesFaultsFromCallers: options.rehearsal !== true,
    keepsBodies: options.keepBodies === true,
  };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    response.on("close", leave);
    stopping.signal.addEventListener("abort", leave);
    void serveExchange(request, response, tools, gone.signal)
      .catch(() => response.destroy())
      .finally(() => stopping.signal.removeEventListener("abort", leave));
  });

  return {
    url,
    credentials,
    plan: (faults) => {
      const { problems } = readPlannedFaults(asJson(faults));
      if (problems.length > 0) throw new TypeError(`the plan was not taken: ${problems.join("; ")}`);
      plan.add(faults);
    },
    faults: () => plan.report(),
    clearFaults: () => plan.clear(),
    requests: () => log.requests(),
    bill: () => log.bill(),
    clearRequests: () => log.clear(),
    close: () =>
      new Promise((resolve) => {
        stopping.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

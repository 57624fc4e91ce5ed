// The emulator's door: Google's image endpoints and CLIProxyAPI, rebuilt for rehearsals and tests.
// Shares no code with the rest of the product. Users' page: docs/emulator.md.

export type { EmulatorClock } from "./clock.ts";
export type { RootService } from "./dispatch.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";
export type { FaultAction } from "./faults/fault-actions.ts";
export type { FaultMatch, FaultReport, PlannedFault } from "./faults/fault-plan.ts";
export type { EmulatorCredentials } from "./issued-credentials.ts";
export type { LatencySetting } from "./latency.ts";
export type { Bill, LoggedRequest } from "./request-log.ts";

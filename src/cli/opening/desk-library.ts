// What the agents' desk needs once a tool is called. A built file of its own, so that starting the server does not even read it.

export { openEngine, openDetached } from "./engine.ts";
export { endpointOf } from "./endpoint-of.ts";
export { examineConnections } from "./examine-connections.ts";
export { openBudgets } from "./own-budgets.ts";
export { withLedgerView } from "./own-ledger.ts";
export { openCatalogue } from "./own-models.ts";
export { recoverBeforeShowing, recoverLeftovers } from "./recover-leftovers.ts";
export { spendDocument } from "../spend/show-spend.ts";
export { openAgentsVideo } from "./video-engine.ts";
export { ulid } from "ulid";

// Planned faults and their accounts: which were asked for, which were met, which are still waiting.
// Leaves reading instructions to fault-reading.ts and carrying them out to the answering rooms.

import type { FaultAction } from "./fault-actions.ts";

/** Which calls an instruction is for. Absent fields match everything; an absent `rpc` matches the calls that make pictures or start a clip. */
export interface FaultMatch {
  /** "generativelanguage", "aiplatform", "cloudcode-pa", "cliproxyapi", "oauth2", "sts", "iamcredentials", "metadata". */
  readonly service?: string;
  /** "generateContent", "streamGenerateContent", "listModels", "getModel", "countTokens", "uploadFile", "getFile", "loadCodeAssist", "token", …; "*" for any. */
  readonly rpc?: string;
  readonly model?: string;
  /** Part of the path. */
  readonly path?: string;
}

/** One instruction: what goes wrong, for which calls, how often. */
export interface PlannedFault {
  readonly match?: FaultMatch;
  /** How many calls meet it; 1 when absent. */
  readonly times?: number;
  /** How many matching calls pass unharmed before; 0 when absent. */
  readonly skip?: number;
  readonly action: FaultAction | readonly FaultAction[];
}

/** What became of the plan. */
export interface FaultReport {
  /** Calls that met a planned fault. */
  readonly met: number;
  /** Calls that must still come before the plan is done. */
  readonly remaining: number;
  readonly instructions: readonly { readonly fault: PlannedFault; readonly met: number; readonly remaining: number }[];
}

/** What is known of a call when faults are chosen. */
interface CallForFaults {
  readonly service: string | null;
  readonly rpc: string | null;
  readonly model: string | null;
  readonly path: string;
}

/** The plan of one emulator. */
export interface FaultPlan {
  add(faults: readonly PlannedFault[]): void;
  clear(): void;
  /** The actions for this call, counted as met; an empty list for none. `accept` may leave an instruction for later. */
  take(call: CallForFaults, accept?: (actions: readonly FaultAction[]) => boolean): readonly FaultAction[];
  report(): FaultReport;
}

/** An empty plan. */
export function createFaultPlan(): FaultPlan {
  let rows: { fault: PlannedFault; passed: number; met: number }[] = [];
  const remainingOf = (row: (typeof rows)[number]): number => Math.max(0, (row.fault.times ?? 1) - row.met);
  return {
    add: (faults) => {
      rows = [...rows, ...faults.map((fault) => ({ fault, passed: 0, met: 0 }))];
    },
    clear: () => {
      rows = [];
    },
    take: (call, accept = () => true) => {
      for (const row of rows) {
        if (remainingOf(row) === 0 || !matches(row.fault.match ?? {}, call)) continue;
        const actions = actionsOf(row.fault);
        if (!accept(actions)) continue;
        if (row.passed < (row.fault.skip ?? 0)) {
          row.passed += 1;
          continue;
        }
        row.met += 1;
        return actions;
      }
      return [];
    },
    report: () => {
      const instructions = rows.map((row) => ({ fault: row.fault, met: row.met, remaining: remainingOf(row) }));
      return {
        met: instructions.reduce((sum, row) => sum + row.met, 0),
        remaining: instructions.reduce((sum, row) => sum + row.remaining, 0),
        instructions,
      };
    },
  };
}

/** The actions of an instruction as a list. */
function actionsOf(fault: PlannedFault): readonly FaultAction[] {
  return isList(fault.action) ? fault.action : [fault.action];
}

function isList(action: PlannedFault["action"]): action is readonly FaultAction[] {
  return Array.isArray(action);
}

const makers: ReadonlySet<string> = new Set([
  "generateContent",
  "streamGenerateContent",
  "predict",
  "predictLongRunning",
  "createInteraction",
]);

/** True for the calls that make pictures or start a clip, which an instruction without `rpc` is for. */
export function makesPictures(rpc: string | null): boolean {
  return rpc !== null && makers.has(rpc);
}

function matches(match: FaultMatch, call: CallForFaults): boolean {
  if (match.service !== undefined && match.service !== call.service) return false;
  if (match.rpc === undefined ? !makesPictures(call.rpc) : match.rpc !== "*" && match.rpc !== call.rpc) return false;
  if (match.model !== undefined && match.model !== call.model) return false;
  return match.path === undefined || call.path.includes(match.path);
}

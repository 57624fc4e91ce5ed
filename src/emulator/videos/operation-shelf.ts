// The long-running operations and interactions of one emulator: what was ordered, when it is ready, how it ends. Clips are made when they are
// first asked for and then kept. Leaves their answers to video-service.ts.

import type { JsonObject } from "../json.ts";
import type { FaultAction } from "../faults/fault-actions.ts";
import type { VideoOrder } from "./video-rules.ts";

/** How an operation ends when somebody has planned it. */
export type OperationFault = Extract<FaultAction, { type: "operation" }>;

/** One operation. */
export interface VideoOperation {
  /** As the answer names it. */
  readonly name: string;
  readonly id: string;
  readonly order: VideoOrder;
  readonly startedMs: number;
  readonly readyMs: number;
  readonly fault: OperationFault | null;
  /** Interactions alone. */
  readonly interaction?: InteractionState;
}

/** What an interaction has beside an operation. */
export interface InteractionState {
  readonly delivery: "inline" | "uri";
  /** As it is in the answer; null: the answer counts nothing. */
  readonly usage: JsonObject | null;
  isCancelled: boolean;
}

/** Operations and their clips. */
export interface OperationShelf {
  add(operation: VideoOperation): void;
  find(name: string): VideoOperation | undefined;
  delete(id: string): void;
  /** By the id of the operation, which is the id of its file too. */
  findById(id: string): VideoOperation | undefined;
  /** The clip, made by `make` the first time. */
  clip(operation: VideoOperation, make: () => Promise<Buffer>): Promise<Buffer>;
}

/** An empty shelf. */
export function createOperationShelf(): OperationShelf {
  const operations = new Map<string, VideoOperation>();
  const clips = new Map<string, Promise<Buffer>>();
  return {
    add: (operation) => void operations.set(operation.id, operation),
    delete: (id) => void operations.delete(id),
    find: (name) => [...operations.values()].find((operation) => operation.name === name),
    findById: (id) => operations.get(id),
    clip: (operation, make) => {
      const known = clips.get(operation.id);
      if (known !== undefined) return known;
      const making = make();
      clips.set(operation.id, making);
      making.catch(() => clips.delete(operation.id));
      return making;
    },
  };
}

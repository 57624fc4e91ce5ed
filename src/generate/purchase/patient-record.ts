// A step that the ledger must take after money was spent: tried for a while when the ledger is locked, and never an error. What
// could not be recorded becomes a warning.

import type { Clock } from "../../core/clock.ts";
import { isToolError } from "../../core/tool-error.ts";

/** How often a locked ledger is asked again, a second apart: it must not cost what is paid its record. */
const MOST_PATIENCE = 60;

/** Resolves with whether the step was taken. */
export type PatientRecord = (step: () => unknown) => Promise<boolean>;

export function createPatientRecord(clock: Clock, warnings: string[]): PatientRecord {
  return async (step) => {
    for (let tries = 0; ; tries += 1) {
      try {
        step();
        return true;
      } catch (error) {
        if (isToolError(error) && error.code === "ledger-locked" && tries < MOST_PATIENCE) {
          await clock.sleep(1_000);
          continue;
        }
        const why = error instanceof Error ? error.message : String(error);
        warnings.push(
          `The ledger could not be written after the call, and its hold stays until it is recovered: ${why}`,
        );
        return false;
      }
    }
  };
}

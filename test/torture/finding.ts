// Finding: what a check says when it is done. Plain data, so that a table, a test and a report read the same.

export interface Finding {
  readonly name: string;
  /** What must hold, in words. */
  readonly target: string;
  /** What was seen, in words and numbers. */
  readonly measured: string;
  /** How many cases were looked at; a check of none has proved nothing. */
  readonly checked: number;
  /** One line for each violation; with the number of its case, which together with the seed plays it again. */
  readonly bad: readonly string[];
}

/** A check that looked at nothing has not passed. */
export function passed(finding: Finding): boolean {
  return finding.checked > 0 && finding.bad.length === 0;
}

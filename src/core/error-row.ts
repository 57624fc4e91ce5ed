// What a row of the error table says.

/** Exit statuses of the commands, equal in the shell, in JSON and over MCP (design §5). */
export type ExitCode = 0 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 130 | 143;

/** Whether the provider may have charged for it. */
export type Billed = "no" | "maybe" | "yes";

export interface ErrorRow {
  readonly exit: ExitCode;
  readonly billed: Billed;
  /** True when the same request may simply be made again, now or after `retryAfterSeconds`. */
  readonly retryable: boolean;
  readonly cause: string;
  readonly nextStep: string;
}

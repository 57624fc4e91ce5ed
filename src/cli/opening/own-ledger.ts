// The user's own ledger, for commands that look at it or mend it.

import { findFolders } from "../../settings/folders.ts";
import { ledgerDirectory } from "../../spend/ledger/ledger-files.ts";
import { type LedgerView, viewLedger } from "../../spend/ledger/view.ts";
import type { Context } from "../context.ts";

/** Absolute path of its folder. */
export function ownLedgerDirectory({ environment, workingDirectory }: Context): string {
  return ledgerDirectory(findFolders(environment, workingDirectory).stateDirectory);
}

/** Looks at the ledger, or at an empty one where there is none, and closes it. */
export async function withLedgerView<Result>(context: Context, look: (view: LedgerView) => Result): Promise<Result> {
  const view = await viewLedger({ directory: ownLedgerDirectory(context), clock: context.clock });
  try {
    return look(view);
  } finally {
    view.close();
  }
}

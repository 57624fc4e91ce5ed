// Migrate: a ledger brought to the newest schema. Each step is one transaction; a ledger that is newer than this program is
// left alone.

import { ToolError } from "../../core/tool-error.ts";
import type { Database } from "./database.ts";
import { damaged } from "./failures.ts";
import { readMeta, writeMeta } from "./meta.ts";
import { APPLICATION_ID, migrations, schemaText } from "./schema.ts";

/**
 * Brings the database to the newest schema. Each step is one transaction, so that a crash leaves the one before.
 * Throws `ledger-newer` for a ledger from the future and `ledger-damaged` for a database that is not a ledger.
 */
export function migrate(database: Database, list: readonly string[] = migrations): void {
  checkApplication(database, list.length);
  for (const [index, script] of list.entries()) {
    if (schemaVersion(database) > index) continue;
    database.immediate(() => {
      // Another process may have been quicker while this one waited for the lock.
      if (schemaVersion(database) > index) return;
      // Read first: a ledger whose rules were tampered with must not be sealed anew.
      const meta = isInUse(database) ? readMeta(database) : null;
      database.script(script);
      if (meta !== null) writeMeta(database, meta);
      database.script(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${index + 1};`);
    });
  }
}

function checkApplication(database: Database, newest: number): void {
  const version = schemaVersion(database);
  const application = database.get<{ application_id: number }>("PRAGMA application_id")?.application_id;
  if (version === 0 && application === 0 && schemaText(database) === "") return;
  if (application !== APPLICATION_ID) throw damaged("the file is not a ledger of image-gen");
  if (version <= newest) return;
  throw new ToolError("ledger-newer", {
    message: `The ledger has schema ${version}, and this version of image-gen knows schema ${newest}.`,
  });
}

/** The seal of the first row is over the rules too, so it must follow them. */
function isInUse(database: Database): boolean {
  const hasMeta = database.get("SELECT name FROM sqlite_schema WHERE name = 'meta'") !== undefined;
  return hasMeta && database.get("SELECT only FROM meta") !== undefined;
}

function schemaVersion(database: Database): number {
  return database.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
}

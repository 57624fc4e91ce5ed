// Schema: the tables, and the rules that no program can get round because SQLite itself keeps them, step by step. How a
// ledger is brought to the newest step is migrate.ts' business; what the columns mean is told by records.ts.

import { createHash } from "node:crypto";
import type { Database } from "./database.ts";
import { callStates, followingStates, holdingStates } from "./states.ts";

/** "IMGL": tells our file from any other SQLite database. */
export const APPLICATION_ID = 0x494d474c;

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(", ");
const steps = callStates.flatMap((from) => followingStates[from].map((to) => `${from}>${to}`));

const first = `
CREATE TABLE meta (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  created_at_ms INTEGER NOT NULL,
  clock_high_ms INTEGER NOT NULL,
  day_high TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  chain_hash TEXT NOT NULL,
  mirror_bytes INTEGER NOT NULL,
  importing INTEGER NOT NULL CHECK (importing IN (0, 1)),
  seal TEXT NOT NULL
) STRICT;

CREATE TABLE operations (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  started_at_ms INTEGER NOT NULL,
  day TEXT NOT NULL,
  run TEXT NOT NULL,
  project TEXT NOT NULL,
  model TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  auth TEXT NOT NULL,
  rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
  metered INTEGER NOT NULL CHECK (metered IN (0, 1)),
  fingerprint TEXT NOT NULL,
  idempotency_key TEXT,
  prompt TEXT NOT NULL CHECK (json_valid(prompt)),
  intent TEXT NOT NULL CHECK (json_valid(intent)),
  delivered_at_ms INTEGER
) STRICT;
CREATE INDEX operations_undelivered ON operations (fingerprint, rehearsal) WHERE delivered_at_ms IS NULL;

CREATE TABLE calls (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  operation TEXT NOT NULL REFERENCES operations (id),
  image INTEGER NOT NULL CHECK (image >= 0),
  state TEXT NOT NULL CHECK (state IN (${quoted(callStates)})),
  owner TEXT NOT NULL,
  day TEXT NOT NULL,
  run TEXT NOT NULL,
  project TEXT NOT NULL,
  model TEXT NOT NULL,
  counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
  hold_micro_usd INTEGER NOT NULL CHECK (hold_micro_usd >= 0 AND (counts = 1 OR hold_micro_usd = 0)),
  estimate_micro_usd INTEGER NOT NULL CHECK (estimate_micro_usd >= 0),
  actual_micro_usd INTEGER CHECK (actual_micro_usd >= 0),
  list_price_micro_usd INTEGER CHECK (list_price_micro_usd >= 0),
  basis TEXT,
  usage TEXT CHECK (usage IS NULL OR json_valid(usage)),
  model_version TEXT,
  response_id TEXT,
  spool_path TEXT,
  picture_path TEXT,
  picture_sha256 TEXT,
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  paid INTEGER CHECK (paid IN (0, 1)),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  reserved_at_ms INTEGER NOT NULL,
  sent_at_ms INTEGER,
  answered_at_ms INTEGER,
  ended_at_ms INTEGER,
  counted INTEGER NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN counts = 0 THEN 0
      WHEN state IN (${quoted(holdingStates)}) THEN hold_micro_usd
      WHEN state = 'captured' THEN coalesce(actual_micro_usd, hold_micro_usd)
      WHEN state = 'settled' AND paid = 1 THEN coalesce(actual_micro_usd, hold_micro_usd)
      ELSE 0
    END
  ) STORED,
  UNIQUE (operation, image),
  CHECK ((state = 'settled') = (paid IS NOT NULL)),
  CHECK (state <> 'captured' OR basis IS NOT NULL),
  CHECK ((picture_path IS NULL) = (picture_sha256 IS NULL))
) STRICT;
CREATE INDEX calls_by_day ON calls (day, project, model, counted) WHERE counts = 1;
CREATE INDEX calls_by_run ON calls (run, project, model, counted) WHERE counts = 1;
CREATE INDEX calls_by_project ON calls (project, model, counted) WHERE counts = 1;
CREATE INDEX calls_open ON calls (state, owner) WHERE state IN (${quoted(holdingStates)});

CREATE TABLE attempts (
  call TEXT NOT NULL REFERENCES calls (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  at_ms INTEGER NOT NULL,
  error TEXT NOT NULL CHECK (json_valid(error)),
  PRIMARY KEY (call, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
  key TEXT PRIMARY KEY,
  operation TEXT NOT NULL REFERENCES operations (id),
  fingerprint TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE totals (
  day TEXT NOT NULL,
  project TEXT NOT NULL,
  model TEXT NOT NULL,
  run TEXT NOT NULL,
  counted INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (day, project, model, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX totals_by_run ON totals (run, project, model, counted, calls);

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY,
  offset INTEGER NOT NULL,
  line TEXT NOT NULL
) STRICT;

CREATE TABLE gates (
  endpoint TEXT NOT NULL,
  credential TEXT NOT NULL,
  model TEXT NOT NULL,
  set_at_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  PRIMARY KEY (endpoint, credential, model)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER calls_start_reserved BEFORE INSERT ON calls
WHEN NEW.state <> 'reserved' AND (SELECT importing FROM meta) = 0
BEGIN SELECT raise(ABORT, 'a call starts as reserved'); END;

CREATE TRIGGER calls_follow_their_states BEFORE UPDATE ON calls
WHEN OLD.state <> NEW.state AND (SELECT importing FROM meta) = 0 AND OLD.state || '>' || NEW.state NOT IN (${quoted(steps)})
BEGIN SELECT raise(ABORT, 'this state may not follow that one'); END;

CREATE TRIGGER calls_keep_what_was_agreed BEFORE UPDATE ON calls
WHEN NEW.ordinal <> OLD.ordinal OR NEW.id <> OLD.id OR NEW.operation <> OLD.operation OR NEW.image <> OLD.image
  OR NEW.day <> OLD.day OR NEW.run <> OLD.run OR NEW.project <> OLD.project OR NEW.model <> OLD.model
  OR NEW.counts <> OLD.counts OR NEW.hold_micro_usd <> OLD.hold_micro_usd OR NEW.estimate_micro_usd <> OLD.estimate_micro_usd
BEGIN SELECT raise(ABORT, 'what was reserved does not change'); END;

CREATE TRIGGER calls_end_for_good BEFORE UPDATE ON calls
WHEN OLD.state = NEW.state AND OLD.state IN ('captured', 'rejected', 'released', 'settled')
BEGIN SELECT raise(ABORT, 'a call that has ended does not change'); END;

CREATE TRIGGER calls_count_when_added AFTER INSERT ON calls WHEN NEW.counts = 1
BEGIN
  INSERT INTO totals (day, project, model, run, counted, calls)
  VALUES (NEW.day, NEW.project, NEW.model, NEW.run, NEW.counted, 1)
  ON CONFLICT DO UPDATE SET counted = counted + excluded.counted, calls = calls + 1;
END;

CREATE TRIGGER calls_count_when_changed AFTER UPDATE ON calls WHEN NEW.counted <> OLD.counted
BEGIN
  UPDATE totals SET counted = counted + NEW.counted - OLD.counted
  WHERE day = NEW.day AND project = NEW.project AND model = NEW.model AND run = NEW.run;
END;

CREATE TRIGGER operations_keep_what_was_asked BEFORE UPDATE OF
  ordinal, id, started_at_ms, day, run, project, model, endpoint, auth, rehearsal, metered, fingerprint, idempotency_key, prompt, intent
ON operations BEGIN SELECT raise(ABORT, 'what was asked for does not change'); END;

CREATE TRIGGER operations_stay BEFORE DELETE ON operations BEGIN SELECT raise(ABORT, 'the ledger forgets nothing'); END;
CREATE TRIGGER calls_stay BEFORE DELETE ON calls BEGIN SELECT raise(ABORT, 'the ledger forgets nothing'); END;
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN SELECT raise(ABORT, 'the ledger forgets nothing'); END;
CREATE TRIGGER keys_stay BEFORE DELETE ON keys BEGIN SELECT raise(ABORT, 'the ledger forgets nothing'); END;
`;

/** Never edit a migration that was released; add one. */
/**
 * The provider's own name of a long-running call: with it the result can be asked for by anybody, whatever became of the
 * process that began it. It is written once, while the call is on its way.
 */
const second = `
ALTER TABLE calls ADD COLUMN handle TEXT;

CREATE TRIGGER calls_keep_their_handle BEFORE UPDATE ON calls
WHEN OLD.handle IS NOT NULL AND NEW.handle IS NOT OLD.handle
BEGIN SELECT raise(ABORT, 'the handle of a call does not change'); END;

CREATE TRIGGER calls_get_their_handle_while_sent BEFORE UPDATE ON calls
WHEN OLD.handle IS NULL AND NEW.handle IS NOT NULL AND NEW.state <> 'sent' AND (SELECT importing FROM meta) = 0
BEGIN SELECT raise(ABORT, 'only a call that is on its way has a handle to record'); END;
`;

export const migrations: readonly string[] = [first, second];

export function schemaText(database: Database): string {
  return database
    .all<{ sql: string | null }>("SELECT sql FROM sqlite_schema ORDER BY type, name")
    .map(({ sql }) => sql ?? "")
    .join("\n");
}

/** Hash over the text of all tables, indexes and triggers: a rule that a flipped bit has changed is no rule. */
export function schemaHash(database: Database): string {
  return createHash("sha256").update(schemaText(database)).digest("hex");
}

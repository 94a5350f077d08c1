//! The schema, as a list of migrations. A database's `user_version` says how many of them it has seen.

/// Marks the file as ours (`IVRT`), so that another program's database is never taken for one.
pub(super) const APPLICATION_ID: i32 = 0x4956_5254;

/// Each entry takes a database from the version of its place to the next. Entries are never changed once released.
pub(super) const MIGRATIONS: &[&str] = &[FIRST];

/// `ready` is 1 only for a queued job that is due: scheduled and waiting jobs stay out of the index that leases read.
/// `jobs_text` finds the jobs that contain a text by its runs of three characters.
/// The counts by state are kept by triggers, so that reading them does not depend on how many jobs there are.
/// Instants are microseconds since the Unix epoch.
const FIRST: &str = "
CREATE TABLE jobs (
  seq              INTEGER PRIMARY KEY,
  job_id           TEXT    NOT NULL UNIQUE,
  idempotency_key  TEXT    NOT NULL,
  trigger_source   TEXT    NOT NULL,
  campaign_id      TEXT    NOT NULL,
  account_ref      TEXT    NOT NULL,
  priority         INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  scheduled_for    INTEGER,
  state            TEXT    NOT NULL CHECK (state IN ('queued', 'leased', 'running', 'succeeded', 'failed',
                                                     'waiting_retry', 'dead_letter', 'canceled')),
  ready            INTEGER NOT NULL CHECK (ready = 0 OR (ready = 1 AND state = 'queued')),
  due_at           INTEGER NOT NULL,
  next_attempt_at  INTEGER,
  fence            INTEGER NOT NULL DEFAULT 0,
  lease_owner      TEXT    CHECK ((lease_owner IS NOT NULL) = (state IN ('leased', 'running'))),
  lease_expires_at INTEGER CHECK ((lease_expires_at IS NOT NULL) = (state IN ('leased', 'running'))),
  attempts         INTEGER NOT NULL DEFAULT 0,
  earlier_rounds   INTEGER NOT NULL DEFAULT 0,
  failure_reason   TEXT,
  search           TEXT    NOT NULL,
  payload          TEXT    NOT NULL,
  policy           TEXT    NOT NULL,
  retry_policy     TEXT    NOT NULL
) STRICT;
CREATE INDEX jobs_ready    ON jobs (priority, seq) WHERE ready = 1;
CREATE INDEX jobs_waiting  ON jobs (due_at) WHERE ready = 0 AND state IN ('queued', 'waiting_retry');
CREATE INDEX jobs_held     ON jobs (lease_expires_at) WHERE state IN ('leased', 'running');
CREATE INDEX jobs_in_order ON jobs (priority, seq);
CREATE INDEX jobs_by_state ON jobs (state, priority, seq);
CREATE INDEX jobs_by_campaign ON jobs (campaign_id, priority, seq);
CREATE INDEX jobs_by_account  ON jobs (account_ref, seq);
CREATE INDEX jobs_by_due      ON jobs (due_at, seq);
CREATE VIRTUAL TABLE jobs_text USING fts5 (search, content = '', contentless_delete = 1, detail = none,
  tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER jobs_found_in AFTER INSERT ON jobs
  BEGIN INSERT INTO jobs_text (rowid, search) VALUES (NEW.seq, NEW.search); END;
CREATE TRIGGER jobs_found_out AFTER DELETE ON jobs
  BEGIN DELETE FROM jobs_text WHERE rowid = OLD.seq; END;
CREATE UNIQUE INDEX jobs_once_scheduled ON jobs (campaign_id, account_ref, scheduled_for)
  WHERE scheduled_for IS NOT NULL;
CREATE UNIQUE INDEX jobs_once_unscheduled ON jobs (campaign_id, account_ref)
  WHERE scheduled_for IS NULL AND state NOT IN ('succeeded', 'dead_letter', 'canceled');

CREATE TABLE attempts (
  job_seq        INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
  attempt_number INTEGER NOT NULL,
  account_ref    TEXT    NOT NULL,
  started_at     INTEGER NOT NULL,
  ended_at       INTEGER,
  outcome_code   TEXT,
  error_code     TEXT,
  call_id        TEXT,
  dialed         INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (job_seq, attempt_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_open ON attempts (account_ref, started_at) WHERE ended_at IS NULL;

CREATE TABLE attempt_events (
  seq           INTEGER PRIMARY KEY,
  account_ref   TEXT    NOT NULL,
  recorded_at   INTEGER NOT NULL,
  job_id        TEXT    NOT NULL,
  call_id       TEXT,
  decision_code TEXT    NOT NULL,
  rule_id       TEXT    NOT NULL,
  counts        INTEGER NOT NULL CHECK (counts IN (0, 1))
) STRICT;
CREATE INDEX attempt_events_by_account ON attempt_events (account_ref, seq);
CREATE INDEX attempt_events_counted ON attempt_events (account_ref, recorded_at) WHERE counts = 1;
CREATE TRIGGER attempt_events_stay BEFORE UPDATE ON attempt_events
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER attempt_events_remain BEFORE DELETE ON attempt_events
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE suppressions (
  account_ref TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (account_ref, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE state_counts (
  state TEXT    PRIMARY KEY,
  jobs  INTEGER NOT NULL CHECK (jobs >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO state_counts VALUES ('queued', 0), ('leased', 0), ('running', 0), ('succeeded', 0), ('failed', 0),
  ('waiting_retry', 0), ('dead_letter', 0), ('canceled', 0);
CREATE TRIGGER jobs_counted_in AFTER INSERT ON jobs
  BEGIN UPDATE state_counts SET jobs = jobs + 1 WHERE state = NEW.state; END;
CREATE TRIGGER jobs_counted_on AFTER UPDATE OF state ON jobs WHEN OLD.state <> NEW.state
  BEGIN
    UPDATE state_counts SET jobs = jobs - 1 WHERE state = OLD.state;
    UPDATE state_counts SET jobs = jobs + 1 WHERE state = NEW.state;
  END;
CREATE TRIGGER jobs_counted_out AFTER DELETE ON jobs
  BEGIN UPDATE state_counts SET jobs = jobs - 1 WHERE state = OLD.state; END;
";

#include "store/schema/migrations.hpp"

namespace tradeassist::store {
namespace {

constexpr Migration kSteps[] = {
    {1, "jobs",
     R"(
CREATE TABLE job (
  sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id           TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  state            TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  phase            TEXT    NOT NULL DEFAULT '',
  progress         REAL    NOT NULL DEFAULT 0,
  detail           TEXT    NOT NULL DEFAULT '',
  request          TEXT    NOT NULL,
  result           TEXT    NOT NULL DEFAULT '',
  checkpoint       TEXT    NOT NULL DEFAULT '',
  error            TEXT    NOT NULL DEFAULT '',
  note             TEXT    NOT NULL DEFAULT '',
  attempts         INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  started_at       INTEGER,
  finished_at      INTEGER
);
CREATE INDEX job_by_state ON job (state, sequence);
)",
     R"(
DROP TABLE job;
)",
     "all jobs and their results"},
    {2, "durable jobs",
     R"(
-- A job that runs is leased: lease_owner has it until lease_until by the database's clock, and fence counts how often it
-- was taken. rank orders what waits: created_at less ten minutes for each priority, the lowest first.
-- SQLite cannot change a constraint, so there the table is made anew.
/*sqlite ALTER TABLE job RENAME TO job_before;
CREATE TABLE job (
  sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id           TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  state            TEXT    NOT NULL
    CHECK (state IN ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  phase            TEXT    NOT NULL DEFAULT '',
  progress         REAL    NOT NULL DEFAULT 0,
  detail           TEXT    NOT NULL DEFAULT '',
  request          TEXT    NOT NULL,
  result           TEXT    NOT NULL DEFAULT '',
  checkpoint       TEXT    NOT NULL DEFAULT '',
  error            TEXT    NOT NULL DEFAULT '',
  note             TEXT    NOT NULL DEFAULT '',
  attempts         INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  started_at       INTEGER,
  finished_at      INTEGER,
  priority         INTEGER NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 3),
  rank             INTEGER NOT NULL DEFAULT 0,
  not_before       INTEGER NOT NULL DEFAULT 0,
  pause_requested  INTEGER NOT NULL DEFAULT 0,
  dead_letter      INTEGER NOT NULL DEFAULT 0,
  retry_of         TEXT    NOT NULL DEFAULT '',
  lease_owner      TEXT    NOT NULL DEFAULT '',
  lease_until      INTEGER NOT NULL DEFAULT 0,
  fence            INTEGER NOT NULL DEFAULT 0
);
INSERT INTO job (sequence, job_id, kind, state, phase, progress, detail, request, result, checkpoint, error, note,
                 attempts, cancel_requested, created_at, started_at, finished_at)
  SELECT sequence, job_id, kind, state, phase, progress, detail, request, result, checkpoint, error, note, attempts,
         cancel_requested, created_at, started_at, finished_at FROM job_before;
DROP TABLE job_before;
CREATE INDEX job_by_state ON job (state, sequence);*/
/*postgres ALTER TABLE job DROP CONSTRAINT job_state_check;
ALTER TABLE job ADD CONSTRAINT job_state_check
  CHECK (state IN ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled'));
ALTER TABLE job
  ADD COLUMN priority INTEGER NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 3),
  ADD COLUMN rank INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN pause_requested INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN dead_letter INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN retry_of TEXT NOT NULL DEFAULT '',
  ADD COLUMN lease_owner TEXT NOT NULL DEFAULT '',
  ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;*/
UPDATE job SET rank = created_at - 600000000000;
CREATE INDEX job_by_rank ON job (state, rank, sequence);

CREATE TABLE job_log (
  job_id TEXT NOT NULL REFERENCES job (job_id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
  text TEXT NOT NULL,
  PRIMARY KEY (job_id, line)
) STRICT, WITHOUT ROWID;

-- Who submits twice with one key gets one job.
CREATE TABLE job_key (
  submit_key TEXT NOT NULL PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES job (job_id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX job_key_by_job ON job_key (job_id);
)",
     R"(
DROP TABLE job_key;
DROP TABLE job_log;
DROP INDEX job_by_rank;
/*sqlite ALTER TABLE job RENAME TO job_before;
CREATE TABLE job (
  sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id           TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  state            TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  phase            TEXT    NOT NULL DEFAULT '',
  progress         REAL    NOT NULL DEFAULT 0,
  detail           TEXT    NOT NULL DEFAULT '',
  request          TEXT    NOT NULL,
  result           TEXT    NOT NULL DEFAULT '',
  checkpoint       TEXT    NOT NULL DEFAULT '',
  error            TEXT    NOT NULL DEFAULT '',
  note             TEXT    NOT NULL DEFAULT '',
  attempts         INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  started_at       INTEGER,
  finished_at      INTEGER
);
INSERT INTO job SELECT sequence, job_id, kind, CASE state WHEN 'paused' THEN 'queued' ELSE state END, phase, progress,
    detail, request, result, checkpoint, error, note, attempts, cancel_requested, created_at, started_at, finished_at
  FROM job_before;
DROP TABLE job_before;
CREATE INDEX job_by_state ON job (state, sequence);*/
/*postgres UPDATE job SET state = 'queued' WHERE state = 'paused';
ALTER TABLE job DROP CONSTRAINT job_state_check;
ALTER TABLE job ADD CONSTRAINT job_state_check
  CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled'));
ALTER TABLE job DROP COLUMN priority, DROP COLUMN rank, DROP COLUMN not_before, DROP COLUMN pause_requested,
  DROP COLUMN dead_letter, DROP COLUMN retry_of, DROP COLUMN lease_owner, DROP COLUMN lease_until, DROP COLUMN fence;*/
)",
     "the logs and priorities of jobs; paused ones wait again"},
    {3, "schedules of jobs",
     R"(
-- next_at is when a job is submitted next; last_at and last_job_id tell of the one before.
CREATE TABLE job_schedule (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  cron TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  kind TEXT NOT NULL,
  request TEXT NOT NULL,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
  is_enabled INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  last_at INTEGER,
  last_job_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
)",
     R"(
DROP TABLE job_schedule;
)",
     "schedules of jobs"},
    {4, "workers",
     R"(
-- A part of a job that runs, for a worker to do. It belongs to one taking of the job, by its fence, and is void with
-- that. A worker has it until lease_until by the database's clock; fence counts how often it was taken, takings those
-- that did not end in order.
CREATE TABLE job_batch (
  id INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES job (job_id) ON DELETE CASCADE,
  job_fence INTEGER NOT NULL,
  version TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'done', 'returned')),
  task TEXT NOT NULL,
  result TEXT NOT NULL DEFAULT '',
  worker TEXT NOT NULL DEFAULT '',
  lease_until INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  takings INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX job_batch_by_job ON job_batch (job_id, job_fence);
CREATE INDEX job_batch_by_worker ON job_batch (worker);

CREATE TABLE job_worker (
  name TEXT NOT NULL PRIMARY KEY,
  host TEXT NOT NULL,
  version TEXT NOT NULL,
  threads INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  batches INTEGER NOT NULL DEFAULT 0,
  trials INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
)",
     R"(
DROP TABLE job_worker;
DROP TABLE job_batch;
)",
     "what workers have in work; the servers of its jobs do it themselves"},
    {5, "long texts of jobs",
     R"(
-- Apart from the job: SQLite reads through a long text to what stands behind it in a row. The columns stay, empty.
CREATE TABLE job_result (
  job_id TEXT NOT NULL PRIMARY KEY REFERENCES job (job_id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE job_checkpoint (
  job_id TEXT NOT NULL PRIMARY KEY REFERENCES job (job_id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;
INSERT INTO job_result (job_id, text) SELECT job_id, result FROM job WHERE result <> '';
INSERT INTO job_checkpoint (job_id, text) SELECT job_id, checkpoint FROM job WHERE checkpoint <> '';
UPDATE job SET result = '', checkpoint = '' WHERE result <> '' OR checkpoint <> '';
)",
     R"(
UPDATE job SET result = (SELECT text FROM job_result WHERE job_result.job_id = job.job_id)
  WHERE job_id IN (SELECT job_id FROM job_result);
UPDATE job SET checkpoint = (SELECT text FROM job_checkpoint WHERE job_checkpoint.job_id = job.job_id)
  WHERE job_id IN (SELECT job_id FROM job_checkpoint);
DROP TABLE job_checkpoint;
DROP TABLE job_result;
)",
     ""},
    {6, "API keys and owners",
     R"(
-- Whose it is; "local": of what is done without a key.
ALTER TABLE job ADD COLUMN owner TEXT NOT NULL DEFAULT 'local';
CREATE INDEX job_by_owner ON job (owner, sequence);
ALTER TABLE job_schedule ADD COLUMN owner TEXT NOT NULL DEFAULT 'local';
UPDATE job_key SET submit_key = 'local ' || submit_key;

CREATE TABLE api_key (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- A key that is rotated has several for a while.
CREATE TABLE api_key_secret (
  id INTEGER PRIMARY KEY,
  key_id TEXT NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  valid_until INTEGER
) STRICT;
CREATE INDEX api_key_secret_by_key ON api_key_secret (key_id);

-- key_version grows with every change of a key.
CREATE TABLE app_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  key_version INTEGER NOT NULL
) STRICT;
INSERT INTO app_state (id, key_version) VALUES (1, 0);
)",
     R"(
DROP TABLE app_state;
DROP TABLE api_key_secret;
DROP TABLE api_key;
DELETE FROM job_key WHERE submit_key NOT LIKE 'local %';
UPDATE job_key SET submit_key = substr(submit_key, 7);
ALTER TABLE job_schedule DROP COLUMN owner;
DROP INDEX job_by_owner;
ALTER TABLE job DROP COLUMN owner;
)",
     "all API keys, and whose the jobs and schedules are"},
    {7, "audit log",
     R"(
CREATE TABLE audit_entry (
  number INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  outcome TEXT NOT NULL,
  request_id TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
/*sqlite CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
  BEGIN SELECT RAISE(ABORT, 'the audit log is added to, never changed'); END;
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
  BEGIN SELECT RAISE(ABORT, 'the audit log is added to, never changed'); END;*/
/*postgres CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN RAISE EXCEPTION ''the audit log is added to, never changed''; END';
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();*/
)",
     R"(
DROP TABLE audit_entry;
/*postgres DROP FUNCTION audit_entry_stays;*/
)",
     "the audit log"},
    {8, "errors",
     R"(
-- Errors of one message and place. The sample is the fields of the last one.
CREATE TABLE error_group (
  id TEXT NOT NULL PRIMARY KEY,
  message TEXT NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'ignored')),
  count INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  sample TEXT NOT NULL,
  version TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX error_group_by_time ON error_group (last_seen, id);
)",
     R"(
DROP TABLE error_group;
)",
     "the errors that were counted"},
    {9, "addresses in the audit log",
     R"(
-- Where the request came from; empty: not over the network. It counts in the hash of an entry that has one.
ALTER TABLE audit_entry ADD COLUMN address TEXT NOT NULL DEFAULT '';
)",
     R"(
ALTER TABLE audit_entry DROP COLUMN address;
)",
     "the addresses in the audit log, whose entries with one then do not verify"},
    {10, "webhooks and deliveries",
     R"(
-- events: patterns with blanks between them. failing_since: of the first failure since something was delivered.
CREATE TABLE webhook (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  disabled_reason TEXT NOT NULL DEFAULT '',
  failing_since INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_by_owner ON webhook (owner, created_at);

-- Encrypted. A webhook whose secret is rotated has several for a while.
CREATE TABLE webhook_secret (
  id INTEGER PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  valid_until INTEGER
) STRICT;
CREATE INDEX webhook_secret_by_webhook ON webhook_secret (webhook_id);

-- owner: empty of what the system itself says. body: what a webhook is sent, to the byte.
CREATE TABLE outgoing_event (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  type TEXT NOT NULL,
  severity TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX outgoing_event_by_owner ON outgoing_event (owner, at);
CREATE INDEX outgoing_event_by_time ON outgoing_event (at);

-- One event for one target: a webhook's id, or the name of a channel. Who delivers has it until lease_until by the
-- database's clock; fence counts how often it was taken.
CREATE TABLE delivery (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  event_id TEXT NOT NULL REFERENCES outgoing_event (id) ON DELETE CASCADE,
  target TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivering', 'delivered', 'failed', 'cancelled')),
  is_replay INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  lease_owner TEXT NOT NULL DEFAULT '',
  lease_until INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  last_status INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX delivery_by_state ON delivery (state, target, next_at);
CREATE INDEX delivery_by_target ON delivery (target, number);
CREATE INDEX delivery_by_event ON delivery (event_id, target);

CREATE TABLE delivery_attempt (
  delivery INTEGER NOT NULL REFERENCES delivery (number) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  status INTEGER NOT NULL,
  error TEXT NOT NULL,
  sent_headers TEXT NOT NULL,
  received_headers TEXT NOT NULL,
  received_body TEXT NOT NULL,
  is_cut INTEGER NOT NULL,
  PRIMARY KEY (delivery, attempt)
) STRICT, WITHOUT ROWID;
)",
     R"(
DROP TABLE delivery_attempt;
DROP TABLE delivery;
DROP TABLE outgoing_event;
DROP TABLE webhook_secret;
DROP TABLE webhook;
)",
     "all webhooks, what they were sent and what they are still to be sent"},
    {11, "alerts and trends",
     R"(
-- What is wrong with the system, or was. One row is open for a type and a source at a time. is_told: whoever is told of
-- alerts knows of it; told_at: when they were told last that it was raised.
CREATE TABLE alert (
  id INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
  state TEXT NOT NULL CHECK (state IN ('raised', 'acknowledged', 'resolved')),
  message TEXT NOT NULL,
  value REAL NOT NULL,
  threshold REAL NOT NULL,
  occurrences INTEGER NOT NULL,
  raised_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  is_told INTEGER NOT NULL,
  told_at INTEGER NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by TEXT NOT NULL DEFAULT '',
  muted_until INTEGER,
  muted_by TEXT NOT NULL DEFAULT '',
  resolved_at INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (type, source) WHERE state <> 'resolved';
CREATE INDEX alert_by_end ON alert (resolved_at);

CREATE TABLE alert_event (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  value REAL NOT NULL,
  message TEXT NOT NULL,
  actor TEXT NOT NULL,
  is_told INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_event_by_alert ON alert_event (alert_id, id);
CREATE INDEX alert_event_to_tell ON alert_event (id) WHERE is_told = 0;

-- Of each minute, and of each hour, what was measured; resolution in seconds.
CREATE TABLE health_point (
  server TEXT NOT NULL,
  name TEXT NOT NULL,
  resolution INTEGER NOT NULL CHECK (resolution IN (60, 3600)),
  at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  minimum REAL NOT NULL,
  mean REAL NOT NULL,
  maximum REAL NOT NULL,
  PRIMARY KEY (name, resolution, at, server)
) STRICT, WITHOUT ROWID;
)",
     R"(
DROP TABLE health_point;
DROP TABLE alert_event;
DROP TABLE alert;
)",
     "the history of alerts and of the server's health"},
};

}  // namespace

// What the server itself remembers, apart from market data.
std::span<const Migration> app_migrations() { return kSteps; }

}  // namespace tradeassist::store

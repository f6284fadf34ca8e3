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
};

}  // namespace

// What the server itself remembers, apart from market data.
std::span<const Migration> app_migrations() { return kSteps; }

}  // namespace tradeassist::store

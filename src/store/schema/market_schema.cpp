#include <array>

#include "store/schema/migrations.hpp"
#include "store/schema/tail_conversion.hpp"

namespace tradeassist::store {
namespace {

// All times are nanoseconds UTC. Rows are never deleted under something that refers to them: RESTRICT everywhere;
// what a user removes only gets a deleted_at, and can be restored.

constexpr Migration kCatalogue{1, "catalogue",
                               R"(
CREATE TABLE instrument (
  id INTEGER PRIMARY KEY,
  symbol TEXT NOT NULL UNIQUE CHECK (symbol <> ''),
  name TEXT NOT NULL,
  asset_class TEXT NOT NULL CHECK (asset_class IN ('stock', 'index', 'future', 'forex', 'crypto', 'series')),
  exchange TEXT NOT NULL,
  currency TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  session TEXT NOT NULL,
  tick_size REAL NOT NULL CHECK (tick_size > 0),
  point_value REAL NOT NULL CHECK (point_value > 0),
  quantity_step REAL NOT NULL CHECK (quantity_step > 0),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  instrument_id INTEGER NOT NULL REFERENCES instrument (id) ON DELETE RESTRICT,
  timeframe TEXT NOT NULL CHECK (timeframe <> ''),
  source TEXT NOT NULL CHECK (source <> ''),
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  -- Kept by every append in its own transaction, so that a listing reads no bars.
  row_count INTEGER NOT NULL DEFAULT 0 CHECK (row_count >= 0),
  tail_rows INTEGER NOT NULL DEFAULT 0 CHECK (tail_rows >= 0),
  corrections INTEGER NOT NULL DEFAULT 0,
  first_time INTEGER,
  last_time INTEGER,
  appended_at INTEGER,
  UNIQUE (instrument_id, timeframe, source)
) STRICT;
)",
                               R"(
DROP TABLE series;
DROP TABLE instrument;
)",
                               "all instruments and series"};

constexpr Migration kBars{2, "bars",
                          R"(
-- Named with their kind: a chunk lies in exactly one, so a partition can be archived and dropped as a whole.
CREATE TABLE partition (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('bar')),
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,  -- inclusive
  created_at INTEGER NOT NULL,
  UNIQUE (kind, first_time),
  CHECK (first_time <= last_time)
) STRICT;

CREATE TABLE bar_chunk (
  /*sqlite id INTEGER PRIMARY KEY,*/
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE RESTRICT,
  partition_id INTEGER NOT NULL REFERENCES partition (id) ON DELETE RESTRICT,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,  -- inclusive; chunks of a series do not overlap
  row_count INTEGER NOT NULL CHECK (row_count BETWEEN 1 AND 4096),
  codec INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  payload BLOB NOT NULL,
  CHECK (first_time <= last_time)
) STRICT /*postgres PARTITION BY RANGE (first_time)*/;
CREATE UNIQUE INDEX bar_chunk_by_time ON bar_chunk (series_id, first_time, last_time, row_count);
CREATE INDEX bar_chunk_by_partition ON bar_chunk (partition_id);

-- The newest rows and corrections; they win over chunks. `exact` holds the five values' bits (little endian) where one
-- of them is not kept by the database's own doubles: NaN, which becomes NULL, and -0.0.
CREATE TABLE bar_tail (
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE RESTRICT,
  time INTEGER NOT NULL,
  open REAL, high REAL, low REAL, close REAL, volume REAL,
  exact BLOB CHECK (exact IS NULL OR length(exact) = 40),
  PRIMARY KEY (series_id, time)
) STRICT, WITHOUT ROWID;
)",
                          R"(
DROP TABLE bar_tail;
DROP TABLE bar_chunk;
DROP TABLE partition;
UPDATE series SET row_count = 0, tail_rows = 0, corrections = 0, first_time = NULL, last_time = NULL,
  appended_at = NULL;
)",
                          "all bars"};

constexpr Migration kImports{3, "imports",
                             R"(
-- Where the rows of a series came from. finished_at stays NULL when an import stopped half way.
CREATE TABLE import (
  id INTEGER PRIMARY KEY,
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE RESTRICT,
  source TEXT NOT NULL,
  file TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  inserted INTEGER NOT NULL DEFAULT 0,
  corrected INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  first_time INTEGER,
  last_time INTEGER
) STRICT;
CREATE INDEX import_by_series ON import (series_id, id);
)",
                             R"(
DROP TABLE import;
)",
                             "where bars came from"};

constexpr Migration kPartitionStates{4, "partition states",
                                     R"(
-- What is read of a series is kept by its version, which every change of its bars counts up.
ALTER TABLE series ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- Ticks are partitioned too, and a partition may be archived, and then dropped: its rows are only in its archive then.
-- SQLite cannot change a constraint, so there the table is made anew under the foreign keys that name it.
/*sqlite PRAGMA legacy_alter_table = ON;
ALTER TABLE partition RENAME TO partition_before;
CREATE TABLE partition (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('bar', 'tick')),
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,  -- inclusive
  created_at INTEGER NOT NULL,
  UNIQUE (kind, first_time),
  CHECK (first_time <= last_time)
) STRICT;
INSERT INTO partition SELECT * FROM partition_before;
DROP TABLE partition_before;
PRAGMA legacy_alter_table = OFF;*/
/*postgres ALTER TABLE partition DROP CONSTRAINT partition_kind_check;
ALTER TABLE partition ADD CONSTRAINT partition_kind_check CHECK (kind IN ('bar', 'tick'));*/
ALTER TABLE partition ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'archived', 'dropped'));
ALTER TABLE partition ADD COLUMN archived_at INTEGER;
ALTER TABLE partition ADD COLUMN archive_file TEXT;
ALTER TABLE partition ADD COLUMN archive_sha256 TEXT;
ALTER TABLE partition ADD COLUMN archive_rows INTEGER;
-- Of the chunks that were archived, to find out whether others came since: their number, and the sum of checksums.
ALTER TABLE partition ADD COLUMN archive_chunks INTEGER;
ALTER TABLE partition ADD COLUMN archive_checksums INTEGER;
)",
                                     R"(
ALTER TABLE partition DROP COLUMN archive_checksums;
ALTER TABLE partition DROP COLUMN archive_chunks;
ALTER TABLE partition DROP COLUMN archive_rows;
ALTER TABLE partition DROP COLUMN archive_sha256;
ALTER TABLE partition DROP COLUMN archive_file;
ALTER TABLE partition DROP COLUMN archived_at;
ALTER TABLE partition DROP COLUMN state;
/*sqlite PRAGMA legacy_alter_table = ON;
ALTER TABLE partition RENAME TO partition_before;
CREATE TABLE partition (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('bar')),
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,  -- inclusive
  created_at INTEGER NOT NULL,
  UNIQUE (kind, first_time),
  CHECK (first_time <= last_time)
) STRICT;
INSERT INTO partition SELECT * FROM partition_before WHERE kind = 'bar';
DROP TABLE partition_before;
PRAGMA legacy_alter_table = OFF;*/
/*postgres DELETE FROM partition WHERE kind <> 'bar';
ALTER TABLE partition DROP CONSTRAINT partition_kind_check;
ALTER TABLE partition ADD CONSTRAINT partition_kind_check CHECK (kind IN ('bar'));*/
ALTER TABLE series DROP COLUMN version;
)",
                                     "which partitions are archived or dropped, and in which files"};

constexpr Migration kTailEntries{5,
                                 "tail entries",
                                 R"(
-- A row a bar is dear when thousands come a second: an entry holds what one append brought, as a chunk does. Entries
-- are in the order in which they came; the later wins.
ALTER TABLE bar_tail RENAME TO bar_tail_before;
CREATE TABLE bar_tail (
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE RESTRICT,
  entry INTEGER NOT NULL,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,  -- inclusive
  row_count INTEGER NOT NULL CHECK (row_count BETWEEN 1 AND 4096),
  codec INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  payload BLOB NOT NULL,
  PRIMARY KEY (series_id, entry)
) STRICT, WITHOUT ROWID;
ALTER TABLE series ADD COLUMN tail_entries INTEGER NOT NULL DEFAULT 0;
)",
                                 R"(
ALTER TABLE bar_tail RENAME TO bar_tail_before;
CREATE TABLE bar_tail (
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE RESTRICT,
  time INTEGER NOT NULL,
  open REAL, high REAL, low REAL, close REAL, volume REAL,
  exact BLOB CHECK (exact IS NULL OR length(exact) = 40),
  PRIMARY KEY (series_id, time)
) STRICT, WITHOUT ROWID;
ALTER TABLE series DROP COLUMN tail_entries;
)",
                                 "",
                                 tail_rows_to_entries,
                                 tail_entries_to_rows};

constexpr Migration kHistory{6, "history",
                             R"(
-- What was done to instruments and series, and by whom. Rows are added and never changed or removed. They name their
-- instrument by its symbol, so that they can be read without it.
CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('created', 'updated', 'deleted', 'restored', 'data_discarded')),
  symbol TEXT NOT NULL CHECK (symbol <> ''),
  series_id INTEGER REFERENCES series (id) ON DELETE RESTRICT,  -- NULL: of the instrument itself
  before_value TEXT,  -- JSON
  after_value TEXT,   -- JSON
  by_whom TEXT NOT NULL CHECK (by_whom <> '')
) STRICT;
CREATE INDEX history_by_symbol ON history (symbol, id);
)",
                             R"(
DROP TABLE history;
)",
                             "the history of instruments and series"};

constexpr Migration kTicks{7, "ticks",
                           R"(
-- As bar_chunk. Times may be equal within a chunk; the ticks of one instant lie in one chunk, unless they alone are more
-- than it holds: then they go on in the next, which begins with `ordinal`, counted from 0 within the instant.
CREATE TABLE tick_chunk (
  /*sqlite id INTEGER PRIMARY KEY,*/
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE RESTRICT,
  partition_id INTEGER NOT NULL REFERENCES partition (id) ON DELETE RESTRICT,
  first_time INTEGER NOT NULL,
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  last_time INTEGER NOT NULL,  -- inclusive
  row_count INTEGER NOT NULL CHECK (row_count BETWEEN 1 AND 8192),
  codec INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  payload BLOB NOT NULL,
  CHECK (first_time <= last_time)
) STRICT /*postgres PARTITION BY RANGE (first_time)*/;
CREATE UNIQUE INDEX tick_chunk_by_time ON tick_chunk (series_id, first_time, ordinal, last_time, row_count);
CREATE INDEX tick_chunk_by_partition ON tick_chunk (partition_id);

-- The newest ticks and corrections: an instant that is here replaces all of that instant in the chunks. `exact` holds
-- the four values' bits (little endian) where one of them is not kept by the database's own doubles.
CREATE TABLE tick_tail (
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE RESTRICT,
  time INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  price REAL, size REAL, bid REAL, ask REAL,
  exact BLOB CHECK (exact IS NULL OR length(exact) = 32),
  PRIMARY KEY (series_id, time, ordinal)
) STRICT, WITHOUT ROWID;
)",
                           R"(
DROP TABLE tick_tail;
DROP TABLE tick_chunk;
DELETE FROM partition WHERE kind = 'tick';
DELETE FROM history WHERE series_id IN (SELECT id FROM series WHERE timeframe = 'tick');
DELETE FROM import WHERE series_id IN (SELECT id FROM series WHERE timeframe = 'tick');
DELETE FROM series WHERE timeframe = 'tick';
)",
                           "ticks"};

constexpr Migration kBenchmarkRuns{8, "benchmark runs",
                                   R"(
-- What the database could do and when, to be compared with later: a whole run as JSON.
CREATE TABLE benchmark_run (
  id INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,
  is_baseline INTEGER NOT NULL CHECK (is_baseline IN (0, 1)),
  result TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX benchmark_run_baseline ON benchmark_run (is_baseline) WHERE is_baseline = 1;
)",
                                   R"(
DROP TABLE benchmark_run;
)",
                                   "the stored runs of the benchmark"};

constexpr Migration kContentVersions{9, "content versions",
                                     R"(
-- An answer is made of an instrument, its series and what is archived. Each counts its changes, so that one sum tells
-- whether an answer that somebody kept is still right (content_version.hpp).
ALTER TABLE instrument ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE store_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  identity TEXT NOT NULL,  -- tells this database from all others, where several share one cache
  partition_version INTEGER NOT NULL DEFAULT 0
) STRICT;
/*sqlite INSERT INTO store_state (id, identity) VALUES (1, lower(hex(randomblob(16))));*/
/*postgres INSERT INTO store_state (id, identity) VALUES (1, replace(gen_random_uuid()::text, '-', ''));*/
)",
                                     R"(
DROP TABLE store_state;
ALTER TABLE instrument DROP COLUMN version;
)",
                                     "which answers that were kept are still right"};

constexpr Migration kSavedQueries{10, "saved queries",
                                  R"(
-- Questions for bars that users keep under a name (saved_queries.hpp). `tags` has each between two line breaks.
CREATE TABLE saved_query (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  request TEXT NOT NULL,
  is_favourite INTEGER NOT NULL CHECK (is_favourite IN (0, 1)),
  tags TEXT NOT NULL,
  schedule TEXT NOT NULL,  -- empty: none
  next_run_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  execute_count INTEGER NOT NULL DEFAULT 0,
  execute_nanoseconds INTEGER NOT NULL DEFAULT 0,
  last_executed_at INTEGER,
  last_job_id TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX saved_query_by_name ON saved_query (name) WHERE deleted_at IS NULL;
CREATE INDEX saved_query_by_next_run ON saved_query (next_run_at) WHERE next_run_at IS NOT NULL;
)",
                                  R"(
DROP TABLE saved_query;
)",
                                  "the saved queries"};

constexpr Migration kMaintenanceTime{11, "maintenance time",
                                     R"(
ALTER TABLE store_state ADD COLUMN maintained_at INTEGER;
)",
                                     R"(
ALTER TABLE store_state DROP COLUMN maintained_at;
)",
                                     "when the database was maintained"};

constexpr Migration kCorporateActions{12, "corporate actions",
                                      R"(
-- Splits and dividends of an instrument, for adjusting its prices when they are read. A change counts up the
-- instrument's version.
CREATE TABLE corporate_action (
  instrument_id INTEGER NOT NULL REFERENCES instrument (id) ON DELETE RESTRICT,
  ex_date INTEGER NOT NULL,  -- days since 1970-01-01
  kind TEXT NOT NULL CHECK (kind IN ('split', 'dividend')),
  value REAL NOT NULL CHECK (value > 0),  -- new shares for one old; cash per share
  source TEXT NOT NULL CHECK (source <> ''),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (instrument_id, ex_date, kind)
) STRICT, WITHOUT ROWID;
)",
                                      R"(
UPDATE instrument SET version = version + 1 WHERE id IN (SELECT instrument_id FROM corporate_action);
DROP TABLE corporate_action;
)",
                                      "all splits and dividends"};

constexpr Migration kQueryOwners{13, "owners of saved queries",
                                 R"(
-- Whose it is; "local": of what was saved before, or without a key. Each owner has names of its own.
ALTER TABLE saved_query ADD COLUMN owner TEXT NOT NULL DEFAULT 'local';
DROP INDEX saved_query_by_name;
CREATE UNIQUE INDEX saved_query_by_name ON saved_query (owner, name) WHERE deleted_at IS NULL;
)",
                                 R"(
DROP INDEX saved_query_by_name;
UPDATE saved_query SET name = name || ' of ' || owner || ' (' || id || ')' WHERE owner <> 'local';
ALTER TABLE saved_query DROP COLUMN owner;
CREATE UNIQUE INDEX saved_query_by_name ON saved_query (name) WHERE deleted_at IS NULL;
)",
                                 "whose the saved queries are"};

constexpr std::array kMigrations{kCatalogue,       kBars,         kImports,         kPartitionStates,
                                 kTailEntries,     kHistory,      kTicks,           kBenchmarkRuns,
                                 kContentVersions, kSavedQueries, kMaintenanceTime, kCorporateActions,
                                 kQueryOwners};

}  // namespace

std::span<const Migration> market_migrations() { return kMigrations; }

}  // namespace tradeassist::store

#include "store/partitions/partition_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace tradeassist::store {
namespace {

using base::ErrorCode;

/// Made beside the chunks' table and attached, which readers and writers of other partitions need not wait for.
std::string attach_script(PartitionKind kind, PartitionRange range) {
  const std::string table = partition_table(kind, range);
  const std::string from =
      range.first_time == std::numeric_limits<std::int64_t>::min() ? "MINVALUE" : fmt::format("{}", range.first_time);
  const std::string to =
      range.last_time == std::numeric_limits<std::int64_t>::max() ? "MAXVALUE" : fmt::format("{}", range.last_time + 1);
  return fmt::format(
      "CREATE TABLE {0} (LIKE {1} INCLUDING ALL); ALTER TABLE {1} ATTACH PARTITION {0} FOR VALUES FROM ({2}) TO ({3})",
      table, chunk_table(kind), from, to);
}

// A chunk never crosses a partition. SQLite finds its chunks by the partition, PostgreSQL prunes its tables by the
// time.
constexpr const char* kWhereWithin =
    "WHERE partition_id = (SELECT id FROM partition WHERE kind = $3 AND first_time = $1) "
    "AND first_time >= $1 AND first_time <= $2";

constexpr const char* kSelectPartition =
    "SELECT kind, first_time, last_time, state, archive_file, archive_sha256, archive_rows, archived_at FROM partition";

PartitionState state_of(std::string_view text) {
  if (text == "archived") return PartitionState::kArchived;
  return text == "dropped" ? PartitionState::kDropped : PartitionState::kOpen;
}

PartitionInfo partition_of_row(const Row& row) {
  PartitionInfo info{.kind = row.text(0) == "tick" ? PartitionKind::kTick : PartitionKind::kBar,
                     .range = {row.integer(1), row.integer(2)},
                     .state = state_of(row.text(3))};
  if (!row.is_null(4)) {
    info.archive = PartitionArchive{std::string(row.text(4)), std::string(row.text(5)), row.integer(6),
                                    base::time_from_nanoseconds(row.integer(7))};
  }
  return info;
}

base::Result<void> add_sizes(Connection& connection, PartitionInfo& info) {
  TRY(connection.query_first(fmt::format("SELECT count(*), coalesce(sum(row_count), 0), coalesce(sum(length(payload)), "
                                         "0) FROM {} {}",
                                         chunk_table(info.kind), kWhereWithin),
                             {info.range.first_time, info.range.last_time, to_string(info.kind)}, [&](const Row& row) {
                               info.chunk_count = row.integer(0);
                               info.row_count = row.integer(1);
                               info.payload_bytes = row.integer(2);
                               return 0;
                             }));
  return {};
}

base::Error dropped_error(PartitionKind kind, PartitionRange range) {
  return {ErrorCode::kFailedPrecondition,
          fmt::format("the {}s of {} are archived and no longer in the database: restore the partition before adding "
                      "to it",
                      to_string(kind), partition_name(kind, range))};
}

base::Error changed_error(PartitionKind kind, PartitionRange range) {
  return {ErrorCode::kFailedPrecondition,
          fmt::format("the {} partition {} was changed since it was archived: archive it again", to_string(kind),
                      partition_name(kind, range))};
}

base::Result<void> set_state(Connection& connection, PartitionKind kind, PartitionRange range, PartitionState state) {
  TRY(connection.run("UPDATE partition SET state = $3 WHERE kind = $1 AND first_time = $2",
                     {to_string(kind), range.first_time, to_string(state)}));
  // Answers say which parts of their range are only in an archive.
  TRY(connection.run("UPDATE store_state SET partition_version = partition_version + 1"));
  return {};
}

}  // namespace

std::string partition_table(PartitionKind kind, PartitionRange range) {
  std::string name = fmt::format("{}_{}", chunk_table(kind), partition_name(kind, range));
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string_view to_string(PartitionState state) {
  switch (state) {
    case PartitionState::kOpen: return "open";
    case PartitionState::kArchived: return "archived";
    case PartitionState::kDropped: return "dropped";
  }
  return "";
}

base::Result<std::int64_t> ensure_partition(Connection& connection, PartitionKind kind, PartitionRange range) {
  const auto find = [&] {
    return connection.query_first("SELECT id, state FROM partition WHERE kind = $1 AND first_time = $2",
                                  {to_string(kind), range.first_time},
                                  [](const Row& row) { return std::pair(row.integer(0), state_of(row.text(1))); });
  };
  TRY_ASSIGN(auto existing, find());
  if (!existing) {
    // Another process may be making it: this waits for that one, and then finds it.
    TRY_ASSIGN(
        const auto made,
        connection.query_first("INSERT INTO partition (kind, first_time, last_time, created_at) "
                               "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id",
                               {to_string(kind), range.first_time, range.last_time, base::to_nanoseconds(base::now())},
                               [](const Row& row) { return row.integer(0); }));
    if (made) {
      if (connection.dialect() == Dialect::kPostgres) TRY(connection.run_script(attach_script(kind, range)));
      return *made;
    }
    TRY_ASSIGN(existing, find());
  }
  if (existing->second == PartitionState::kDropped) return std::unexpected(dropped_error(kind, range));
  return existing->first;
}

base::Result<void> check_not_dropped(Connection& connection, PartitionKind kind, std::int64_t first_time,
                                     std::int64_t last_time) {
  TRY_ASSIGN(const auto dropped,
             connection.query_first("SELECT first_time, last_time FROM partition WHERE kind = $1 AND state = 'dropped' "
                                    "AND first_time <= $3 AND last_time >= $2 ORDER BY first_time LIMIT 1",
                                    {to_string(kind), first_time, last_time},
                                    [](const Row& row) { return PartitionRange{row.integer(0), row.integer(1)}; }));
  if (!dropped) return {};
  return std::unexpected(dropped_error(kind, *dropped));
}

base::Result<std::vector<PartitionRange>> dropped_partitions(Connection& connection, PartitionKind kind) {
  return connection.query_all(
      "SELECT first_time, last_time FROM partition WHERE kind = $1 AND state = 'dropped' ORDER BY first_time",
      {to_string(kind)}, [](const Row& row) { return PartitionRange{row.integer(0), row.integer(1)}; });
}

base::Result<std::vector<PartitionInfo>> list_partitions(Connection& connection) {
  TRY_ASSIGN(auto partitions,
             connection.query_all(std::string(kSelectPartition) + " ORDER BY kind, first_time", {}, partition_of_row));
  for (PartitionInfo& each : partitions) TRY(add_sizes(connection, each));
  return partitions;
}

base::Result<PartitionInfo> get_partition(Connection& connection, PartitionKind kind, PartitionRange range) {
  TRY_ASSIGN(auto found, connection.query_first(std::string(kSelectPartition) + " WHERE kind = $1 AND first_time = $2",
                                                {to_string(kind), range.first_time}, partition_of_row));
  if (!found) {
    return base::failure(ErrorCode::kNotFound,
                         fmt::format("there is no {} partition {}", to_string(kind), partition_name(kind, range)));
  }
  TRY(add_sizes(connection, *found));
  return std::move(*found);
}

base::Result<ChunkFingerprint> partition_fingerprint(Connection& connection, PartitionKind kind, PartitionRange range) {
  TRY_ASSIGN(const auto found,
             connection.query_first(
                 fmt::format("SELECT count(*), coalesce(sum(row_count), 0), coalesce(sum(checksum), 0) FROM {} {}",
                             chunk_table(kind), kWhereWithin),
                 {range.first_time, range.last_time, to_string(kind)},
                 [](const Row& row) { return ChunkFingerprint{row.integer(0), row.integer(1), row.integer(2)}; }));
  return *found;
}

base::Result<std::vector<PartitionedSeries>> partition_series(Connection& connection, PartitionKind kind,
                                                              PartitionRange range) {
  return connection.query_all(
      fmt::format("SELECT series.id, symbol, timeframe, source FROM series JOIN instrument ON instrument.id = "
                  "instrument_id WHERE series.id IN (SELECT series_id FROM {} {}) ORDER BY symbol, timeframe, source",
                  chunk_table(kind), kWhereWithin),
      {range.first_time, range.last_time, to_string(kind)}, [](const Row& row) {
        return PartitionedSeries{row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                                 std::string(row.text(3))};
      });
}

base::Result<void> set_archived(Connection& connection, PartitionKind kind, PartitionRange range,
                                const PartitionArchive& archive, const ChunkFingerprint& fingerprint) {
  TRY_ASSIGN(const ChunkFingerprint now, partition_fingerprint(connection, kind, range));
  if (now != fingerprint) return std::unexpected(changed_error(kind, range));
  TRY_ASSIGN(
      const std::int64_t changed,
      connection.run("UPDATE partition SET state = 'archived', archive_file = $3, archive_sha256 = $4, "
                     "archive_rows = $5, archived_at = $6, archive_chunks = $7, archive_checksums = $8 "
                     "WHERE kind = $1 AND first_time = $2 AND state <> 'dropped'",
                     {to_string(kind), range.first_time, archive.file, archive.sha256, archive.row_count,
                      base::to_nanoseconds(archive.archived_at), fingerprint.chunk_count, fingerprint.checksums}));
  if (changed > 0) return {};
  return std::unexpected(dropped_error(kind, range));
}

base::Result<void> drop_rows(Connection& connection, PartitionKind kind, PartitionRange range) {
  TRY_ASSIGN(const auto archived,
             connection.query_first(std::string("SELECT archive_chunks, archive_rows, archive_checksums, state FROM "
                                                "partition WHERE kind = $1 AND first_time = $2") +
                                        row_lock(connection),
                                    {to_string(kind), range.first_time}, [](const Row& row) {
                                      return std::pair(ChunkFingerprint{row.integer(0), row.integer(1), row.integer(2)},
                                                       state_of(row.text(3)));
                                    }));
  if (!archived || archived->second != PartitionState::kArchived) {
    return base::failure(ErrorCode::kFailedPrecondition,
                         fmt::format("the {} partition {} has no verified archive: archive it first", to_string(kind),
                                     partition_name(kind, range)));
  }
  TRY_ASSIGN(const ChunkFingerprint now, partition_fingerprint(connection, kind, range));
  if (now != archived->first) return std::unexpected(changed_error(kind, range));
  if (connection.dialect() == Dialect::kPostgres) {
    TRY(connection.run_script(fmt::format("ALTER TABLE {} DETACH PARTITION {}; DROP TABLE {}", chunk_table(kind),
                                          partition_table(kind, range), partition_table(kind, range))));
  } else {
    TRY(connection.run(fmt::format("DELETE FROM {} {}", chunk_table(kind), kWhereWithin),
                       {range.first_time, range.last_time, to_string(kind)}));
  }
  return set_state(connection, kind, range, PartitionState::kDropped);
}

base::Result<void> set_open(Connection& connection, PartitionKind kind, PartitionRange range) {
  TRY_ASSIGN(const PartitionInfo before, get_partition(connection, kind, range));
  if (before.state == PartitionState::kDropped && connection.dialect() == Dialect::kPostgres) {
    TRY(connection.run_script(attach_script(kind, range)));
  }
  return set_state(connection, kind, range, PartitionState::kOpen);
}

base::Result<void> attach_partitions(Connection& connection) {
  if (connection.dialect() != Dialect::kPostgres) return {};
  TRY_ASSIGN(
      const auto partitions,
      connection.query_all("SELECT kind, first_time, last_time FROM partition WHERE state <> 'dropped' ORDER BY id", {},
                           [](const Row& row) {
                             return std::pair(row.text(0) == "tick" ? PartitionKind::kTick : PartitionKind::kBar,
                                              PartitionRange{row.integer(1), row.integer(2)});
                           }));
  for (const auto& [kind, range] : partitions) TRY(connection.run_script(attach_script(kind, range)));
  return {};
}

}  // namespace tradeassist::store

#include "store/partitions/partition_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace tradeassist::store {
namespace {

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

}  // namespace

std::string partition_table(PartitionKind kind, PartitionRange range) {
  std::string name = fmt::format("{}_{}", chunk_table(kind), partition_name(kind, range));
  std::ranges::replace(name, '-', '_');
  return name;
}

base::Result<std::int64_t> ensure_partition(Connection& connection, PartitionKind kind, PartitionRange range) {
  const auto id_of = [](const Row& row) { return row.integer(0); };
  const auto find = [&] {
    return connection.query_first("SELECT id FROM partition WHERE kind = $1 AND first_time = $2",
                                  {to_string(kind), range.first_time}, id_of);
  };
  TRY_ASSIGN(const auto existing, find());
  if (existing) return *existing;
  // Another process may be making it: this waits for that one, and then finds it.
  TRY_ASSIGN(const auto made,
             connection.query_first(
                 "INSERT INTO partition (kind, first_time, last_time, created_at) "
                 "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id",
                 {to_string(kind), range.first_time, range.last_time, base::to_nanoseconds(base::now())}, id_of));
  if (!made) {
    TRY_ASSIGN(const auto others, find());
    return *others;
  }
  if (connection.dialect() == Dialect::kPostgres) TRY(connection.run_script(attach_script(kind, range)));
  return *made;
}

}  // namespace tradeassist::store

#include "interchange/archive/archive_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "interchange/duckdb/table_function.hpp"
#include "store/codec/crc32c.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;
using market::Series;

constexpr std::array<std::pair<std::string_view, market::ValueColumn>, 8> kValueColumns = {
    {{"open", &Series::open},
     {"high", &Series::high},
     {"low", &Series::low},
     {"close", &Series::close},
     {"volume", &Series::volume},
     {"open_interest", &Series::open_interest},
     {"trade_count", &Series::trade_count},
     {"vwap", &Series::vwap}}};
constexpr std::size_t kTextColumns = 3, kFirstValue = kTextColumns + 1, kColumns = kFirstValue + kValueColumns.size();

Table table_of(ArchiveRows rows) {
  const auto owner = std::make_shared<const ArchiveRows>(std::move(rows));
  Table table;
  table.rows = owner->bars.size();
  for (const std::string* text : {&owner->symbol, &owner->timeframe, &owner->source})
    table.columns.emplace_back(std::vector<std::string>(table.rows, *text));
  table.columns.emplace_back(Times{owner->bars.time});
  for (const auto& [name, column] : kValueColumns)
    table.columns.emplace_back(std::span<const double>(owner->bars.*column));
  table.nan_is_null = false;
  table.owner = owner;
  return table;
}

/// Collects the rows of chunks into parts.
class PartCollector {
 public:
  explicit PartCollector(const std::function<base::Result<void>(const ArchiveRows&)>& visit) : visit_(visit) {}

  base::Result<void> add(const QueryResult::Chunk& chunk) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      for (std::size_t row = 0; chunk.validity(column) != nullptr && row < chunk.rows(); ++row) {
        if (!is_valid(chunk.validity(column), row)) return failure(ErrorCode::kDataLoss, "a value is missing");
      }
    }
    for (std::size_t first = 0; first < chunk.rows();) {
      std::size_t end = first + 1;
      while (end < chunk.rows() && is_same_series(chunk, first, end)) ++end;
      const auto text = [&](std::size_t column) { return text_at(chunk.data(column), first); };
      if (text(0) != part_.symbol || text(1) != part_.timeframe || text(2) != part_.source ||
          part_.bars.size() + end - first > kArchiveRowsMax) {
        TRY(hand_over());
        part_ = {std::string(text(0)), std::string(text(1)), std::string(text(2)), {}};
      }
      append(chunk, first, end);
      first = end;
    }
    return {};
  }

  base::Result<void> hand_over() { return part_.bars.empty() ? base::Result<void>() : visit_(part_); }

 private:
  static bool is_same_series(const QueryResult::Chunk& chunk, std::size_t a, std::size_t b) {
    for (std::size_t column = 0; column < kTextColumns; ++column) {
      if (text_at(chunk.data(column), a) != text_at(chunk.data(column), b)) return false;
    }
    return true;
  }

  void append(const QueryResult::Chunk& chunk, std::size_t first, std::size_t end) {
    const auto* const times = static_cast<const std::int64_t*>(chunk.data(kTextColumns));
    part_.bars.time.insert(part_.bars.time.end(), times + first, times + end);
    for (std::size_t i = 0; i < kValueColumns.size(); ++i) {
      const auto* const values = static_cast<const double*>(chunk.data(kFirstValue + i));
      auto& column = part_.bars.*kValueColumns[i].second;
      column.insert(column.end(), values + first, values + end);
    }
  }

  const std::function<base::Result<void>(const ArchiveRows&)>& visit_;
  ArchiveRows part_;
};

}  // namespace

base::Result<void> write_archive_file(const std::filesystem::path& path,
                                      std::function<base::Result<std::optional<ArchiveRows>>()> next) {
  // One thread: the rows are to stay in their order, and few row groups in memory.
  TRY_ASSIGN(Connection connection, Connection::open({.threads = 1}));
  std::optional<base::Error> failed;  // as it was; the engine keeps only its words
  TableFunction function;
  function.name = "rows_to_archive";
  for (const char* text : {"symbol", "timeframe", "source"}) function.columns.push_back({text, CellType::kText});
  function.columns.push_back({"time", CellType::kTime});
  for (const auto& [name, column] : kValueColumns) function.columns.push_back({std::string(name), CellType::kNumber});
  function.read = [&](const Arguments&) -> base::Result<Table> {
    Table start = table_of({});
    start.more = [&]() -> base::Result<std::optional<Table>> {
      auto rows = next();
      if (!rows) {
        failed = rows.error();
        return std::unexpected(std::move(rows).error());
      }
      if (!*rows) return std::nullopt;
      return table_of(std::move(**rows));
    };
    return start;
  };
  TRY(register_table_function(connection, std::move(function)));
  // Without a dictionary, which takes 0.0 and -0.0 for one value.
  auto written = connection.run(
      fmt::format("COPY (FROM rows_to_archive()) TO {} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, "
                  "DICTIONARY_SIZE_LIMIT 1, KV_METADATA {{times: 'UTC'}})",
                  sql_text(path.string())));
  if (failed) return std::unexpected(std::move(*failed));
  if (!written) return base::in_context(path.string(), std::move(written).error());
  return {};
}

base::Result<void> read_archive_file(const std::filesystem::path& path,
                                     const std::function<base::Result<void>(const ArchiveRows&)>& visit) {
  TRY_ASSIGN(Connection connection, Connection::open({.threads = 1}));
  std::string columns = "symbol, timeframe, source, epoch_ns(time)";
  for (const auto& [name, column] : kValueColumns) columns += fmt::format(", {}", name);
  const auto damaged = [&](const base::Error& error) {
    return failure(ErrorCode::kDataLoss, fmt::format("{}: cannot be read: {}", path.string(), error.message));
  };
  auto result = connection.query(fmt::format("SELECT {} FROM read_parquet({})", columns, sql_path(path.string())));
  if (!result) return damaged(result.error());
  PartCollector parts(visit);
  for (;;) {
    const auto chunk = result->next();
    if (!chunk) return damaged(chunk.error());
    if (!*chunk) return parts.hand_over();
    TRY(parts.add(**chunk));
  }
}

market::Series with_all_columns(market::Series bars) {
  for (const market::ValueColumn column : market::kOptionalColumns) {
    if (!market::is_present(bars, column)) (bars.*column).assign(bars.size(), market::kNotKnown);
  }
  return bars;
}

market::Series without_unknown_columns(market::Series bars) {
  for (const market::ValueColumn column : market::kOptionalColumns) {
    if (std::ranges::all_of(bars.*column, [](double value) { return std::isnan(value); })) (bars.*column).clear();
  }
  return bars;
}

void ColumnChecksums::add(const market::Series& bars) {
  sums_[0] = store::crc32c(std::as_bytes(std::span(bars.time)), sums_[0]);
  for (std::size_t i = 0; i < kValueColumns.size(); ++i)
    sums_[i + 1] = store::crc32c(std::as_bytes(std::span(bars.*kValueColumns[i].second)), sums_[i + 1]);
}

std::map<std::string, std::int64_t> ColumnChecksums::values() const {
  std::map<std::string, std::int64_t> values{{"time", sums_[0]}};
  for (std::size_t i = 0; i < kValueColumns.size(); ++i) values[std::string(kValueColumns[i].first)] = sums_[i + 1];
  return values;
}

}  // namespace tradeassist::interchange

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/market_store.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::interchange {

/// The columns of an archive's rows beside their time: of bars "open high low close volume open_interest trade_count
/// vwap", of ticks "price size bid ask". All are there, NaN where a value is not known.
std::span<const std::string_view> archive_columns(store::PartitionKind kind);

/// Bars or ticks, in the order of time.
struct StoredRows {
  std::vector<std::int64_t> time;
  std::vector<std::vector<double>> values;  // a column for each of archive_columns(), as long as `time`

  std::size_t size() const { return time.size(); }
  bool empty() const { return time.empty(); }
  StoredRows slice(std::size_t first, std::size_t count) const;
  /// Of these, the rows at times at which `present` has none.
  StoredRows missing_in(const StoredRows& present) const;
};

/// Equal to the bit.
bool is_same(const StoredRows& a, const StoredRows& b);

/// Rows with first <= time <= last.
base::Result<StoredRows> read_rows(store::MarketStore& store, store::PartitionKind kind, std::int64_t series_id,
                                   std::int64_t first, std::int64_t last);

/// Puts rows into the series, to the bit; of ticks all of an instant.
base::Result<store::AppendResult> append_rows(store::MarketStore& store, store::PartitionKind kind,
                                              std::int64_t series_id, StoredRows rows, std::int64_t import_id);

/// CRC-32C of each column, over parts that come one after the other.
class ColumnChecksums {
 public:
  explicit ColumnChecksums(store::PartitionKind kind) : names_(archive_columns(kind)), sums_(names_.size() + 1) {}

  void add(const StoredRows& rows);
  std::map<std::string, std::int64_t> values() const;

 private:
  std::span<const std::string_view> names_;
  std::vector<std::uint32_t> sums_;  // of time, and then of `names_`
};

}  // namespace tradeassist::interchange

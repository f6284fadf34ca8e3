#include "feed/detect/tick_signs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/time.hpp"
#include "feed/csv/spacing.hpp"
#include "feed/detect/columns.hpp"
#include "feed/detect/tick_columns.hpp"

namespace tradeassist::feed {
namespace {

/// Steps from which irregular times may be told.
constexpr std::size_t kStepsMin = 8;

bool has_bar_columns(const CsvFormat& format) {
  return std::ranges::any_of(format.columns, [](const CsvColumn& column) {
    const NameMeaning meaning = read_column_name(column.name).meaning;
    return column.role == ColumnRole::kOpen || column.role == ColumnRole::kHigh || column.role == ColumnRole::kLow ||
           meaning == NameMeaning::kOpen || meaning == NameMeaning::kHigh || meaning == NameMeaning::kLow;
  });
}

/// Of the neighbouring times, at least one in twenty is less than a second behind the other.
bool is_crowded(std::span<const std::int64_t> time) {
  std::size_t close = 0;
  for (std::size_t i = 1; i < time.size(); ++i) close += time[i] - time[i - 1] < base::kNanosecondsPerSecond;
  return close > 0 && close * 20 >= time.size() - 1;
}

}  // namespace

std::optional<std::string> find_tick_signs(const CsvFormat& format, std::span<const std::int64_t> time) {
  const bool is_date = format.time.kind == TimeFormat::Kind::kText && !format.time.has_clock;
  if (is_date || time.size() < 2 || has_bar_columns(format)) return std::nullopt;
  const auto name_of = [&](ColumnRole role) -> std::string {
    const std::size_t index = format.column_of(role);
    return index < format.columns.size() ? format.columns[index].name : std::string();
  };
  const std::string bid = name_of(ColumnRole::kBid), ask = name_of(ColumnRole::kAsk);
  if (is_quote_name(bid) && is_quote_name(ask)) return fmt::format("columns '{}' and '{}'", bid, ask);
  if (format.quotes_only) return std::nullopt;
  const std::string price = name_of(ColumnRole::kClose);
  const bool has_names =
      std::ranges::any_of(format.columns, [](const CsvColumn& column) { return !column.name.empty(); });
  if (has_names && !is_trade_price_name(price)) return std::nullopt;
  if (is_crowded(time)) return "rows less than a second apart";
  if (has_names && time.size() > kStepsMin && !infer_timeframe(time)) return "rows at times that no timeframe gives";
  return std::nullopt;
}

}  // namespace tradeassist::feed

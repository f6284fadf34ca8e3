#include "report/export/tables/bars_xlsx.hpp"

#include <algorithm>
#include <span>

#include "report/export/tables/sheet.hpp"

namespace tradeassist::report {
namespace {

using Kind = ResultTable::Kind;

/// The names that a sheet may have are short and without some characters.
std::string title_of(const interchange::SeriesMetadata& metadata) {
  constexpr std::size_t kTitleMax = 31;
  std::string title = metadata.symbol + " " + metadata.timeframe;
  std::ranges::replace_if(
      title, [](char c) { return std::string_view("[]:*?/\\'").find(c) != std::string_view::npos; }, '_');
  std::size_t size = std::min(title.size(), kTitleMax);
  while (size > 0 && size < title.size() && (static_cast<unsigned char>(title[size]) & 0xC0) == 0x80) --size;
  title.resize(size);
  return title;
}

}  // namespace

base::Result<std::string> bars_xlsx(const interchange::BarTable& table) {
  const market::Series& bars = table.series;
  std::vector<ResultTable::Column> columns = {{"time", Kind::kTime},    {"open", Kind::kNumber},
                                              {"high", Kind::kNumber},  {"low", Kind::kNumber},
                                              {"close", Kind::kNumber}, {"volume", Kind::kNumber}};
  std::vector<std::span<const double>> numbers = {bars.open, bars.high, bars.low, bars.close, bars.volume};
  for (std::size_t i = 0; i < market::kOptionalColumns.size(); ++i) {
    if (!market::is_present(bars, market::kOptionalColumns[i])) continue;
    columns.push_back({std::string(market::kOptionalColumnNames[i]), Kind::kNumber});
    numbers.emplace_back(bars.*market::kOptionalColumns[i]);
  }
  for (const interchange::NumberColumn& column : table.numbers) {
    columns.push_back({column.name, Kind::kNumber});
    numbers.push_back(column.values);
  }
  for (const interchange::WordColumn& column : table.words) columns.push_back({column.name, Kind::kText});
  return sheet_xlsx(title_of(table.metadata), columns, bars.size(),
                    [&](std::size_t row, std::size_t column) -> ResultTable::Value {
                      if (column == 0) return base::time_from_nanoseconds(bars.time[row]);
                      if (column <= numbers.size()) return numbers[column - 1][row];
                      const interchange::WordColumn& words = table.words[column - 1 - numbers.size()];
                      const std::uint32_t word = words.word[row];
                      if (word == interchange::kNoWord) return std::monostate();
                      return words.words[word];
                    });
}

}  // namespace tradeassist::report

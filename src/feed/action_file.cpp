#include "feed/action_file.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <tuple>

#include "feed/text/csv_table.hpp"
#include "market/date_text.hpp"

namespace tradeassist::feed {
namespace {

using market::CorporateAction;

struct Columns {
  std::size_t ex_date = 0, kind = 0, value = 0;
  std::optional<std::size_t> symbol;
};

base::Result<store::ActionOf> read_line(const CsvTable& table, const Columns& columns, const std::string& symbol) {
  store::ActionOf read{.symbol = symbol};
  if (columns.symbol) {
    TRY_ASSIGN(const std::string_view own, table.text(*columns.symbol));
    if (!own.empty()) read.symbol = own;
  }
  if (read.symbol.empty()) return table.wrong("has no symbol; name one in the line or for the whole file");
  TRY_ASSIGN(const std::string_view date, table.text(columns.ex_date));
  const auto ex_date = market::parse_date(date);
  if (!ex_date) return table.wrong("ex_date: " + ex_date.error().message);
  TRY_ASSIGN(const std::string_view name, table.text(columns.kind));
  const auto kind = market::parse_action_kind(name);
  if (!kind) return table.wrong("kind: " + kind.error().message);
  TRY_ASSIGN(const double value, table.number(columns.value));
  read.action = {*ex_date, *kind, value};
  if (const auto good = market::check_action(read.action); !good) return table.wrong(good.error().message);
  return read;
}

}  // namespace

base::Result<ActionFile> read_actions(const std::filesystem::path& path, const std::string& symbol) {
  TRY_ASSIGN(CsvTable table, CsvTable::open(path));
  Columns columns;
  TRY_ASSIGN(columns.ex_date, table.require({"ex_date", "date"}));
  TRY_ASSIGN(columns.kind, table.require({"kind", "type"}));
  TRY_ASSIGN(columns.value, table.require({"value"}));
  columns.symbol = table.find({"symbol"});
  if (!columns.symbol && symbol.empty()) { TRY(table.require({"symbol"})); }
  ActionFile file;
  std::map<std::tuple<std::string, std::int64_t, CorporateAction::Kind>, std::int64_t> lines;
  while (table.next()) {
    auto read = read_line(table, columns, symbol);
    if (read) {
      const auto [first, is_new] =
          lines.try_emplace({read->symbol, read->action.ex_date, read->action.kind}, table.line());
      if (!is_new) {
        read = table.wrong(fmt::format("{} is of one kind and date with line {}; give one of them",
                                       market::describe(read->action), first->second));
      }
    }
    if (!read) {
      if (++file.bad_count <= kBadLinesMax) file.bad_lines.push_back(read.error().message);
      continue;
    }
    file.actions.push_back(std::move(*read));
    if (file.actions.size() > store::kActionsPutMax) {
      return base::failure(
          base::ErrorCode::kResourceExhausted,
          fmt::format("{} has more than {} splits and dividends; divide it", path.string(), store::kActionsPutMax));
    }
  }
  return file;
}

}  // namespace tradeassist::feed

#include "interchange/sql/store_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "interchange/duckdb/table_function.hpp"
#include "store/answers/bar_query.hpp"
#include "store/catalogue/all_series.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;

base::Result<std::int64_t> parse_count(const std::string& text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [at, status] = std::from_chars(text.data(), end, count);
  if (status == std::errc() && at == end) return count;
  return failure(ErrorCode::kInvalidArgument, fmt::format("last := '{}' is not a whole number", text));
}

base::Result<store::BarQuery> bar_query(const Arguments& arguments, std::int64_t rows_max) {
  store::BarQuery query;
  query.rows_max = rows_max;
  query.symbol = arguments.positional[0];
  TRY_ASSIGN(query.timeframe, market::parse_timeframe(arguments.positional[1]));
  for (const auto& [name, text] : arguments.named) {
    if (name == "from") {
      TRY_ASSIGN(query.from, base::parse_time(text));
    } else if (name == "to") {
      TRY_ASSIGN(query.to, base::parse_time(text));
    } else if (name == "last") {
      TRY_ASSIGN(query.last, parse_count(text));
    } else if (name == "price_adjustment") {
      TRY_ASSIGN(query.price_adjustment, market::parse_price_adjustment(text));
    } else {
      query.source = text;
    }
  }
  if (query.last && (query.from || query.to))
    return failure(ErrorCode::kInvalidArgument, "give either last or from and to");
  return query;
}

/// Bars of one scan, given out in parts: of a column that is not known of any bar, one part of unknown values serves
/// all.
struct BarsToRead {
  static constexpr std::size_t kPartRows = 65'536;
  explicit BarsToRead(market::Series bars)
      : series(std::move(bars)), unknown(std::min(series.size(), kPartRows), market::kNotKnown) {}
  const market::Series series;
  const std::vector<double> unknown;
};

/// The rows from `first` on, as many as a part has.
Table part_of(const std::shared_ptr<const BarsToRead>& bars, std::size_t first) {
  const market::Series& series = bars->series;
  Table table;
  table.rows = std::min(series.size() - first, BarsToRead::kPartRows);
  table.columns.emplace_back(Times{std::span(series.time).subspan(first, table.rows)});
  for (const auto column : {&market::Series::open, &market::Series::high, &market::Series::low, &market::Series::close,
                            &market::Series::volume})
    table.columns.emplace_back(std::span<const double>(series.*column).subspan(first, table.rows));
  for (const auto column : market::kOptionalColumns) {
    const bool is_known = market::is_present(series, column);
    table.columns.emplace_back(is_known ? std::span<const double>(series.*column).subspan(first, table.rows)
                                        : std::span<const double>(bars->unknown).first(table.rows));
  }
  table.owner = bars;
  return table;
}

base::Result<Table> read_bars(store::MarketStore& store, const Arguments& arguments, std::int64_t rows_max) {
  TRY_ASSIGN(const store::BarQuery query, bar_query(arguments, rows_max));
  TRY_ASSIGN(store::BarAnswer answer, store::answer(store, query));
  const auto bars = std::make_shared<const BarsToRead>(std::move(answer.bars));
  Table first = part_of(bars, 0);
  first.more = [bars, at = first.rows]() mutable -> base::Result<std::optional<Table>> {
    if (at == bars->series.size()) return std::nullopt;
    Table next = part_of(bars, at);
    at += next.rows;
    return next;
  };
  return first;
}

TableFunction bars_function(store::MarketStore& store, std::int64_t rows_max) {
  TableFunction function;
  function.name = "bars";
  function.parameters = {"symbol", "timeframe"};
  function.named_parameters = {"from", "to", "last", "source", "price_adjustment"};
  function.columns = {{"time", CellType::kTime}};
  for (const char* name :
       {"open", "high", "low", "close", "volume", "open_interest", "trade_count", "vwap"})  // as of kOptionalColumns
    function.columns.push_back({name, CellType::kNumber});
  function.read = [&store, rows_max](const Arguments& arguments) -> base::Result<Table> {
    auto table = read_bars(store, arguments, rows_max);
    if (!table)
      return base::in_context(fmt::format("bars('{}', '{}')", arguments.positional[0], arguments.positional[1]),
                              std::move(table).error());
    return table;
  };
  return function;
}

TableFunction instruments_function(store::MarketStore& store) {
  TableFunction function;
  function.name = "instruments";
  for (const char* name : {"symbol", "name", "asset_class", "exchange", "currency", "time_zone", "session"})
    function.columns.push_back({name, CellType::kText});
  for (const char* name : {"tick_size", "point_value", "quantity_step"})
    function.columns.push_back({name, CellType::kNumber});
  function.read = [&store](const Arguments&) -> base::Result<Table> {
    TRY_ASSIGN(const std::vector<market::Instrument> all, store.list_instruments());
    struct Numbers {
      std::vector<double> tick_size, point_value, quantity_step;
    };
    const auto numbers = std::make_shared<Numbers>();
    std::vector<std::vector<std::string>> texts(7);
    for (const market::Instrument& one : all) {
      const std::string* const fields[] = {&one.symbol,   &one.name,      &one.asset_class, &one.exchange,
                                           &one.currency, &one.time_zone, &one.session};
      for (std::size_t i = 0; i < texts.size(); ++i) texts[i].push_back(*fields[i]);
      numbers->tick_size.push_back(one.tick_size);
      numbers->point_value.push_back(one.point_value);
      numbers->quantity_step.push_back(one.quantity_step);
    }
    Table table;
    table.rows = all.size();
    for (std::vector<std::string>& column : texts) table.columns.emplace_back(std::move(column));
    for (const auto* column : {&numbers->tick_size, &numbers->point_value, &numbers->quantity_step})
      table.columns.emplace_back(std::span<const double>(*column));
    table.owner = numbers;
    return table;
  };
  return function;
}

TableFunction series_function(store::MarketStore& store) {
  TableFunction function;
  function.name = "series";
  function.columns = {{"symbol", CellType::kText},       {"timeframe", CellType::kText},
                      {"source", CellType::kText},       {"bars", CellType::kCount},
                      {"first_time", CellType::kTime},   {"last_time", CellType::kTime},
                      {"corrections", CellType::kCount}, {"appended_at", CellType::kTime}};
  function.read = [&store](const Arguments&) -> base::Result<Table> {
    TRY_ASSIGN(const std::vector<store::SeriesInfo> all, store::all_series(store));
    struct Columns {
      std::vector<std::int64_t> bars, first_time, last_time, corrections, appended_at;
    };
    const auto columns = std::make_shared<Columns>();
    std::vector<std::string> symbol, timeframe, source;
    const auto nanoseconds = [](const std::optional<base::Time>& time) {
      return time ? base::to_nanoseconds(*time) : kNoTime;
    };
    for (const store::SeriesInfo& one : all) {
      symbol.push_back(one.key.symbol);
      timeframe.push_back(market::to_string(one.key.timeframe));
      source.push_back(one.key.source);
      columns->bars.push_back(one.row_count);
      columns->first_time.push_back(nanoseconds(one.first_time));
      columns->last_time.push_back(nanoseconds(one.last_time));
      columns->corrections.push_back(one.corrections);
      columns->appended_at.push_back(nanoseconds(one.appended_at));
    }
    Table table;
    table.rows = all.size();
    table.columns = {std::move(symbol),
                     std::move(timeframe),
                     std::move(source),
                     std::span<const std::int64_t>(columns->bars),
                     Times{columns->first_time},
                     Times{columns->last_time},
                     std::span<const std::int64_t>(columns->corrections),
                     Times{columns->appended_at}};
    table.owner = columns;
    return table;
  };
  return function;
}

}  // namespace

base::Result<void> register_store_functions(Connection& connection, store::MarketStore& store, std::int64_t rows_max) {
  TRY(register_table_function(connection, bars_function(store, rows_max)));
  TRY(register_table_function(connection, instruments_function(store)));
  return register_table_function(connection, series_function(store));
}

}  // namespace tradeassist::interchange

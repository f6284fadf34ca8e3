#include "store/answers/continuous_bars.hpp"

#include <fmt/format.h>

#include <map>

#include "market/calendar/calendar.hpp"
#include "market/futures/product.hpp"
#include "store/answers/bar_query.hpp"
#include "store/catalogue/all_series.hpp"

namespace tradeassist::store {
namespace {

using market::ContractName;

/// Symbols by contract; several timeframes and sources of one symbol are one contract.
base::Result<std::map<ContractName, std::string>> symbols_of(MarketStore& store, std::string_view root) {
  std::map<ContractName, std::string> symbols;
  TRY_ASSIGN(const std::vector<SeriesInfo> all, all_series(store));
  for (const SeriesInfo& series : all) {
    if (!series.last_time) continue;
    const std::int64_t day = market::day_of(base::to_nanoseconds(*series.last_time));
    const auto name = market::parse_contract(series.key.symbol, {.root = root, .as_of = market::civil_from_days(day)});
    if (!name) continue;
    const auto [known, is_new] = symbols.emplace(*name, series.key.symbol);
    if (!is_new && known->second != series.key.symbol) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           fmt::format("{} and {} are stored, and both are the contract {}; keep one of them",
                                       known->second, series.key.symbol, market::to_string(*name)));
    }
  }
  return symbols;
}

}  // namespace

base::Result<StoredContracts> read_contracts(MarketStore& store, std::string_view root, market::Timeframe timeframe) {
  TRY_ASSIGN(const auto symbols, symbols_of(store, root));
  StoredContracts read;
  BarQuery query;
  query.timeframe = timeframe;
  for (const auto& [name, symbol] : symbols) {
    query.symbol = symbol;
    TRY_ASSIGN(BarAnswer answer, answer_stored(store, query));
    if (answer.bars.empty()) continue;
    read.contracts.push_back({.name = name, .bars = std::make_shared<const market::Series>(std::move(answer.bars))});
    read.series.push_back(std::move(answer.series));
    read.instrument = std::move(answer.instrument);
  }
  if (read.contracts.empty()) {
    return base::failure(
        base::ErrorCode::kNotFound,
        fmt::format("no contracts of {} are stored; import some under names such as {}Z2025", root, root));
  }
  return read;
}

base::Result<StoredContinuous> read_continuous(MarketStore& store, std::string_view root, market::Timeframe timeframe,
                                               const market::ContinuousOptions& options) {
  StoredContinuous made;
  TRY_ASSIGN(made.from, read_contracts(store, root, timeframe));
  const auto product = market::find_product(root);
  market::CalendarPtr calendar;
  if (product) { TRY_ASSIGN(calendar, market::find_calendar(product->calendar)); }
  const market::TradeDays days(calendar, market::bar_times_of(made.from.contracts));
  if (options.rule.kind != market::RollRule::Kind::kGiven) {
    market::set_last_trade_dates(made.from.contracts, product ? &*product : nullptr, calendar.get(), days);
  }
  TRY_ASSIGN(made.series, market::continuous_series(made.from.contracts, options, days));
  return made;
}

}  // namespace tradeassist::store

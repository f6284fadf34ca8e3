#include "server/historical/frequencies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "market/futures/continuous_symbol.hpp"
#include "market/futures/contract_name.hpp"
#include "store/answers/bar_query.hpp"
#include "store/catalogue/all_series.hpp"

namespace tradeassist::server {
namespace {

using report::StoredBase;

/// Adds series up by timeframe and source.
class Bases {
 public:
  void add(const store::SeriesInfo& series) {
    StoredBase& base = bases_[{market::to_string(series.key.timeframe), series.key.source}];
    base.timeframe = series.key.timeframe;
    base.source = series.key.source;
    ++base.series_count;
    base.row_count += series.row_count;
    if (!series.first_time) return;
    base.first_time = std::min(base.first_time.value_or(*series.first_time), *series.first_time);
    base.last_time = std::max(base.last_time.value_or(*series.last_time), *series.last_time);
  }

  std::vector<StoredBase> in_order() const {
    std::vector<StoredBase> all;
    for (const auto& [key, base] : bases_) all.push_back(base);
    // Ticks have no length, so they come last.
    const auto rank = [](const StoredBase& base) {
      return std::pair(base.timeframe.nominal_seconds(), base.row_count);
    };
    std::ranges::stable_sort(all, std::ranges::greater(), rank);
    return all;
  }

 private:
  std::map<std::pair<std::string, std::string>, StoredBase> bases_;
};

base::Result<StoredBases> bases_of_contracts(store::MarketStore& store, const std::string& symbol) {
  TRY_ASSIGN(const market::ContinuousSymbol continuous, market::parse_continuous(symbol));
  TRY_ASSIGN(const std::vector<store::SeriesInfo> stored, store::all_series(store));
  Bases bases;
  for (const store::SeriesInfo& series : stored) {
    if (!series.last_time) continue;
    const std::int64_t day = market::day_of(base::to_nanoseconds(*series.last_time));
    const auto name =
        market::parse_contract(series.key.symbol, {.root = continuous.root, .as_of = market::civil_from_days(day)});
    if (name) bases.add(series);
  }
  StoredBases all{bases.in_order(), true};
  if (!all.bases.empty()) return all;
  return base::failure(
      base::ErrorCode::kNotFound,
      fmt::format("no contracts of {0} are stored; import some under names such as {0}Z2025", continuous.root));
}

}  // namespace

base::Result<StoredBases> stored_bases(store::MarketStore& store, const std::string& symbol) {
  const auto instrument = store.instrument(symbol);
  if (!instrument) {
    const bool is_unknown = instrument.error().code == base::ErrorCode::kNotFound;
    if (is_unknown && market::looks_continuous(symbol)) return bases_of_contracts(store, symbol);
    return std::unexpected(instrument.error());
  }
  Bases bases;
  TRY_ASSIGN(const std::vector<store::SeriesInfo> of_symbol, store::all_series(store, symbol));
  for (const store::SeriesInfo& series : of_symbol) bases.add(series);
  return StoredBases{bases.in_order(), false};
}

std::vector<StoredBase> bases_of(market::Timeframe frequency, const StoredBases& stored) {
  // Contracts are joined in bars of at most a day.
  const bool is_joined = stored.is_continuous && !frequency.is_intraday();
  const market::Timeframe wanted = is_joined ? market::Timeframe{market::Timeframe::Unit::kDay, 1} : frequency;
  std::vector<StoredBase> serving;
  for (const StoredBase& base : stored.bases) {
    if (base.timeframe == market::kTickTimeframe || store::is_made_of(wanted, base.timeframe)) serving.push_back(base);
  }
  return serving;
}

}  // namespace tradeassist::server

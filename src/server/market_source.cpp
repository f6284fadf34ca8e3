#include "server/market_source.hpp"

#include <map>
#include <mutex>
#include <utility>

#include "market/futures/continuous_symbol.hpp"

namespace tradeassist::server {
namespace {

using backtest::SourcedSeries;

/// The stored symbol that "SPY" or "ARCA:SPY" names: as it is stored, or the part after its exchange. "ES1!" and
/// "CME_MINI:ES1!" may be stored as they are, or be made of contracts.
base::Result<std::string> find_symbol(store::MarketStore& store, const std::string& symbol) {
  const auto whole = store.instrument(symbol);
  const std::size_t colon = symbol.find(':');
  if (whole) return symbol;
  if (whole.error().code != base::ErrorCode::kNotFound) return std::unexpected(whole.error());
  if (colon != std::string::npos) {
    auto part = store.instrument(symbol.substr(colon + 1));
    if (!part && part.error().code != base::ErrorCode::kNotFound) return std::unexpected(part.error());
    if (part && (part->exchange.empty() || part->exchange == symbol.substr(0, colon))) return part->symbol;
  }
  if (market::looks_continuous(symbol)) return symbol;
  return base::failure(base::ErrorCode::kNotFound,
                       "there are no bars of " + symbol + "; import them under that symbol first");
}

class Source {
 public:
  Source(store::SeriesCache& cache, market::PriceAdjustment adjustment) : cache_(cache), adjustment_(adjustment) {}

  base::Result<SourcedSeries> series(const std::string& symbol, market::Timeframe timeframe) {
    const auto key = std::pair(symbol, market::to_string(timeframe));
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    }
    // Two runs may read the same at the same time; they read the same bars.
    store::BarQuery query;
    TRY_ASSIGN(query.symbol, find_symbol(cache_.store(), symbol));
    query.timeframe = timeframe;
    query.rows_max = kSourceBarsMax;
    if (!market::looks_continuous(query.symbol)) query.price_adjustment = adjustment_;
    TRY_ASSIGN(const store::CachedAnswer kept, cache_.answer(query));
    SourcedSeries made{kept.bars(), kept.answer->instrument};
    const std::lock_guard lock(mutex_);
    const auto bars = static_cast<std::int64_t>(made.series->size());
    if (bars_ + bars <= kSourceBarsMax && kept_.emplace(key, made).second) bars_ += bars;
    return made;
  }

 private:
  store::SeriesCache& cache_;
  market::PriceAdjustment adjustment_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, SourcedSeries> kept_;  // by symbol as asked and timeframe
  std::int64_t bars_ = 0;                                              // of kept_
};

}  // namespace

backtest::SeriesSource market_source(store::SeriesCache& cache, market::PriceAdjustment adjustment) {
  return [source = std::make_shared<Source>(cache, adjustment)](
             const std::string& symbol, market::Timeframe timeframe) { return source->series(symbol, timeframe); };
}

}  // namespace tradeassist::server

#include "server/market_source.hpp"

#include <map>
#include <mutex>
#include <utility>

#include "store/bar_query.hpp"

namespace tradeassist::server {
namespace {

using backtest::SourcedSeries;

/// The stored instrument that "SPY" or "ARCA:SPY" names: its symbol as it is stored, or the part after its exchange.
base::Result<market::Instrument> find_instrument(store::MarketStore& store, const std::string& symbol) {
  auto whole = store.instrument(symbol);
  const std::size_t colon = symbol.find(':');
  if (whole || whole.error().code != base::ErrorCode::kNotFound) return whole;
  if (colon != std::string::npos) {
    auto part = store.instrument(symbol.substr(colon + 1));
    if (!part && part.error().code != base::ErrorCode::kNotFound) return part;
    if (part && (part->exchange.empty() || part->exchange == symbol.substr(0, colon))) return part;
  }
  return base::failure(base::ErrorCode::kNotFound,
                       "there are no bars of " + symbol + "; import them under that symbol first");
}

class Source {
 public:
  explicit Source(store::MarketStore& store) : store_(store) {}

  base::Result<SourcedSeries> series(const std::string& symbol, market::Timeframe timeframe) {
    const auto key = std::pair(symbol, market::to_string(timeframe));
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    }
    // Two runs may read the same at the same time; they read the same bars.
    TRY_ASSIGN(const market::Instrument instrument, find_instrument(store_, symbol));
    store::BarQuery query;
    query.symbol = instrument.symbol;
    query.timeframe = timeframe;
    query.rows_max = kSourceBarsMax;
    TRY_ASSIGN(store::BarAnswer answer, store::answer(store_, query));
    SourcedSeries made{std::make_shared<const market::Series>(std::move(answer.bars)), answer.instrument};
    const std::lock_guard lock(mutex_);
    const auto bars = static_cast<std::int64_t>(made.series->size());
    if (bars_ + bars <= kSourceBarsMax && kept_.emplace(key, made).second) bars_ += bars;
    return made;
  }

 private:
  store::MarketStore& store_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, SourcedSeries> kept_;  // by symbol as asked and timeframe
  std::int64_t bars_ = 0;                                              // of kept_
};

}  // namespace

backtest::SeriesSource market_source(store::MarketStore& store) {
  return [source = std::make_shared<Source>(store)](const std::string& symbol, market::Timeframe timeframe) {
    return source->series(symbol, timeframe);
  };
}

}  // namespace tradeassist::server

#include "app/live_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "feed/providers/replay/replay.hpp"
#include "feed/providers/schwab/streamer.hpp"
#include "store/bar_query.hpp"

namespace tradeassist::app {
namespace {

using base::ErrorCode;

constexpr market::Timeframe kMinute{market::Timeframe::Unit::kMinute, 1};

/// "SPY, /ESZ25" → {"SPY", "/ESZ25"}.
base::Result<std::vector<std::string>> symbols_of(const std::string& text) {
  std::vector<std::string> symbols;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string symbol = text.substr(at, end - at);
    symbol.erase(0, symbol.find_first_not_of(' '));
    symbol.erase(symbol.find_last_not_of(' ') + 1);
    if (!symbol.empty() && std::ranges::find(symbols, symbol) == symbols.end()) symbols.push_back(std::move(symbol));
    at = end + 1;
  }
  if (symbols.size() > feed::kStreamKeysMax) {
    return base::failure(ErrorCode::kInvalidArgument,
                         fmt::format("live_symbols names {}; {} are the most", symbols.size(), feed::kStreamKeysMax));
  }
  if (!symbols.empty()) return symbols;
  return base::failure(ErrorCode::kInvalidArgument,
                       "live_symbols names none; give those that the live source is asked for, e.g. SPY,QQQ");
}

base::Result<std::unique_ptr<feed::LiveSource>> replay(const base::Config& config, store::MarketStore& store,
                                                       const std::vector<std::string>& symbols, feed::Clock& clock) {
  const auto timeframe = market::parse_timeframe(config.live_timeframe);
  if (!timeframe) return base::in_context("live_timeframe", timeframe.error());
  std::vector<feed::ReplaySeries> series;
  for (const std::string& symbol : symbols) {
    store::BarQuery query;
    query.symbol = symbol;
    query.timeframe = *timeframe;
    query.last = config.live_replay_bars;
    auto answer = store::answer(store, query);
    if (!answer) return base::in_context("live_symbols", answer.error());
    series.push_back({symbol, *timeframe, std::make_shared<const market::Series>(std::move(answer->bars))});
  }
  const feed::ReplayOptions options{.speed = static_cast<double>(config.live_replay_speed)};
  return std::make_unique<feed::Replay>(std::move(series), options, clock);
}

/// The start of the last minute that is stored of each symbol.
base::Result<std::map<std::string, base::Time>> last_bars(store::MarketStore& store,
                                                          const std::vector<std::string>& symbols,
                                                          std::string_view source) {
  std::map<std::string, base::Time> last;
  for (const std::string& symbol : symbols) {
    TRY_ASSIGN(const auto all, store.list_series({.symbol = symbol}));
    for (const store::SeriesInfo& info : all) {
      if (info.key.timeframe == kMinute && info.key.source == source && info.last_time) last[symbol] = *info.last_time;
    }
  }
  return last;
}

base::Result<market::Instrument> describe_stream(const SchwabParts& schwab, const std::string& symbol) {
  if (!symbol.starts_with('/')) return schwab.history.describe(symbol);
  return market::Instrument{.symbol = symbol, .asset_class = "future", .time_zone = "America/Chicago"};
}

}  // namespace

base::Result<std::unique_ptr<server::LiveFeed>> start_live_feed(const base::Config& config, store::MarketStore& store,
                                                                server::Publisher& publisher, feed::Clock& clock,
                                                                SchwabParts* schwab) {
  if (config.live_source == "none") return nullptr;
  TRY_ASSIGN(const std::vector<std::string> symbols, symbols_of(config.live_symbols));
  std::unique_ptr<feed::LiveSource> source;
  server::LiveRecorderOptions options{.source = config.live_source, .is_stored = false, .describe = {}};
  if (config.live_source == "replay") {
    TRY_ASSIGN(source, replay(config, store, symbols, clock));
  } else {
    if (schwab == nullptr) {
      return base::failure(ErrorCode::kInvalidArgument,
                           "live_source is schwab, and schwab_key and schwab_secret are not set");
    }
    options.is_stored = true;
    options.describe = [schwab](const std::string& symbol) { return describe_stream(*schwab, symbol); };
    feed::StreamRequest request;
    for (const std::string& symbol : symbols)
      (symbol.starts_with('/') ? request.futures : request.equities).push_back(symbol);
    TRY_ASSIGN(request.last_bars, last_bars(store, symbols, config.live_source));
    source = std::make_unique<feed::SchwabStreamer>(schwab->session, schwab->history, schwab->guard, request);
  }
  return std::make_unique<server::LiveFeed>(
      std::move(source), std::make_unique<server::LiveRecorder>(store, publisher, clock, std::move(options)));
}

}  // namespace tradeassist::app

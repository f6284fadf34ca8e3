#include "app/live_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "feed/providers/holes.hpp"
#include "feed/providers/replay/replay.hpp"
#include "feed/providers/schwab/streamer.hpp"
#include "market/instrument_calendar.hpp"
#include "store/answers/bar_query.hpp"
#include "store/catalogue/all_series.hpp"

namespace tradeassist::app {
namespace {

using base::ErrorCode;

constexpr market::Timeframe kMinute{market::Timeframe::Unit::kMinute, 1};

/// "SPY, /ESZ25" → {"SPY", "/ESZ25"}.
base::Result<std::vector<std::string>> symbols_of(std::string_view text) {
  std::vector<std::string> symbols;
  while (!text.empty()) {
    const std::string_view symbol = base::take_until(text, ',');
    if (!symbol.empty() && std::ranges::find(symbols, symbol) == symbols.end()) symbols.emplace_back(symbol);
  }
  const auto is_future = [](const std::string& symbol) { return symbol.starts_with('/'); };
  const std::size_t keys = symbols.size() + static_cast<std::size_t>(std::ranges::count_if(symbols, is_future));
  if (keys > feed::kStreamKeysMax) {
    return base::failure(ErrorCode::kInvalidArgument,
                         fmt::format("live_symbols needs {} of the {} that can be streamed: a future is two, its bars "
                                     "and its quotes",
                                     keys, feed::kStreamKeysMax));
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

/// The stretches that the stored minutes lack in their last days; of what lies before, `tradeassist fetch` asks.
base::Result<std::vector<feed::TimeSpan>> stored_holes(store::MarketStore& store, const store::SeriesInfo& series) {
  constexpr auto kLookedAt = std::chrono::days(10);
  TRY_ASSIGN(const market::Instrument instrument, store.instrument(series.key.symbol));
  const base::Time from = std::max(*series.first_time, *series.last_time - kLookedAt);
  if (from == *series.last_time || !market::calendar_name_for(instrument)) return std::vector<feed::TimeSpan>{};
  return feed::find_holes(store, series.id, instrument, {series.key.symbol, kMinute, from, *series.last_time});
}

/// What is asked of Schwab's streamer: minutes of all, quotes of futures, and what is missing of what is stored.
base::Result<feed::StreamRequest> stream_request(store::MarketStore& store, const std::vector<std::string>& symbols,
                                                 std::string_view source) {
  feed::StreamRequest request;
  for (const std::string& symbol : symbols) {
    const bool is_future = symbol.starts_with('/');
    (is_future ? request.futures : request.equities).push_back(symbol);
    if (is_future) request.futures_quotes.push_back(symbol);
    TRY_ASSIGN(const std::vector<store::SeriesInfo> stored, store::all_series(store, symbol));
    for (const store::SeriesInfo& series : stored) {
      if (series.key.timeframe != kMinute || series.key.source != source || !series.last_time) continue;
      request.last_bars[symbol] = *series.last_time;
      // Of futures there is no history to fill them from; they were reported when they came to be.
      if (!is_future) { TRY_ASSIGN(request.stored_holes[symbol], stored_holes(store, series)); }
    }
  }
  return request;
}

server::LiveLogin login_of(const feed::SchwabSession& session) {
  const auto status = session.status();
  if (!status) return {.state = "unknown", .is_good = false, .message = status.error().message};
  const bool is_good = status->state == feed::LoginState::kValid;
  return {std::string(feed::to_string(status->state)), is_good, status->logged_in_at, status->ends_at, status->message};
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
  server::LiveRecorderOptions options{.source = config.live_source, .is_stored = false, .describe = {}};
  server::LiveFeedOptions feed_options;
  if (config.live_source == "replay") {
    feed_options.make = [&config, &store, symbols, &clock] { return replay(config, store, symbols, clock); };
  } else {
    if (schwab == nullptr) {
      return base::failure(ErrorCode::kInvalidArgument,
                           "live_source is schwab, and schwab_key and schwab_secret are not set");
    }
    options.is_stored = true;
    options.describe = [schwab](const std::string& symbol) { return describe_stream(*schwab, symbol); };
    feed_options.make = [schwab, &store, symbols,
                         name = config.live_source]() -> base::Result<std::unique_ptr<feed::LiveSource>> {
      TRY_ASSIGN(feed::StreamRequest request, stream_request(store, symbols, name));
      return std::make_unique<feed::SchwabStreamer>(schwab->session, schwab->history, schwab->guard,
                                                    std::move(request));
    };
    feed_options.login = [schwab] { return login_of(schwab->session); };
  }
  return server::LiveFeed::start(std::move(feed_options),
                                 std::make_unique<server::LiveRecorder>(store, publisher, clock, std::move(options)));
}

}  // namespace tradeassist::app

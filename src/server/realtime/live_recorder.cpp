#include "server/realtime/live_recorder.hpp"

#include <boost/json/value.hpp>

#include "base/log.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kChannel = "live";

json::value time_value(base::Time time) {
  return time == base::Time{} ? json::value(nullptr) : json::value(base::format_time(time));
}

json::object bar_json(const feed::LiveBar& live, const std::string& source) {
  const market::Bar& bar = live.bar;
  return {{"symbol", live.symbol},
          {"timeframe", market::to_string(live.timeframe)},
          {"source", source},
          {"time", base::format_time(bar.time)},
          {"open", report::number(bar.open)},
          {"high", report::number(bar.high)},
          {"low", report::number(bar.low)},
          {"close", report::number(bar.close)},
          {"volume", report::number(bar.volume)},
          {"is_late", live.is_late},
          {"is_backfill", live.is_backfill}};
}

json::object quote_json(const feed::LiveQuote& quote) {
  json::object out{{"symbol", quote.symbol},
                   {"quote_time", time_value(quote.quote_time)},
                   {"trade_time", time_value(quote.trade_time)}};
  const std::pair<const char*, double> values[] = {{"bid", quote.bid},
                                                   {"ask", quote.ask},
                                                   {"last", quote.last},
                                                   {"bid_size", quote.bid_size},
                                                   {"ask_size", quote.ask_size},
                                                   {"last_size", quote.last_size},
                                                   {"volume", quote.volume},
                                                   {"open", quote.open},
                                                   {"high", quote.high},
                                                   {"low", quote.low},
                                                   {"previous_close", quote.previous_close},
                                                   {"open_interest", quote.open_interest},
                                                   {"mark", quote.mark},
                                                   {"settlement", quote.settlement}};
  for (const auto& [name, value] : values) out[name] = report::number(value);
  return out;
}

}  // namespace

LiveRecorder::LiveRecorder(store::MarketStore& store, Publisher& publisher, feed::Clock& clock,
                           LiveRecorderOptions options)
    : store_(store), publisher_(publisher), clock_(clock), options_(std::move(options)) {
  status_.since = clock_.now();
  if (options_.is_stored) appender_ = std::make_unique<store::LiveAppender>(store_);
}

LiveRecorder::~LiveRecorder() {
  appender_.reset();  // stores what waits
  for (const auto& [key, place] : places_) {
    if (const auto finished = store_.finish_import(place.import_id); !finished) {
      base::log(base::LogLevel::kError, "live import not finished",
                {{"symbol", key.first}, {"reason", finished.error().message}});
    }
  }
}

base::Result<LiveRecorder::Place> LiveRecorder::place_of(const feed::LiveBar& bar, const Key& key) {
  if (const auto known = places_.find(key); known != places_.end()) return known->second;
  const auto instrument = store_.instrument(bar.symbol);
  if (!instrument && instrument.error().code != base::ErrorCode::kNotFound) return std::unexpected(instrument.error());
  if (!instrument) {
    TRY_ASSIGN(const market::Instrument made, options_.describe(bar.symbol));
    TRY(store_.put_instrument(made, options_.source));
  }
  Place place;
  TRY_ASSIGN(place.series_id, store_.ensure_series({bar.symbol, bar.timeframe, options_.source}, options_.source));
  TRY_ASSIGN(place.import_id, store_.begin_import(place.series_id, options_.source, "live"));
  places_.emplace(key, place);
  return place;
}

void LiveRecorder::count_failure(const Key& key, const base::Error& error) {
  base::log(base::LogLevel::kError, "live bar not stored",
            {{"symbol", key.first}, {"timeframe", key.second}, {"reason", error.message}});
  change([&] {
    ++series_[key].failures;
    unstored_[key] = key.first + " cannot be stored: " + error.message;
  });
}

void LiveRecorder::hand_on(const Key& key, const feed::LiveBar& bar) {
  change([&] {
    LiveSeriesStatus& series = series_[key];
    ++series.bars;
    if (!series.last_bar || *series.last_bar < bar.bar.time) series.last_bar = bar.bar.time;
    unstored_.erase(key);
  });
  publisher_.publish("bars:" + key.first + ":" + key.second, "bar", bar_json(bar, options_.source));
}

void LiveRecorder::on_bar(const feed::LiveBar& bar) {
  const Key key(bar.symbol, market::to_string(bar.timeframe));
  if (!appender_) return hand_on(key, bar);
  const auto place = place_of(bar, key);
  if (!place) return count_failure(key, place.error());
  appender_->append(place->series_id, place->import_id, bar.bar, [this, key, bar](const base::Result<void>& stored) {
    if (stored)
      hand_on(key, bar);
    else
      count_failure(key, stored.error());
  });
}

void LiveRecorder::on_quote(const feed::LiveQuote& quote) {
  publisher_.publish("quotes:" + quote.symbol, "market_data", quote_json(quote));
}

void LiveRecorder::on_hole(const feed::LiveHole& hole) {
  {
    const std::lock_guard lock(mutex_);
    ++status_.holes_count;
    status_.holes.push_back(hole);
    if (status_.holes.size() > kHolesMax) status_.holes.pop_front();
  }
  publisher_.publish(kChannel, "live_hole",
                     {{"symbol", hole.symbol},
                      {"timeframe", market::to_string(hole.timeframe)},
                      {"from", base::format_time(hole.from)},
                      {"to", base::format_time(hole.to)},
                      {"reason", hole.reason},
                      {"is_filled", hole.is_filled}});
}

void LiveRecorder::on_state(feed::LiveState state, const std::string& why) {
  change([&] {
    source_state_ = state;
    source_why_ = why;
  });
}

void LiveRecorder::change(const std::function<void()>& what) {
  const std::lock_guard lock(mutex_);
  what();
  const bool is_short = source_state_ == feed::LiveState::kLive && !unstored_.empty();
  const feed::LiveState state = is_short ? feed::LiveState::kDegraded : source_state_;
  const std::string& why = is_short ? unstored_.begin()->second : source_why_;
  if (state == status_.state && why == status_.why && is_state_told_) return;
  if (state != status_.state) status_.since = clock_.now();
  status_.state = state;
  status_.why = why;
  is_state_told_ = true;
  // Under the lock, so that states are told in their order.
  publisher_.publish(kChannel, "live_state",
                     {{"source", options_.source}, {"state", feed::to_string(state)}, {"why", why}});
}

void LiveRecorder::on_login(const LiveLogin& login) {
  if (!login.is_good) base::log(base::LogLevel::kWarning, "login of the live source", {{"state", login.message}});
  publisher_.publish(kChannel, "live_login",
                     {{"source", options_.source},
                      {"state", login.state},
                      {"ends_at", report::time_or_null(login.ends_at)},
                      {"message", login.message}});
}

LiveStatus LiveRecorder::status() const {
  const std::lock_guard lock(mutex_);
  LiveStatus now = status_;
  for (const auto& [key, series] : series_) {
    now.series.push_back(series);
    now.series.back().symbol = key.first;
    now.series.back().timeframe = key.second;
  }
  return now;
}

}  // namespace tradeassist::server

#include "feed/providers/schwab/streamer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>

#include "base/log.hpp"
#include "feed/providers/schwab/back_fill.hpp"
#include "feed/providers/schwab/chart_order.hpp"
#include "feed/providers/schwab/stream_frames.hpp"
#include "feed/providers/schwab/web_socket.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr market::Timeframe kMinutes{market::Timeframe::Unit::kMinute, 1};
constexpr base::Nanoseconds kLook = std::chrono::milliseconds(200);  // how often held bars are looked at

/// One call at a time, whichever thread it comes from.
class SerialSink : public LiveSink {
 public:
  explicit SerialSink(LiveSink& sink) : sink_(sink) {}
  void on_bar(const LiveBar& bar) override {
    const std::lock_guard lock(mutex_);
    sink_.on_bar(bar);
  }
  void on_quote(const LiveQuote& quote) override {
    const std::lock_guard lock(mutex_);
    sink_.on_quote(quote);
  }
  void on_hole(const LiveHole& hole) override {
    const std::lock_guard lock(mutex_);
    sink_.on_hole(hole);
  }
  void on_state(LiveState state, const std::string& why) override {
    const std::lock_guard lock(mutex_);
    sink_.on_state(state, why);
  }

 private:
  LiveSink& sink_;
  std::mutex mutex_;
};

/// Why a connection ended and another should be made.
struct Ended {
  std::string reason;
  std::optional<base::Nanoseconds> pause_min{};
  bool was_live = false;
};

/// What one run of a streamer knows, over all its connections.
class StreamRun {
 public:
  StreamRun(SchwabSession& session, SchwabPriceHistory& history, SourceGuard& guard, const StreamRequest& request,
            const StreamerOptions& options, LiveSink& sink, const std::stop_token& stop)
      : session_(session),
        request_(request),
        options_(options),
        sink_(sink),
        stop_(stop),
        back_fill_(history, guard, session.clock(), sink_, stop) {
    const auto add = [&](const std::string& symbol, bool is_future) {
      const auto last = request.last_bars.find(symbol);
      const auto known = last == request.last_bars.end() ? std::nullopt : std::optional(last->second);
      charts_.emplace(symbol, Chart{ChartOrder(known, options.reorder_hold), is_future});
    };
    for (const std::string& symbol : request.equities) add(symbol, false);
    for (const std::string& symbol : request.futures) add(symbol, true);
    for (const auto& [symbol, holes] : request.stored_holes)
      back_fill_.fill_stored(symbol, holes, "the stored minutes have holes");
  }

  base::Result<void> run() {
    Backoff backoff(options_.reconnect);
    for (int failures = 0; !stop_.stop_requested();) {
      sink_.on_state(LiveState::kConnecting, "");
      auto ended = connection();
      for (auto& [symbol, chart] : charts_) hand_on(symbol, chart, chart.order.reconnected(), "bars did not come");
      if (!ended) {
        if (ended.error().code == ErrorCode::kCancelled) break;
        // The network and Schwab may come back; a login, a certificate or our own mistake do not.
        if (ended.error().code != ErrorCode::kUnavailable) {
          sink_.on_state(LiveState::kStopped, ended.error().message);
          return std::unexpected(std::move(ended).error());
        }
        ended = Ended{ended.error().message, attempt_.retry_after};
      }
      failures = ended->was_live ? 1 : failures + 1;
      const base::Nanoseconds pause =
          std::max(backoff.delay(failures), ended->pause_min.value_or(base::Nanoseconds(0)));
      reason_ = ended->reason;
      sink_.on_state(LiveState::kDegraded, fmt::format("{}; connecting again in {:.1f} s", ended->reason,
                                                       std::chrono::duration<double>(pause).count()));
      base::log(base::LogLevel::kWarning, "the stream broke", {{"reason", ended->reason}});
      if (!session_.clock().sleep(pause, stop_)) break;
    }
    sink_.on_state(LiveState::kStopped, "stopped on request");
    return {};
  }

 private:
  struct Chart {
    ChartOrder order;
    bool is_future = false;
  };

  /// One connection from login to its end. An error of kUnavailable is an end as well.
  base::Result<Ended> connection() {
    attempt_ = {stop_, {}};
    TRY_ASSIGN(const boost::json::value preferences, session_.get("/trader/v1/userPreference", {}, attempt_));
    TRY_ASSIGN(const StreamerInfo info, parse_streamer_info(preferences));
    TRY_ASSIGN(const std::string token, session_.access_token(attempt_, denied_));
    TRY_ASSIGN(WebSocket socket,
               WebSocket::connect(info.socket_url, session_.options().http.ca_file, options_.connect_timeout, stop_));
    int request_id = 0;
    TRY(socket.send(login_request(info, token, ++request_id), stop_));
    waiting_.clear();
    refused_.clear();
    bool is_logged_in = false;
    base::Nanoseconds heard = session_.clock().elapsed();
    for (;;) {
      TRY_ASSIGN(const std::optional<std::string> text, socket.receive(kLook, stop_));
      const base::Nanoseconds now = session_.clock().elapsed();
      for (auto& [symbol, chart] : charts_) hand_on(symbol, chart, chart.order.flush(now), "the sequence has a gap");
      if (!text) {
        if (now - heard < options_.silence_max) continue;
        return Ended{"no heartbeat", {}, is_logged_in};
      }
      heard = now;
      TRY_ASSIGN(const StreamFrame frame, parse_frame(*text));
      for (const StreamResponse& response : frame.responses) {
        const bool is_login = response.command == "LOGIN";
        if (is_login && is_success(response.code)) {
          is_logged_in = true;
          denied_.clear();
          TRY(subscribe(socket, info, request_id));
          continue;
        }
        TRY_ASSIGN(std::optional<Ended> ended, judge(response, token));
        if (!ended) continue;
        ended->was_live = is_logged_in;
        return *ended;
      }
      take(frame, now);
    }
  }

  base::Result<void> subscribe(WebSocket& socket, const StreamerInfo& info, int& request_id) {
    const auto ask = [&](StreamService service, const std::vector<std::string>& symbols) -> base::Result<void> {
      if (symbols.empty()) return {};
      waiting_.emplace(to_string(service));
      return socket.send(subscribe_request(info, service, symbols, ++request_id), stop_);
    };
    TRY(ask(StreamService::kChartEquity, request_.equities));
    TRY(ask(StreamService::kChartFutures, request_.futures));
    return ask(StreamService::kLevelOneFutures, request_.futures_quotes);
  }

  /// What a response means for the connection: nothing, its end, or the end of the run (an error).
  base::Result<std::optional<Ended>> judge(const StreamResponse& response, const std::string& token) {
    const std::string text =
        fmt::format("{} {}: code {}, {}{}{}", response.service, response.command, response.code,
                    meaning_of(response.code), response.message.empty() ? "" : ": ", response.message);
    const auto again = [&](std::optional<base::Nanoseconds> pause_min = {}) {
      return std::optional(Ended{"schwab streamer: " + text, pause_min});
    };
    switch (response.code) {
      case 3:
        // With a token just renewed, a second denial is about the login itself.
        if (!denied_.empty() && denied_ != token) {
          return failure(ErrorCode::kFailedPrecondition,
                         fmt::format("schwab streamer: {}; log in again: tradeassist schwab login", text));
        }
        denied_ = token;
        return again();
      case 12: return again(options_.crowded_pause);
      case 20:
      case 30: return again();
      case 21: return failure(ErrorCode::kInternal, "schwab streamer: " + text);
      default: break;
    }
    if (response.command == "LOGIN") return again();
    waiting_.erase(response.service);
    if (!is_success(response.code)) refused_.push_back(text);
    if (waiting_.empty()) {
      sink_.on_state(refused_.empty() ? LiveState::kLive : LiveState::kDegraded,
                     fmt::format("{}", fmt::join(refused_, "; ")));
    }
    return std::optional<Ended>();
  }

  void take(const StreamFrame& frame, base::Nanoseconds now) {
    if (frame.unreadable > 0) {
      base::log(base::LogLevel::kWarning, "entries of the stream cannot be read",
                {{"count", std::to_string(frame.unreadable)}});
    }
    for (const ChartBar& bar : frame.bars) {
      const auto found = charts_.find(bar.symbol);
      if (found == charts_.end()) continue;  // not asked for
      const market::Bar& b = bar.bar;
      const bool fits = b.high >= std::max({b.open, b.close, b.low}) && b.low <= std::min(b.open, b.close);
      if (!fits || b.volume < 0) {
        base::log(base::LogLevel::kWarning, "a streamed bar makes no sense and is left out",
                  {{"symbol", bar.symbol}, {"time", base::format_time(b.time)}});
        continue;
      }
      hand_on(bar.symbol, found->second, found->second.order.take(bar.sequence, b, now),
              reason_.empty() ? "bars did not come" : reason_);
    }
    for (const boost::json::object& entry : frame.quotes) {
      const std::string symbol = quote_symbol(entry);
      if (std::ranges::find(request_.futures_quotes, symbol) == request_.futures_quotes.end()) continue;
      LiveQuote& quote = quotes_[symbol];
      quote.symbol = symbol;
      merge_quote(entry, quote);
      sink_.on_quote(quote);
    }
  }

  void hand_on(const std::string& symbol, const Chart& chart, const ChartOrder::Step& step, const std::string& reason) {
    for (const TimeSpan& hole : step.holes) {
      if (chart.is_future) {
        sink_.on_hole({symbol, kMinutes, hole.from, hole.to, reason + "; Schwab has no history of futures", false});
      } else {
        back_fill_.fill(symbol, hole, reason);
      }
    }
    for (const ChartOrder::Ordered& ordered : step.bars) sink_.on_bar({symbol, kMinutes, ordered.bar, ordered.is_late});
  }

  SchwabSession& session_;
  const StreamRequest& request_;
  const StreamerOptions& options_;
  SerialSink sink_;
  const std::stop_token& stop_;
  Attempt attempt_;  // of the connection that is being made
  std::map<std::string, Chart> charts_;
  std::map<std::string, LiveQuote> quotes_;
  std::set<std::string> waiting_;     // services whose subscription was not answered yet
  std::vector<std::string> refused_;  // and those that were refused
  std::string denied_;                // the token that a login was denied with
  std::string reason_;                // why the last connection ended
  BackFill back_fill_;                // last: its thread uses the sink
};

}  // namespace

SchwabStreamer::SchwabStreamer(SchwabSession& session, SchwabPriceHistory& history, SourceGuard& guard,
                               StreamRequest request, const StreamerOptions& options)
    : session_(session), history_(history), guard_(guard), request_(std::move(request)), options_(options) {}

base::Result<void> SchwabStreamer::run(LiveSink& sink, const std::stop_token& stop) {
  const std::size_t keys = request_.equities.size() + request_.futures.size() + request_.futures_quotes.size();
  if (keys == 0) return failure(ErrorCode::kInvalidArgument, "schwab streamer: no symbol was given");
  if (keys > kStreamKeysMax) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("schwab streamer: {} symbols, and Schwab streams at most {}", keys, kStreamKeysMax));
  }
  TRY_ASSIGN(const FileLock lock, session_.tokens().lock_streamer());
  return StreamRun(session_, history_, guard_, request_, options_, sink, stop).run();
}

}  // namespace tradeassist::feed

#pragma once

#include <cstdint>
#include <limits>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// A bar that is over. Bars of a symbol ascend, but for those that came late and corrections, which replace.
struct LiveBar {
  std::string symbol;
  market::Timeframe timeframe;
  market::Bar bar;
  bool is_late = false;      // bars after it were handed on already
  bool is_backfill = false;  // from history, to fill a hole
};

/// What is known of a symbol's market; NaN where nothing is known yet.
struct LiveQuote {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  std::string symbol;
  base::Time quote_time{}, trade_time{};
  double bid = kUnknown, ask = kUnknown, last = kUnknown;
  double bid_size = kUnknown, ask_size = kUnknown, last_size = kUnknown, volume = kUnknown;
  double open = kUnknown, high = kUnknown, low = kUnknown, previous_close = kUnknown;
  double open_interest = kUnknown, mark = kUnknown, tick = kUnknown, multiplier = kUnknown, settlement = kUnknown;
  std::string active_symbol{};
  base::Time expiry{};
};

/// Bars of a symbol that did not come, [from, to).
struct LiveHole {
  std::string symbol;
  market::Timeframe timeframe;
  base::Time from, to;
  std::string reason;
  bool is_filled = false;  // by history; else it stays until somebody fills it
};

enum class LiveState {
  kConnecting,
  kLive,
  kDegraded,  // connected, but something that was asked for does not come; or waiting to connect again
  kStopped,
};
constexpr std::string_view to_string(LiveState state) {
  switch (state) {
    case LiveState::kConnecting: return "connecting";
    case LiveState::kLive: return "live";
    case LiveState::kDegraded: return "degraded";
    case LiveState::kStopped: return "stopped";
  }
  return "";
}

/// Takes what a live source hands on: one call at a time, from threads of the source.
class LiveSink {
 public:
  virtual ~LiveSink() = default;
  virtual void on_bar(const LiveBar& bar) = 0;
  virtual void on_quote(const LiveQuote&) {}
  virtual void on_hole(const LiveHole&) {}
  /// `why` is for people; empty while all is well.
  virtual void on_state(LiveState, const std::string& /*why*/) {}
};

/// A source of bars as they happen: a provider's stream, or a rehearsal.
class LiveSource {
 public:
  virtual ~LiveSource() = default;
  /// Runs until stopped, which is a success, until it has no more, or until nothing but the user can help.
  virtual base::Result<void> run(LiveSink& sink, const std::stop_token& stop) = 0;
};

}  // namespace tradeassist::feed

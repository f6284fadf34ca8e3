#pragma once

#include <optional>

#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/time/session_text.hpp"

namespace tradeassist::backtest {

/// The bars of a timeframe where a session takes the place of the chart's own grid: a day is the session itself,
/// shorter bars are counted from its start and end with it, longer ones go from their first session to that of the
/// next. Instants and spans are in nanoseconds UTC. Not thread-safe.
class SessionBars {
 public:
  /// The chart outlives it.
  SessionBars(const Chart& chart, const Session& session, market::Timeframe timeframe, market::ZoneClock clock)
      : chart_(&chart), session_(session), timeframe_(timeframe), clock_(clock) {}

  /// The bar that holds an instant, or the one `steps` before it (after it, when negative). Nothing outside the
  /// session, but a day that is looked back at is that of the session before, and a longer bar is always there.
  std::optional<BarSpan> at(std::int64_t time, bool looks_back, double steps);

 private:
  std::optional<BarSpan> long_bar(std::int64_t time, double steps);
  std::optional<BarSpan> holding(std::int64_t time);
  std::optional<BarSpan> before(std::int64_t time);
  std::optional<BarSpan> after(std::int64_t time);
  BarSpan bar_of(const SessionSpan& session, std::int64_t time) const;
  std::int64_t opening_of(std::int64_t bar_time) const;

  const Chart* chart_;
  Session session_;
  market::Timeframe timeframe_;
  market::ZoneClock clock_;
};

}  // namespace tradeassist::backtest

#include "optimize/validation/daily_returns.hpp"

#include "market/buckets.hpp"

namespace tradeassist::optimize {

base::Result<TradingDays> TradingDays::of(const market::Series& series, backtest::BarRange bars,
                                          const market::Instrument& instrument) {
  TradingDays days;
  if (bars.end <= bars.first) return days;
  TRY_ASSIGN(const market::SessionAnchor anchor, market::session_anchor(instrument.time_zone, instrument.session));
  const std::span<const std::int64_t> times = std::span(series.time).subspan(bars.first, bars.end - bars.first);
  TRY_ASSIGN(const std::vector<std::int64_t> of_bar, market::trading_days_of(times, anchor));
  for (std::size_t i = 0; i < of_bar.size(); ++i) {
    if (i + 1 == of_bar.size() || of_bar[i + 1] != of_bar[i]) days.ends.push_back(bars.first + i);
  }
  constexpr double kDaysOfYear = 365.25;
  const auto span = static_cast<double>(of_bar.back() - of_bar.front() + 1);
  days.per_year = static_cast<double>(days.ends.size()) * kDaysOfYear / span;
  return days;
}

std::vector<double> TradingDays::returns(std::span<const double> values, std::size_t first, double start) const {
  std::vector<double> made;
  made.reserve(ends.size());
  double before = start;
  for (const std::size_t end : ends) {
    const double after = values[end - first];
    made.push_back(before > 0 ? after / before - 1 : 0);
    before = after;
  }
  return made;
}

}  // namespace tradeassist::optimize

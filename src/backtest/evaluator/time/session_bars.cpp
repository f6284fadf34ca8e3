#include "backtest/evaluator/time/session_bars.hpp"

#include <algorithm>
#include <cmath>

namespace tradeassist::backtest {
namespace {

constexpr std::int64_t kSecond = base::kNanosecondsPerSecond;
constexpr std::int64_t kDayMinutes = 24 * 60;
constexpr double kStepsMax = 5'000;
constexpr int kEmptySessionsMax = 64;  // that are passed over before the calendar alone decides

std::int64_t seconds(std::int64_t nanoseconds) { return base::floor_divide(nanoseconds, kSecond); }

}  // namespace

std::optional<BarSpan> SessionBars::at(std::int64_t time, bool looks_back, double steps) {
  steps = std::clamp(std::trunc(steps), -kStepsMax, kStepsMax);
  const bool is_day = timeframe_ == market::Timeframe{market::Timeframe::Unit::kDay, 1};
  if (!timeframe_.is_intraday() && !is_day) return long_bar(time, steps);
  auto bar = holding(time);
  if (!bar && is_day && looks_back) {
    const auto earlier = session_before(session_, seconds(time), clock_);
    if (earlier) bar = bar_of(*earlier, earlier->start * kSecond);
  }
  for (; bar && steps >= 1; --steps) bar = before(bar->start);
  for (; bar && steps <= -1; ++steps) bar = after(bar->end);
  return bar;
}

/// Dates are counted on the local calendar; the session of an evening is that of the date on which it ends.
std::optional<BarSpan> SessionBars::long_bar(std::int64_t time, double steps) {
  const auto bucket_of = [&](std::int64_t local) {
    return market::bucket_of(base::time_from_nanoseconds(local), timeframe_);
  };
  std::int64_t local = seconds(time) + clock_.offset_at(seconds(time));
  const std::int64_t minute = ((local / 60) % kDayMinutes + kDayMinutes) % kDayMinutes;
  const Session::Window& window = session_.windows[0];
  if (window.end > kDayMinutes && minute >= window.start) local += (kDayMinutes - window.start) * 60;
  auto bucket = bucket_of(local * kSecond);
  for (; bucket && steps >= 1; --steps) bucket = bucket_of(bucket->start - 1);
  for (; bucket && steps <= -1; ++steps) bucket = bucket_of(bucket->end);
  if (!bucket) return std::nullopt;
  const auto first = session_after(session_, clock_.to_utc(seconds(bucket->start)), clock_);
  const auto next = session_after(session_, clock_.to_utc(seconds(bucket->end)), clock_);
  if (!first || !next) return std::nullopt;
  return BarSpan{first->start * kSecond, next->start * kSecond};
}

BarSpan SessionBars::bar_of(const SessionSpan& session, std::int64_t time) const {
  const std::int64_t start = session.start * kSecond, end = session.end * kSecond;
  if (!timeframe_.is_intraday()) return {start, end};
  const std::int64_t length = timeframe_.nominal_seconds() * kSecond;
  const std::int64_t begin = start + (time - start) / length * length;
  return {begin, std::min(begin + length, end)};
}

std::optional<BarSpan> SessionBars::holding(std::int64_t time) {
  const auto session = session_holding(session_, seconds(time), clock_);
  return session ? std::optional(bar_of(*session, time)) : std::nullopt;
}

/// A bar that is a date opens with the session that the date names, on the exchange's clock.
std::int64_t SessionBars::opening_of(std::int64_t bar_time) const {
  return chart_->is_dated() ? chart_->opening(bar_time) : bar_time;
}

/// The last bar that starts before an instant: one that the chart has bars in, so that holidays do not count; before
/// the chart's first bar by the calendar.
std::optional<BarSpan> SessionBars::before(std::int64_t time) {
  const auto& times = chart_->series().time;
  const auto opening = [this](std::int64_t bar) { return opening_of(bar); };
  for (int passed = 0; passed < kEmptySessionsMax; ++passed) {
    const auto here = std::ranges::lower_bound(times, time, {}, opening);
    if (here == times.begin()) break;
    const std::int64_t opens = opening_of(*(here - 1));
    if (const auto bar = holding(opens)) return bar;
    const auto earlier = session_before(session_, seconds(opens), clock_);
    if (!earlier) return std::nullopt;
    time = earlier->end * kSecond;
  }
  if (const auto bar = holding(time - 1)) return bar;
  const auto earlier = session_before(session_, seconds(time), clock_);
  return earlier ? std::optional(bar_of(*earlier, earlier->end * kSecond - 1)) : std::nullopt;
}

/// The first bar that starts at an instant or later, in the same way.
std::optional<BarSpan> SessionBars::after(std::int64_t time) {
  const auto& times = chart_->series().time;
  const auto opening = [this](std::int64_t bar) { return opening_of(bar); };
  for (int passed = 0; passed < kEmptySessionsMax; ++passed) {
    const auto here = std::ranges::lower_bound(times, time, {}, opening);
    if (here == times.end()) break;
    const std::int64_t opens = opening_of(*here);
    if (const auto bar = holding(opens)) return bar;
    const auto later = session_after(session_, seconds(opens), clock_);
    if (!later) return std::nullopt;
    time = later->start * kSecond;
  }
  if (const auto bar = holding(time)) return bar;
  const auto later = session_after(session_, seconds(time), clock_);
  return later ? std::optional(bar_of(*later, later->start * kSecond)) : std::nullopt;
}

}  // namespace tradeassist::backtest

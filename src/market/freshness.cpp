#include "market/freshness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>

namespace tradeassist::market {
namespace {

constexpr std::int64_t kQuietSpacings = 10;  // as find_gaps

Freshness unknown(std::string why) { return {FreshnessState::kUnknown, std::move(why), {}, {}}; }

/// "0.25 s", "25 min", "3.5 h"
std::string duration_text(base::Nanoseconds duration) {
  const double minutes = std::chrono::duration<double, std::ratio<60>>(duration).count();
  if (minutes < 2) return fmt::format("{:.3g} s", minutes * 60);
  return minutes < 120 ? fmt::format("{:.0f} min", minutes) : fmt::format("{:.1f} h", minutes / 60);
}

bool is_midnight(base::Time time) { return base::to_nanoseconds(time) % base::kNanosecondsPerDay == 0; }

/// What the judgement is made as of: now, or the end of a contract's trading.
struct AsOf {
  base::Time now, due;  // what was over at `due` is due
  std::string ended{};  // of a contract: when
};

AsOf as_of(const FreshnessQuery& query, const OpenTime& hours) {
  const base::Time due = query.now - kFreshnessGrace;
  if (query.last_trade_date) {
    const base::Time end = hours.end_of(days_from_civil(*query.last_trade_date));
    if (end <= due) return {end, end, fmt::format("the contract traded last on {}", to_string(*query.last_trade_date))};
  }
  return {query.now, due};
}

Freshness judge_short(const FreshnessQuery& query, const OpenTime& hours, const AsOf& as_of) {
  const bool is_ticks = query.timeframe == kTickTimeframe;
  const auto length = std::chrono::seconds(query.timeframe.nominal_seconds());
  const base::Time end = *query.last_time + length;
  Freshness made;
  made.open_since_last = hours.between(end, as_of.now);
  const base::Nanoseconds due = hours.between(end, as_of.due);
  if (!is_ticks) made.bars_due = due / length;
  const base::Nanoseconds covered = hours.between(*query.first_time, end);
  const base::Nanoseconds spacing = std::max<base::Nanoseconds>(covered / query.row_count, length);
  const auto last_day = hours.calendar().trade_date_of(*query.last_time);
  const std::size_t days =
      last_day ? hours.days_over(days_from_civil(*last_day) + 1, as_of.due).size() : std::size_t{0};
  const bool is_long = due > spacing * kQuietSpacings;
  made.state = days > 0 || is_long ? FreshnessState::kStale : FreshnessState::kFresh;
  const std::string_view rows = is_ticks ? "ticks" : "bars";
  if (made.state == FreshnessState::kStale && days > 0) {
    made.reason =
        fmt::format("no {} of {} trade date{} after {}", rows, days, days == 1 ? "" : "s", to_string(*last_day));
  } else if (made.state == FreshnessState::kStale) {
    made.reason = fmt::format("the market was open for {} since the last of the {}, which come every {}",
                              duration_text(*made.open_since_last), rows, duration_text(spacing));
  } else if (made.open_since_last->count() == 0) {
    made.reason = "the market was not open since the last one";
  } else {
    made.reason = fmt::format("the market was open for {} since the last one", duration_text(*made.open_since_last));
  }
  return made;
}

/// How many buckets of `timeframe` are over with the days in `over`, given the trade date that follows these.
std::int64_t buckets_over(std::span<const std::int64_t> over, std::int64_t next_day, Timeframe timeframe) {
  if (timeframe == Timeframe{Timeframe::Unit::kDay, 1}) return static_cast<std::int64_t>(over.size());
  auto buckets = Buckets::of(timeframe, SessionAnchor{});  // days are counted alike, whatever the zone
  if (!buckets) return 0;                                  // UTC is always known
  constexpr std::int64_t kDayMax = 100'000;                // in 2243, as an instant in nanoseconds
  std::int64_t count = 0;
  for (std::size_t i = 0; i < over.size(); ++i) {
    const std::int64_t next = std::min(i + 1 < over.size() ? over[i + 1] : next_day, kDayMax);
    const std::int64_t end = buckets->holding(over[i] * base::kNanosecondsPerDay).end;
    if (next * base::kNanosecondsPerDay >= end) ++count;
  }
  return count;
}

Freshness judge_long(const FreshnessQuery& query, const OpenTime& hours, const AsOf& as_of) {
  const bool are_dates = is_midnight(*query.first_time) && is_midnight(*query.last_time);
  auto buckets = Buckets::of(query.timeframe, are_dates ? SessionAnchor{} : query.anchor);
  if (!buckets) return unknown(buckets.error().message);
  // The first day that the last bar's bucket does not hold.
  const Bucket last = buckets->holding(base::to_nanoseconds(*query.last_time));
  const std::int64_t next = buckets->trading_day(last.end);
  const auto over = hours.days_over(next, as_of.due);
  const std::int64_t after = over.empty() ? next : over.back() + 1;
  Freshness made;
  made.bars_due = buckets_over(over, hours.day_from(after), query.timeframe);
  const base::Time end = are_dates ? hours.end_before(next) : base::time_from_nanoseconds(last.end);
  made.open_since_last = hours.between(end, as_of.now);
  made.state = *made.bars_due > 0 ? FreshnessState::kStale : FreshnessState::kFresh;
  made.reason = *made.bars_due == 0   ? "no bar is due since the last one"
                : *made.bars_due == 1 ? fmt::format("1 bar of {} is due since the last one", to_string(query.timeframe))
                                      : fmt::format("{} bars of {} are due since the last one", *made.bars_due,
                                                    to_string(query.timeframe));
  return made;
}

}  // namespace

std::string_view to_string(FreshnessState state) {
  switch (state) {
    case FreshnessState::kFresh: return "fresh";
    case FreshnessState::kStale: return "stale";
    case FreshnessState::kUnknown: return "unknown";
  }
  return "";
}

Freshness freshness_of(const FreshnessQuery& query, const OpenTime& hours) {
  if (query.row_count <= 0 || !query.first_time || !query.last_time) return unknown("nothing is stored yet");
  const Calendar& calendar = hours.calendar();
  if (!calendar.covers(*query.last_time) || !calendar.covers(query.now)) {
    return unknown(fmt::format("the calendar {} knows {} to {} only", calendar.name(), to_string(calendar.first_date()),
                               to_string(calendar.last_date())));
  }
  const AsOf time = as_of(query, hours);
  const bool is_short = query.timeframe.is_intraday() || query.timeframe == kTickTimeframe;
  Freshness made = is_short ? judge_short(query, hours, time) : judge_long(query, hours, time);
  if (!time.ended.empty()) made.reason = time.ended + "; " + made.reason;
  return made;
}

}  // namespace tradeassist::market

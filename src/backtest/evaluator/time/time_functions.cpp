#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "backtest/evaluator/functions.hpp"
#include "backtest/evaluator/time/session_bars.hpp"
#include "pine/program/date_text.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::backtest {

using pine::Function;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// Components roll over: month 13 is January of the next year, day 0 the last of the month before.
double timestamp_of(double year, double month, double day, double hour, double minute, double second,
                    market::ZoneClock& clock) {
  for (const double part : {year, month, day, hour, minute, second}) {
    if (!(std::fabs(part) < 1e7)) return kNotANumber;
  }
  const double months = std::trunc(year) * 12 + std::trunc(month) - 1;
  const double whole_year = std::floor(months / 12);
  if (whole_year < -20'000 || whole_year > 20'000) return kNotANumber;
  const auto first =
      market::days_from_civil({static_cast<int>(whole_year), static_cast<unsigned>(months - whole_year * 12) + 1, 1});
  const double local = (static_cast<double>(first) + std::trunc(day) - 1) * 86'400 + std::trunc(hour) * 3600 +
                       std::trunc(minute) * 60 + std::trunc(second);
  return static_cast<double>(clock.to_utc(static_cast<std::int64_t>(local))) * 1000;
}

bool is_na(double x) { return x != x; }

/// A time zone in the session's place is no session and counts for nothing.
bool names_zone(std::string_view text) {
  return text.find('/') != std::string_view::npos || text.starts_with("GMT") || text.starts_with("UTC");
}

/// The session argument of time() and time_close(): nothing when it is absent; a fault when it is none.
std::optional<Session> session_of(const FunctionCall& call, FunctionContext& context) {
  if (is_na(call.argument(1))) return std::nullopt;
  std::string text = context.texts.text(call.argument(1));
  if (text.starts_with("session.")) text = context.chart.instrument().session;
  if (text.empty() || names_zone(text)) return std::nullopt;
  auto session = parse_session(text, pine::language_rules(context.version).sessions_skip_weekends);
  if (!session) context.fault.message = "'" + text + "' is not a session; write 0930-1600 or 0930-1600:23456";
  return session;
}

/// The opening time of the bar `bars_back` bars before this one; before the first there is none, after the last bars
/// are expected at the pace of the timeframe. Nanoseconds.
std::optional<std::int64_t> bar_time(const Chart& chart, std::size_t bar, double bars_back) {
  const double at = static_cast<double>(bar) - (is_na(bars_back) ? 0 : std::trunc(bars_back));
  const auto& times = chart.series().time;
  if (at < 0) return std::nullopt;
  if (at < static_cast<double>(times.size())) return times[static_cast<std::size_t>(at)];
  const double beyond = std::fmin(at - static_cast<double>(times.size() - 1), 500);
  return times.back() +
         static_cast<std::int64_t>(beyond) * chart.timeframe().nominal_seconds() * base::kNanosecondsPerSecond;
}

/// The bar of the timeframe `steps` such bars before (or after) the given one: where the chart has bars by these, so
/// that days without trading do not count; beyond them by the calendar.
base::Result<market::Bucket> step_back(const Chart& chart, market::Timeframe timeframe, market::Bucket bucket,
                                       double steps) {
  const auto& times = chart.series().time;
  constexpr double kStepsMax = 5'000;
  for (double left = std::fmin(std::trunc(std::fabs(steps)), kStepsMax); left >= 1; --left) {
    if (steps > 0) {
      const auto after = std::ranges::lower_bound(times, bucket.start);
      TRY_ASSIGN(bucket, chart.bucket(after == times.begin() ? bucket.start - 1 : *(after - 1), timeframe));
    } else {
      const auto next = std::ranges::lower_bound(times, bucket.end);
      TRY_ASSIGN(bucket, chart.bucket(next == times.end() ? bucket.end : *next, timeframe));
    }
  }
  return bucket;
}

double time_of(const FunctionCall& call, FunctionContext& context, bool close) {
  const auto timeframe = script_timeframe(context.texts.text(call.argument(0)), context.chart);
  const auto fail = [&](const base::Error& error) {
    context.fault.message = error.message;
    return kNotANumber;
  };
  if (!timeframe) return fail(timeframe.error());
  const auto session = session_of(call, context);
  auto clock = clock_of(call, 2, context);
  if (!context.fault.message.empty() || !clock) return kNotANumber;
  const auto time = bar_time(context.chart, context.bar, call.argument(3));
  if (!time) return kNotANumber;
  const double steps = is_na(call.argument(4)) ? 0 : call.argument(4);
  if (session) {
    // A bar that is a date opens with the session that the date names, on the exchange's clock.
    const std::int64_t opens = context.chart.is_dated() ? context.chart.opening(*time) : *time;
    if (context.chart.is_dated() && is_na(call.argument(2))) {
      if (const auto exchange = market::ZoneClock::find(context.chart.instrument().time_zone)) clock = *exchange;
    }
    const bool looks_back = !is_na(call.argument(3)) && std::trunc(call.argument(3)) != 0;
    const auto bar = SessionBars(context.chart, *session, *timeframe, *clock).at(opens, looks_back, steps);
    return bar ? static_cast<double>((close ? bar->end : bar->start) / 1'000'000) : kNotANumber;
  }
  auto bucket = context.chart.bucket(*time, *timeframe);
  if (bucket && steps != 0) bucket = step_back(context.chart, *timeframe, *bucket, steps);
  if (!bucket) return fail(bucket.error());
  // A bar of the chart's own timeframe starts where it starts, be it on the timeframe's grid or not.
  const bool own = *timeframe == context.chart.timeframe() && steps == 0 && timeframe->is_intraday();
  const std::int64_t start = own ? *time : bucket->start;
  const std::int64_t at = close ? context.chart.closing(start, bucket->end, *timeframe) : start;
  return static_cast<double>(at / 1'000'000);
}

/// timeframe.from_seconds: the shortest timeframe of Pine that is at least so long. Of two that are exactly so long it
/// is that of the larger unit, of two longer ones that of the smaller.
std::string timeframe_of_seconds(double seconds) {
  using Unit = market::Timeframe::Unit;
  static constexpr int kSeconds[] = {1, 5, 10, 15, 30, 45};
  market::Timeframe best{Unit::kMonth, 12};
  const auto consider = [&](Unit unit, int count) {
    const market::Timeframe candidate{unit, count};
    const auto length = static_cast<double>(candidate.nominal_seconds());
    const bool larger_unit = length == seconds && candidate.nominal_seconds() == best.nominal_seconds();
    if (length >= seconds && (candidate.nominal_seconds() < best.nominal_seconds() || larger_unit)) best = candidate;
  };
  for (const int count : kSeconds) consider(Unit::kSecond, count);
  static constexpr std::pair<Unit, int> kUnits[] = {
      {Unit::kMinute, 1440}, {Unit::kDay, 365}, {Unit::kWeek, 52}, {Unit::kMonth, 12}};
  for (const auto& [unit, most] : kUnits) {
    const auto one = static_cast<double>(market::Timeframe{unit, 1}.nominal_seconds());
    const double count = std::fmax(1, std::ceil(seconds / one));
    if (count <= most) consider(unit, static_cast<int>(count));
  }
  return market::to_pine(best);
}

}  // namespace

std::optional<market::ZoneClock> clock_of(const FunctionCall& call, std::uint32_t i, FunctionContext& context) {
  if (!call.has(i) || call.argument(i) != call.argument(i)) return context.chart.clock();
  const std::string& name = context.texts.text(call.argument(i));
  if (name.empty()) return context.chart.clock();
  auto clock = market::ZoneClock::find(name);
  if (clock) return *clock;
  context.fault.message = clock.error().message;
  return std::nullopt;
}

std::optional<market::ZoneClock> calendar_clock_of(const FunctionCall& call, std::uint32_t i,
                                                   FunctionContext& context) {
  const std::string& zone = context.chart.instrument().time_zone;
  auto clock = clock_of(call, i, context);  // a name that is no zone is an error on any chart
  const bool dates = context.chart.is_dated() && zone != "UTC" && zone != "Etc/UTC";
  return clock && dates ? context.chart.clock() : clock;
}

base::Result<market::Timeframe> script_timeframe(std::string_view text, const Chart& chart) {
  if (text.empty()) return chart.timeframe();
  return market::parse_pine_timeframe(text);
}

double time_function(const FunctionCall& call, FunctionContext& context) {
  switch (call.function) {
    case Function::kTimestamp: {
      auto clock = calendar_clock_of(call, 0, context);
      if (!clock) return kNotANumber;
      return timestamp_of(call.argument(1), call.argument(2), call.argument(3), call.argument(4), call.argument(5),
                          call.argument(6), *clock);
    }
    case Function::kTimestampText: {
      const std::string& text = context.texts.text(call.argument(0));
      if (call.argument(0) != call.argument(0)) return kNotANumber;
      if (const auto time = pine::parse_date_text(text)) return static_cast<double>(*time) * 1000;
      context.fault.message =
          "timestamp(): '" + text + "' is not a date; write 2020-02-20T10:00:00+00:00 or 20 Feb 2020 10:00 +0000";
      return kNotANumber;
    }
    case Function::kTime: return time_of(call, context, false);
    case Function::kTimeClose: return time_of(call, context, true);
    case Function::kTimeframeFromSeconds: {
      const double seconds = call.argument(0);
      return is_na(seconds) ? kNotANumber : context.texts.intern(timeframe_of_seconds(seconds));
    }
    case Function::kTimeframeInSeconds: {
      const auto timeframe = script_timeframe(call.has(0) ? context.texts.text(call.argument(0)) : "", context.chart);
      if (timeframe) return static_cast<double>(timeframe->nominal_seconds());
      context.fault.message = timeframe.error().message;
      return kNotANumber;
    }
    default: break;
  }
  const double time = call.argument(0);
  if (!(std::fabs(time) < 9e15)) return kNotANumber;
  auto clock = calendar_clock_of(call, 1, context);
  if (!clock) return kNotANumber;
  const CivilTime civil = civil_time(static_cast<std::int64_t>(time), *clock);
  switch (call.function) {
    case Function::kYear: return civil.year;
    case Function::kMonth: return civil.month;
    case Function::kDayOfMonth: return civil.day;
    case Function::kDayOfWeek: return civil.day_of_week;
    case Function::kWeekOfYear: return civil.week_of_year;
    case Function::kHour: return civil.hour;
    case Function::kMinute: return civil.minute;
    case Function::kSecond: return civil.second;
    default: return kNotANumber;
  }
}

}  // namespace tradeassist::backtest

#include "backtest/evaluator/chart.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "backtest/evaluator/time/session_marks.hpp"

namespace tradeassist::backtest {

using pine::BarField;

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

using base::floor_divide;

/// ISO 8601: the week that holds the year's first Thursday is its first.
unsigned iso_week(std::int64_t days) {
  const std::int64_t thursday = days - market::weekday_of(days) + 3;
  const int iso_year = market::civil_from_days(thursday).year;
  return static_cast<unsigned>((thursday - market::days_from_civil({iso_year, 1, 1})) / 7 + 1);
}

/// Nanoseconds from the start to the end of "0930-1600"; a whole day when there is no such text.
std::int64_t length_of_session(std::string_view session) {
  const auto minutes = [&](std::size_t at) {
    int value = 0;
    std::from_chars(session.data() + at, session.data() + at + 4, value);
    return value / 100 * 60 + value % 100;
  };
  if (session.size() < 9 || session[4] != '-') return base::kNanosecondsPerDay;
  const int length = (minutes(5) - minutes(0) + 24 * 60) % (24 * 60);
  return length == 0 ? base::kNanosecondsPerDay : length * 60 * base::kNanosecondsPerSecond;
}

/// True when bars start on a Saturday after noon, where currencies no longer trade in any zone: of the first Saturdays
/// of the series, which are enough to tell.
bool trades_on_saturdays(const market::Series& series, market::ZoneClock clock) {
  constexpr int kSaturdaysMax = 64;
  constexpr std::int64_t kSecond = base::kNanosecondsPerSecond, kDay = base::kNanosecondsPerDay;
  if (series.empty()) return false;
  const std::int64_t first =
      series.time.front() + clock.offset_at(floor_divide(series.time.front(), kSecond)) * kSecond;
  const std::int64_t first_day = market::day_of(first);
  std::int64_t saturday = (first_day + 5 - market::weekday_of(first_day)) * kDay;  // local
  for (int i = 0; i < kSaturdaysMax; ++i, saturday += 7 * kDay) {
    const std::int64_t noon = clock.to_utc((saturday + kDay / 2) / kSecond) * kSecond;
    const std::size_t at = series.lower_bound(base::time_from_nanoseconds(noon));
    if (at == series.size()) return false;
    if (series.time[at] < noon + kDay / 2) return true;
  }
  return false;
}

/// The same for bars that are dates.
bool has_saturdays(const market::Series& series) {
  return std::ranges::any_of(series.time,
                             [](std::int64_t date) { return market::weekday_of(market::day_of(date)) == 5; });
}

}  // namespace

CivilTime civil_time(std::int64_t utc_milliseconds, market::ZoneClock& clock) {
  const std::int64_t utc = floor_divide(utc_milliseconds, 1000);
  const std::int64_t local = utc + clock.offset_at(utc);
  const std::int64_t days = floor_divide(local, 86'400);
  const auto clock_seconds = static_cast<unsigned>(local - days * 86'400);
  const market::CivilDate date = market::civil_from_days(days);
  CivilTime made;
  made.year = date.year;
  made.month = date.month;
  made.day = date.day;
  made.hour = clock_seconds / 3600;
  made.minute = clock_seconds / 60 % 60;
  made.second = clock_seconds % 60;
  made.day_of_week = static_cast<unsigned>(((days + 4) % 7 + 7) % 7) + 1;
  made.week_of_year = iso_week(days);
  return made;
}

base::Result<Chart> Chart::make(const market::Series& series, const market::Instrument& instrument,
                                market::Timeframe timeframe) {
  TRY_ASSIGN(market::SessionAnchor anchor, market::session_anchor(instrument.time_zone, instrument.session));
  TRY_ASSIGN(market::ZoneClock clock, market::ZoneClock::find(instrument.time_zone));
  // Days and longer are often stamped with their date at midnight UTC: those are dates, not instants of a zone.
  bool dates = false;
  if (!timeframe.is_intraday()) {
    dates = std::ranges::all_of(series.time, [](std::int64_t t) { return t % base::kNanosecondsPerDay == 0; });
    if (dates) {
      anchor = {};
      TRY_ASSIGN(clock, market::ZoneClock::find("UTC"));
    }
  }
  Chart chart(series, instrument, timeframe, std::move(anchor), clock);
  chart.session_length_ = length_of_session(instrument.session);
  chart.is_dated_ = dates;
  const bool is_short = timeframe.is_intraday() || timeframe == market::Timeframe{market::Timeframe::Unit::kDay, 1};
  chart.trades_at_weekends_ = instrument.asset_class == "crypto" ||
                              (is_short && (dates ? has_saturdays(series) : trades_on_saturdays(series, clock)));
  return chart;
}

void Chart::set_main(const Chart& main) {
  main_ = &main;
  trades_at_weekends_ |= main.trades_at_weekends_ && main.instrument().symbol == instrument_->symbol;
}

/// The same clock time on the Friday before, of what does not trade at the weekend.
std::int64_t Chart::trading_time(std::int64_t time) const {
  const std::int64_t weekday = market::weekday_of(market::day_of(time));
  return !trades_at_weekends_ && weekday > 4 ? time - (weekday - 4) * base::kNanosecondsPerDay : time;
}

base::Result<market::Bucket> Chart::bucket(std::int64_t nanoseconds, market::Timeframe timeframe) const {
  return market::bucket_of(base::time_from_nanoseconds(nanoseconds), timeframe, anchor_);
}

base::Result<bool> Chart::closes(std::size_t i, market::Timeframe timeframe) {
  const std::int64_t start = series_->time[i];
  std::int64_t end = start;
  if (timeframe_.is_intraday()) {
    end += timeframe_.nominal_seconds() * base::kNanosecondsPerSecond;
  } else {
    TRY_ASSIGN(const market::Bucket own, bucket(start, timeframe_));
    end = own.end;
  }
  TRY_ASSIGN(const market::Bucket wanted, bucket(start, timeframe));
  TRY_ASSIGN(const market::Bucket day, bucket(start, {market::Timeframe::Unit::kDay, 1}));
  // Nothing trades between the session's end and the next trading day: a bar that reaches the one reaches the other.
  if (end >= day.start + session_length_) end = std::max(end, day.end);
  return end >= wanted.end;
}

/// Where the sessions of dates begin.
class Chart::Openings {
 public:
  explicit Openings(const Chart& chart) : clock_(chart.clock_) {
    const market::Instrument& instrument = chart.instrument();
    if (const auto anchor = market::session_anchor(instrument.time_zone, instrument.session)) {
      start_ = anchor->session_start.count() * 60 * base::kNanosecondsPerSecond;
      if (start_ > base::kNanosecondsPerDay / 2) start_ -= base::kNanosecondsPerDay;  // of the day before
    }
    if (const auto found = market::ZoneClock::find(instrument.time_zone)) clock_ = *found;
  }
  std::int64_t opening(std::int64_t date) {
    return clock_.to_utc((date + start_) / base::kNanosecondsPerSecond) * base::kNanosecondsPerSecond;
  }

 private:
  market::ZoneClock clock_;
  std::int64_t start_ = 0;  // from the date's midnight on
};

std::int64_t Chart::opening(std::int64_t date) const { return Openings(*this).opening(date); }

std::int64_t Chart::session_end(std::int64_t start, std::int64_t end) const {
  constexpr market::Timeframe kDay{market::Timeframe::Unit::kDay, 1};
  auto day = bucket(end - 1, kDay);
  // The middle of a session has the date of its trading day, also of one that starts the evening before.
  if (day) day = bucket(std::max(start, trading_time(day->start + session_length_ / 2)), kDay);
  return day ? day->start + session_length_ : end;
}

std::int64_t Chart::closing(std::int64_t start, std::int64_t end, market::Timeframe timeframe) const {
  if (!timeframe.is_intraday()) return is_dated_ ? end : std::min(end, session_end(start, end));
  end = std::max(start, std::min(end, start + timeframe.nominal_seconds() * base::kNanosecondsPerSecond));
  if (is_dated_) return end;
  const auto day = bucket(start, {market::Timeframe::Unit::kDay, 1});
  const std::int64_t ends = day ? day->start + session_length_ : start;
  return ends > start ? std::min(end, ends) : end;  // what trades after the session is not cut by it
}

std::vector<BarSpan> Chart::spans(bool dates) const {
  constexpr market::Timeframe kDay{market::Timeframe::Unit::kDay, 1};
  constexpr std::int64_t kDayLength = base::kNanosecondsPerDay;
  const std::int64_t length = timeframe_.nominal_seconds() * base::kNanosecondsPerSecond;
  Openings exchange(*this);
  std::vector<BarSpan> spans(size());
  for (std::size_t i = 0; i < size(); ++i) {
    const std::int64_t start = series_->time[i];
    const auto own = bucket(start, timeframe_);
    std::int64_t end = own ? own->end : start + length;
    if (is_dated_) {
      const std::int64_t last = std::max(start, trading_time(end - kDayLength));
      spans[i] = dates ? BarSpan{start, last + kDayLength}
                       : BarSpan{exchange.opening(start), exchange.opening(last) + session_length_};
      continue;
    }
    std::int64_t closes = end;
    if (timeframe_.is_intraday()) {
      end = std::min(end, start + length);
      if (const auto day = bucket(end - 1, kDay)) closes = day->start + session_length_;
    } else {
      closes = session_end(start, end);
    }
    end = std::max(start + 1, std::min(end, closes));
    spans[i] = {start, end};
  }
  return spans;
}

const double* Chart::column(BarField field) {
  switch (field) {
    case BarField::kOpen: return series_->open.data();
    case BarField::kHigh: return series_->high.data();
    case BarField::kLow: return series_->low.data();
    case BarField::kClose: return series_->close.data();
    case BarField::kVolume: return series_->volume.data();
    default: break;
  }
  const auto index = static_cast<std::size_t>(field);
  if (derived_.size() <= index) derived_.resize(index + 1);
  if (derived_[index].size() != size()) derived_[index] = derive(field);
  return derived_[index].data();
}

std::vector<double> Chart::derive(BarField field) {
  const std::size_t n = size();
  const market::Series& s = *series_;
  std::vector<double> out(n);
  const auto fill = [&](auto value_of) {
    for (std::size_t i = 0; i < n; ++i) out[i] = value_of(i);
  };
  const auto calendar = [&](auto part_of) {
    market::ZoneClock clock = clock_;
    fill([&](std::size_t i) { return static_cast<double>(part_of(civil_time(s.time[i] / kMillisecond, clock))); });
  };
  const auto milliseconds = [](std::int64_t ns) { return static_cast<double>(floor_divide(ns, kMillisecond)); };
  switch (field) {
    case BarField::kHl2: fill([&](std::size_t i) { return (s.high[i] + s.low[i]) / 2; }); break;
    case BarField::kHlc3: fill([&](std::size_t i) { return (s.high[i] + s.low[i] + s.close[i]) / 3; }); break;
    case BarField::kOhlc4:
      fill([&](std::size_t i) { return (s.open[i] + s.high[i] + s.low[i] + s.close[i]) / 4; });
      break;
    case BarField::kHlcc4:
      fill([&](std::size_t i) { return (s.high[i] + s.low[i] + s.close[i] + s.close[i]) / 4; });
      break;
    case BarField::kTime: fill([&](std::size_t i) { return milliseconds(s.time[i]); }); break;
    case BarField::kTimeClose:
      fill([&](std::size_t i) {
        const auto held = bucket(s.time[i], timeframe_);
        return milliseconds(closing(s.time[i], held ? held->end : s.time[i], timeframe_));
      });
      break;
    case BarField::kTradingDay:
      fill([&](std::size_t i) {
        const auto day = bucket(s.time[i], {market::Timeframe::Unit::kDay, 1});
        // Named by the date on which its session ends: a little before the end is inside it.
        market::ZoneClock clock = clock_;
        const std::int64_t inside = (day ? day->end : s.time[i]) / kMillisecond - 1;
        const CivilTime civil = civil_time(inside, clock);
        return static_cast<double>(market::days_from_civil({civil.year, civil.month, civil.day}) * 86'400'000);
      });
      break;
    case BarField::kBarIndex: fill([&](std::size_t i) { return static_cast<double>(i); }); break;
    case BarField::kLastBarIndex: fill([&](std::size_t) { return static_cast<double>(n - 1); }); break;
    case BarField::kLastBarTime: fill([&](std::size_t) { return milliseconds(s.time[n - 1]); }); break;
    case BarField::kYear: calendar([](const CivilTime& t) { return t.year; }); break;
    case BarField::kMonth: calendar([](const CivilTime& t) { return t.month; }); break;
    case BarField::kDayOfMonth: calendar([](const CivilTime& t) { return t.day; }); break;
    case BarField::kDayOfWeek: calendar([](const CivilTime& t) { return t.day_of_week; }); break;
    case BarField::kWeekOfYear: calendar([](const CivilTime& t) { return t.week_of_year; }); break;
    case BarField::kHour: calendar([](const CivilTime& t) { return t.hour; }); break;
    case BarField::kMinute: calendar([](const CivilTime& t) { return t.minute; }); break;
    case BarField::kSecond: calendar([](const CivilTime& t) { return t.second; }); break;
    case BarField::kIsFirst: fill([&](std::size_t i) { return i == 0 ? 1.0 : 0.0; }); break;
    case BarField::kIsLast: fill([&](std::size_t i) { return i + 1 == n ? 1.0 : 0.0; }); break;
    case BarField::kIsMarket:
    case BarField::kIsPremarket:
    case BarField::kIsPostmarket:
    case BarField::kIsFirstBar:
    case BarField::kIsLastBar:
    case BarField::kIsFirstBarRegular:
    case BarField::kIsLastBarRegular: return session_marks(*this, field);
    default: break;
  }
  return out;
}

}  // namespace tradeassist::backtest

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/instrument.hpp"
#include "market/resample.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"
#include "market/zone_clock.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::backtest {

/// A date and clock time, in some zone.
struct CivilTime {
  int year = 1970;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
  unsigned day_of_week = 5;   // 1 = Sunday
  unsigned week_of_year = 1;  // ISO 8601
};
CivilTime civil_time(std::int64_t utc_milliseconds, market::ZoneClock& clock);

/// When a bar opens and closes, in nanoseconds UTC.
struct BarSpan {
  std::int64_t start = 0, end = 0;
};

/// The chart a script runs on: bars, instrument and timeframe, and the columns derived from them, made when first asked
/// for. Owned by one run; not thread-safe.
class Chart {
 public:
  /// Both outlive the chart.
  static base::Result<Chart> make(const market::Series& series, const market::Instrument& instrument,
                                  market::Timeframe timeframe);
  static base::Result<Chart> make(const market::Series&, market::Instrument&&, market::Timeframe) = delete;

  const market::Series& series() const { return *series_; }
  const market::Instrument& instrument() const { return *instrument_; }
  market::Timeframe timeframe() const { return timeframe_; }
  const market::SessionAnchor& anchor() const { return anchor_; }
  std::int64_t session_length() const { return session_length_; }  // nanoseconds

  /// The chart that the script runs on: this one, or of a request's context the one that asks.
  const Chart& main() const { return main_ == nullptr ? *this : *main_; }
  void set_main(const Chart& main);
  std::size_t size() const { return series_->size(); }

  /// size() values of a field, one a bar.
  const double* column(pine::BarField field);

  /// Bucket of another timeframe that holds bar `i` (by its last instant for days and longer, as Pine has it).
  base::Result<market::Bucket> bucket(std::int64_t nanoseconds, market::Timeframe timeframe) const;

  /// True when bar `i` reaches the end of the bar of `timeframe` it lies in: by the clock, or by the session's last
  /// bar.
  base::Result<bool> closes(std::size_t i, market::Timeframe timeframe);

  /// True when the bars are days or longer and their times are dates at midnight UTC.
  bool is_dated() const { return is_dated_; }

  /// When the session opens that a date (nanoseconds, its midnight) of a dated chart names; nanoseconds UTC.
  std::int64_t opening(std::int64_t date) const;

  /// When a bar of `timeframe` closes that starts at `start` and whose bucket ends at `end`: at the latest with the
  /// session, of a day or longer that of its last trading day. Dates close at the next date's midnight.
  std::int64_t closing(std::int64_t start, std::int64_t end, market::Timeframe timeframe) const;

  /// size() spans. A bar ends with its session, a day or longer with the session of its last trading day (no Saturday
  /// and Sunday but of what trades on them). Of dated bars the session that the date names, or with `dates` the dates
  /// themselves.
  std::vector<BarSpan> spans(bool dates) const;

  market::ZoneClock clock() const { return clock_; }  // of the exchange

 private:
  class Openings;

  Chart(const market::Series& series, const market::Instrument& instrument, market::Timeframe timeframe,
        market::SessionAnchor anchor, market::ZoneClock clock)
      : series_(&series), instrument_(&instrument), timeframe_(timeframe), anchor_(std::move(anchor)), clock_(clock) {}
  std::vector<double> derive(pine::BarField field);
  std::int64_t trading_time(std::int64_t time) const;
  /// The end of the last trading day's session of a day, week or month.
  std::int64_t session_end(std::int64_t start, std::int64_t end) const;

  const market::Series* series_;
  const market::Instrument* instrument_;
  market::Timeframe timeframe_;
  market::SessionAnchor anchor_;
  market::ZoneClock clock_;
  std::int64_t session_length_ = 0;  // nanoseconds
  bool is_dated_ = false;
  bool trades_at_weekends_ = false;  // crypto, or what has bars on Saturdays
  const Chart* main_ = nullptr;
  std::vector<std::vector<double>> derived_;  // by BarField
};

}  // namespace tradeassist::backtest

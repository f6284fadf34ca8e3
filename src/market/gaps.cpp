#include "market/gaps.hpp"

#include <algorithm>

namespace tradeassist::market {
namespace {

constexpr std::int64_t kQuietSpacings = 10;  // e^-10: one hole in 22,000 is longer

class GapFinder {
 public:
  GapFinder(const Series& series, const Calendar& calendar, const GapQuery& query)
      : series_(series), calendar_(calendar), query_(query) {}

  base::Result<GapReport> run() {
    if (const auto bad = std::ranges::adjacent_find(series_.time, std::greater_equal<>()); bad != series_.time.end()) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "the bars do not ascend: after " + base::format_time(base::time_from_nanoseconds(*bad)) +
                               " comes " + base::format_time(base::time_from_nanoseconds(*(bad + 1))));
    }
    if (query_.from && query_.to && *query_.from >= *query_.to) {
      return base::failure(base::ErrorCode::kInvalidArgument, "the range is empty: `from` is not before `to`");
    }
    if (series_.empty() && (!query_.from || !query_.to)) return std::move(report_);
    TRY(set_range());
    if (query_.timeframe.is_intraday()) look_at_hours();
    TRY(query_.timeframe.is_intraday() ? find_inside_sessions() : find_days());
    return std::move(report_);
  }

 private:
  base::Result<Bucket> bucket(std::int64_t time) const {
    return bucket_of(base::time_from_nanoseconds(time), query_.timeframe, query_.anchor);
  }

  base::Result<void> set_range() {
    TRY_ASSIGN(clock_, ZoneClock::find(query_.anchor.time_zone));
    first_ = query_.from ? series_.lower_bound(*query_.from) : 0;
    end_ = query_.to ? series_.lower_bound(*query_.to) : series_.size();
    if (query_.from) {
      // A bar that begins before `from` is not part of the answer, so neither is what is left of its bucket.
      begin_time_ = base::to_nanoseconds(*query_.from);
      TRY_ASSIGN(const Bucket first, bucket(begin_time_));
      if (first.start < begin_time_) begin_time_ = first.end;
    } else {
      begin_time_ = series_.time.front();
    }
    if (query_.to) {
      end_time_ = base::to_nanoseconds(*query_.to);
    } else {
      TRY_ASSIGN(const Bucket last, bucket(series_.time.back()));
      end_time_ = last.end;
    }
    report_.bars_present = static_cast<std::int64_t>(end_ - first_);
    return {};
  }

  /// Which hours the bars are of, and how many of them the calendar has no hours for.
  void look_at_hours() {
    const SessionColumns& sessions = calendar_.sessions();
    SessionCursor cursor(sessions);
    bool has_extended = first_ == end_;
    for (std::size_t i = first_; i < end_; ++i) {
      const std::size_t at = cursor.seek(series_.time[i]);
      if (!cursor.is_open()) {
        ++report_.bars_outside;
      } else {
        has_extended |= sessions.kind[at] == SessionKind::kExtended;
      }
    }
    report_.hours = has_extended ? Hours::kAll : Hours::kRegular;
  }

  void add(Gap gap) {
    switch (gap.kind) {
      case GapKind::kClosed: ++report_.closed_count; break;
      case GapKind::kNoTrade:
        ++report_.no_trade_count;
        report_.bars_without_trade += gap.bars;
        break;
      case GapKind::kMissing:
        ++report_.missing_count;
        report_.bars_missing += gap.bars;
        break;
      case GapKind::kUnknown: ++report_.unknown_count; break;
    }
    if (gap.kind == GapKind::kClosed && !query_.lists_closed) return;
    if (report_.gaps.size() >= query_.listed_max) {
      report_.is_cut = true;
    } else {
      report_.gaps.push_back(std::move(gap));
    }
  }
  void add(std::int64_t from, std::int64_t to, GapKind kind, std::int64_t bars = 0, std::string reason = {}) {
    add({base::time_from_nanoseconds(from), base::time_from_nanoseconds(to), kind, bars, std::move(reason)});
  }

  /// Why nothing trades between two instants: the first day between them that is named, else a weekend, else a pause.
  std::string reason_of_closure(std::int64_t from, std::int64_t to) const {
    bool weekend = false;
    for (std::int64_t day = day_of(from); day <= day_of(to - 1); ++day) {
      const CivilDate date = civil_from_days(day);
      if (calendar_.is_trading_day(date)) continue;
      const std::string reason = calendar_.day_status(date).reason;
      weekend |= reason == "Saturday" || reason == "Sunday";
      if (!reason.empty() && reason != "Saturday" && reason != "Sunday") return reason;
    }
    return weekend ? "weekend" : "between sessions";
  }

  // Intraday ----------------------------------------------------------------------------------------------------------

  base::Result<void> find_inside_sessions() {
    std::int64_t covered = begin_time_;
    const std::int64_t length = query_.timeframe.nominal_seconds() * base::kNanosecondsPerSecond;
    for (std::size_t i = first_; i < end_; ++i) {
      const std::int64_t time = series_.time[i];
      if (time > covered) TRY(explain(covered, time));
      const bool joins = i + 1 < end_ && series_.time[i + 1] == time + length;
      if (joins) {
        covered = std::max(covered, time + length);
      } else {
        TRY_ASSIGN(const Bucket own, bucket(time));
        covered = std::max(covered, own.end);
      }
    }
    if (covered < end_time_) TRY(explain(covered, end_time_));
    return {};
  }

  /// A stretch without bars: piece by piece, as sessions come and go.
  base::Result<void> explain(std::int64_t from, std::int64_t to) {
    const std::int64_t known_from = calendar_begin(), known_to = calendar_end();
    if (from < known_from) {
      add(from, std::min(to, known_from), GapKind::kUnknown);
      from = std::min(to, known_from);
    }
    const std::int64_t known_end = std::min(to, known_to);
    const SessionColumns& sessions = calendar_.sessions(report_.hours);
    std::int64_t at = from;
    for (std::size_t i = sessions.seek(from); at < known_end; ++i) {
      const std::int64_t open = i < sessions.size() ? std::clamp(sessions.open[i], at, known_end) : known_end;
      if (at < open) {
        add(at, open, GapKind::kClosed, 0, query_.lists_closed ? reason_of_closure(at, open) : std::string());
      }
      if (i >= sessions.size() || open >= known_end) break;
      const std::int64_t close = std::min(sessions.close[i], known_end);
      TRY(add_open(open, close, i));
      at = close;
    }
    if (known_to < to) add(std::max(from, known_to), to, GapKind::kUnknown);
    return {};
  }

  base::Result<void> add_open(std::int64_t from, std::int64_t to, std::size_t session) {
    TRY_ASSIGN(const std::int64_t bars, buckets_between(from, to));
    if (bars == 0) return {};
    const SessionColumns& sessions = calendar_.sessions(report_.hours);
    const auto begin = std::ranges::lower_bound(series_.time, sessions.open[session]);
    const auto end = std::ranges::lower_bound(series_.time, sessions.close[session]);
    const std::int64_t there = end - begin;
    TRY_ASSIGN(const std::int64_t whole, buckets_between(sessions.open[session], sessions.close[session]));
    const bool is_quiet = there > 0 && bars * there <= kQuietSpacings * whole;
    add(from, to, is_quiet ? GapKind::kNoTrade : GapKind::kMissing, bars);
    return {};
  }

  /// Buckets that begin in [from, to), and the one that `from` lies inside of.
  base::Result<std::int64_t> buckets_between(std::int64_t from, std::int64_t to) const {
    const std::int64_t length = query_.timeframe.nominal_seconds() * base::kNanosecondsPerSecond;
    TRY_ASSIGN(const Bucket first, bucket(from));
    return std::max<std::int64_t>(0, (to - first.start + length - 1) / length);
  }

  std::int64_t calendar_begin() const { return days_from_civil(calendar_.first_date()) * base::kNanosecondsPerDay; }
  std::int64_t calendar_end() const { return (days_from_civil(calendar_.last_date()) + 1) * base::kNanosecondsPerDay; }

  // Days, weeks, months -----------------------------------------------------------------------------------------------

  /// Walks over the buckets: one without a bar is missing when a trade date lies in it.
  base::Result<void> find_days() {
    TRY_ASSIGN(const Bucket first, bucket(begin_time_));
    std::size_t i = first_;
    std::optional<Gap> open_gap;
    const auto close_gap = [&] {
      if (open_gap) add(*std::exchange(open_gap, std::nullopt));
    };
    for (Bucket at = first; at.start < end_time_;) {
      while (i < end_ && series_.time[i] < at.start) ++i;
      const bool present = i < end_ && series_.time[i] < at.end;
      const Gap gap = explain_days(at);
      if (present) {
        report_.bars_outside += gap.kind == GapKind::kClosed ? 1 : 0;
        close_gap();
      } else {
        const bool joins = open_gap && open_gap->kind == gap.kind && open_gap->reason == gap.reason;
        if (joins) {
          open_gap->to = gap.to;
          open_gap->bars += gap.bars;
        } else {
          close_gap();
          open_gap = gap;
        }
      }
      TRY_ASSIGN(at, bucket(at.end));
    }
    close_gap();
    return {};
  }

  /// The trade date that begins where a bucket does: of a session that opens in the evening the date after.
  std::int64_t trade_day(std::int64_t boundary) {
    const std::int64_t offset = clock_.offset_at(base::floor_divide(boundary, base::kNanosecondsPerSecond));
    const bool evening = query_.anchor.session_start > std::chrono::hours(12);
    return day_of(boundary + offset * base::kNanosecondsPerSecond) + (evening ? 1 : 0);
  }

  Gap explain_days(const Bucket& at) {
    Gap gap{base::time_from_nanoseconds(at.start), base::time_from_nanoseconds(at.end)};
    bool known = false, trades = false, weekend = true;
    for (std::int64_t day = trade_day(at.start); day < trade_day(at.end); ++day) {
      const CivilDate date = civil_from_days(day);
      known |= calendar_.covers(date);
      trades |= calendar_.is_trading_day(date);
      const std::string reason = calendar_.day_status(date).reason;
      const bool is_weekend = reason == "Saturday" || reason == "Sunday";
      weekend &= is_weekend;
      if (!is_weekend && gap.reason.empty()) gap.reason = reason;
    }
    if (!known) {
      gap.kind = GapKind::kUnknown;
      gap.reason.clear();
    } else if (trades) {
      gap.kind = GapKind::kMissing;
      gap.bars = 1;
      gap.reason.clear();
    } else {
      gap.kind = GapKind::kClosed;
      if (weekend) gap.reason = "weekend";
    }
    return gap;
  }

  const Series& series_;
  const Calendar& calendar_;
  const GapQuery& query_;
  GapReport report_;
  ZoneClock clock_;
  std::size_t first_ = 0, end_ = 0;             // bars of the range
  std::int64_t begin_time_ = 0, end_time_ = 0;  // the range
};

}  // namespace

std::string_view to_string(GapKind kind) {
  switch (kind) {
    case GapKind::kClosed: return "closed";
    case GapKind::kNoTrade: return "no_trade";
    case GapKind::kMissing: return "missing";
    case GapKind::kUnknown: return "unknown";
  }
  return "";
}

base::Result<GapReport> find_gaps(const Series& series, const Calendar& calendar, const GapQuery& query) {
  return GapFinder(series, calendar, query).run();
}

}  // namespace tradeassist::market
